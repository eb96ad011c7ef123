"""Carries out what `rules.hands` decides: in the rows first, then at who carries the call.

Two presses, or a press and a report, come to the same call at once: the call's row is locked while
its next place is decided and written, so one comes after the other and sees what it did.
"""

from __future__ import annotations

from datetime import datetime

from ..models import DeskCall
from ..rules.hands import Event


def press(*, desk_call: DeskCall, event: Event, at: datetime) -> DeskCall:
    """Does what a receptionist pressed; gives the call as it is then.

    Raises Conflict, Unreachable.
    """
    raise NotImplementedError
