"""The worker's beat at the desk: who is rung, whose patience is over, who has written long enough.

One worker at a time, by a lock of the database; as many statements for a thousand callers as for
one.
"""

from __future__ import annotations

from datetime import datetime


def distribute(at: datetime) -> int:
    """Does all that is due at the desk at `at`; gives how many rings it began. Enters a system
    scope."""
    raise NotImplementedError


def next_due(at: datetime) -> datetime | None:
    """When the clock has the next thing to do at the desk; None where nothing is. One statement."""
    raise NotImplementedError
