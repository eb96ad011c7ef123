"""A call as it stood at one moment, for who asks about it; also when it is long over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from .events import Direction, Status

if TYPE_CHECKING:
    from .call import Call


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is known of a call. Times are aware; `ended` is None while it runs."""

    sid: str
    account: str
    parent_sid: str
    direction: Direction
    status: Status
    caller: str
    called: str
    caller_name: str
    forwarded_from: str
    answered_by: str
    began: datetime
    ended: datetime | None
    seconds: float

    @classmethod
    def of(cls, call: Call) -> Snapshot:
        """The call now."""
        who = call.particulars
        return cls(
            sid=call.sid,
            account=call.account,
            parent_sid=call.parent.sid if call.parent is not None else "",
            direction=call.direction,
            status=call.status,
            caller=who.caller,
            called=who.called,
            caller_name=who.caller_name,
            forwarded_from=who.forwarded_from,
            answered_by=call.answered_by,
            began=call.began,
            ended=call.ended_on,
            seconds=call.seconds,
        )
