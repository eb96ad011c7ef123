"""What accounts tell the rooms above. See ARCHITECTURE.md for who listens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from deskbell.platform.hooks import Hook


@dataclass(frozen=True, slots=True)
class NumberEvent:
    """A phone number is another one now: extension or not, with another extension number or name.

    With `is_leaving` it is about to be removed, and its row is still there.
    """

    account_id: int
    number_id: int
    is_extension: bool
    at: datetime
    is_leaving: bool = False


number_changed: Hook[NumberEvent] = Hook("accounts.number_changed")
