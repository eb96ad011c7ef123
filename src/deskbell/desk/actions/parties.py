"""What is reported of those in a call's room: who answered, who left, and whose phone is lost.

All need the account's scope, bear being told twice, and ask nobody by network: what has to be done
at the gateway is queued, in the transaction of what is written.
"""

from __future__ import annotations

from datetime import datetime

from ..models import DeskCall


def party_answered(*, party_id: int, at: datetime) -> bool:
    """Whoever was called answered, and took the call where that was asked. False where nobody
    wants them any more: then they are told so, and do not join the room."""
    raise NotImplementedError


def party_ended(*, party_id: int, status: str, sip_code: str, at: datetime) -> None:
    """The call to somebody is over, with RCML's word for how, before or after they had joined."""
    raise NotImplementedError


def caller_left(*, desk_call: DeskCall, at: datetime) -> None:
    """The caller's leg is over: ends all others' in the room. `actions.queue.caller_gone` asks it;
    where the call stands in the queue and at its receptionist is written there."""
    raise NotImplementedError


def receptionist_gone(*, desk_call: DeskCall, was_hung_up: bool, at: datetime) -> DeskCall:
    """The leg of the receptionist who had the call is over: hung up, or lost.

    By `rules.hands`: a caller without anybody else is let go where they hung up, and is put back
    into the queue where the leg was lost; with somebody else there the call goes on without the
    receptionist. Gives the call as it stands then. `actions.answering.leg_ended` asks it.
    """
    raise NotImplementedError
