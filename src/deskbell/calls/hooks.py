"""What calls tell the rooms above. See ARCHITECTURE.md for who listens."""

from __future__ import annotations

from dataclasses import dataclass

from deskbell.platform.hooks import Hook


@dataclass(frozen=True, slots=True)
class CallEvent:
    """Something happened to a call of an account; `who` hung up: caller, agent, system, callee."""

    account_id: int
    call_id: int
    sid: str
    who: str


# A call that went further than the attendant is over; fired by `actions.end` and `close_orphans`,
# before the record is written and with no lock on it, so that handlers lock what is theirs first.
# It may be fired twice for one call.
call_ended: Hook[CallEvent] = Hook("calls.call_ended")
