"""A call comes into a receptionist's hands, and leaves them."""

from __future__ import annotations

from datetime import datetime

from ..models import DeskCall


def take_offer(*, offer_id: int, at: datetime) -> DeskCall | None:
    """A receptionist's leg answered (and pressed 1 where that is asked): the call is theirs.

    One wins: all other rings end. Asked again by the one who has it, gives the call again. None
    where somebody else has it or the caller is gone. Of a call of their own (OUTGOING) it is in
    hand, and whoever serves the answer calls the other side.
    """
    raise NotImplementedError


def leg_ended(*, offer_id: int, was_hung_up: bool, at: datetime) -> None:
    """The leg of who has a call ended: hung up, the call is over, unless it was passed on before;
    lost, the caller waits again with an apology. Somebody who is called in and talks keeps the
    caller: then it counts as passed on (`passing.complete`)."""
    raise NotImplementedError


def let_go(*, desk_call: DeskCall, at: datetime) -> DeskCall:
    """A call in hand goes on without its receptionist, who writes it down. Writes no stage.

    Raises Conflict where it is in nobody's hands.
    """
    raise NotImplementedError


def wrapped_up(*, desk_call: DeskCall, at: datetime) -> None:
    """What was to be written down of a call is: its receptionist is free. Raises Conflict while
    it goes on in their hands."""
    raise NotImplementedError
