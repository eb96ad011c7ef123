"""What a receptionist does with the caller in hand, without anybody else: hold, and hang up.

All need the account's scope, ask who carries the call and come back once it is done. They raise
Conflict, in words, where the call does not stand so, and Unreachable where the gateway did not
answer; pressed twice, the second time nothing changes.
"""

from __future__ import annotations

from datetime import datetime

from ..models import DeskCall
from ..rules.hands import Event
from . import moving


def hold(*, desk_call: DeskCall, at: datetime) -> DeskCall:
    """Has the caller hear music, until `unhold`."""
    return moving.press(desk_call=desk_call, event=Event.HOLD, at=at)


def unhold(*, desk_call: DeskCall, at: datetime) -> DeskCall:
    """Has the caller hear and be heard again, with whoever else is there."""
    return moving.press(desk_call=desk_call, event=Event.UNHOLD, at=at)


def hang_up(*, desk_call: DeskCall, at: datetime) -> DeskCall:
    """Ends the call for everybody in it; the record says that the agent hung up."""
    return moving.press(desk_call=desk_call, event=Event.HANG_UP, at=at)
