"""What calls tell the rooms above. See ARCHITECTURE.md for who listens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from deskbell.platform.hooks import Hook


@dataclass(frozen=True, slots=True)
class CallEvent:
    """A call of an account ended, when, and by whom: caller, callee, agent or system."""

    account_id: int
    call_id: int
    sid: str
    who: str
    at: datetime


# A call that went further than the attendant is over; fired by `actions.end` and `close_orphans`,
# before the record is written and with no lock on it, so that handlers lock what is theirs first.
# It may be fired twice for one call.
call_ended: Hook[CallEvent] = Hook("calls.call_ended")
