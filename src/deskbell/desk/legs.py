"""Words to who carries a call that could not be said at once: legs that end, a hold that follows
the rows, people who are called.

A gateway that does not answer is asked again, for half an hour; each word bears being said twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from deskbell.foundation.clock import now
from deskbell.foundation.errors import Conflict, NotFound, Refused, Unreachable
from deskbell.platform import jobs
from deskbell.platform.tenancy import account_scope
from deskbell.voice.client import Calls

from .addresses import base_of, calls_of, hold_url
from .models import DeskCall, DeskCallState

_WAITS: Final = (1, 2, 5, 15, 60, 300, 1500)  # seconds before another try
_IN_ROOM: Final = (DeskCallState.IN_HAND, DeskCallState.PASSED_ON)


def end(carried: Calls, sid: str) -> None:
    """Ends a leg; one that is over, or unknown there, is as good. Raises Unreachable."""
    if not sid:
        return
    try:
        carried.end(sid)
    except (NotFound, Conflict, Refused):
        return


def settle_later(
    desk_call: DeskCall, legs: Sequence[str], *, tries: int = 0, after: timedelta | None = None
) -> None:
    """Has a job end `legs`, and have the caller held or not as the row says."""
    jobs.enqueue(
        settle,
        after=after,
        account_id=desk_call.account_id,
        desk_call_id=desk_call.pk,
        legs=[sid for sid in legs if sid],
        tries=tries,
    )


@jobs.job("desk.settle")
def settle(*, account_id: int, desk_call_id: int, legs: list[str], tries: int = 0) -> None:
    """Has the gateway follow what the rows of a call say."""
    with account_scope(account_id):
        call = DeskCall.objects.filter(pk=desk_call_id).first()
        if call is None:
            return
        try:
            carried = calls_of(call)
            while legs:
                end(carried, legs[0])
                legs = legs[1:]
            _hold(call, carried)
        except Unreachable:
            if tries < len(_WAITS):
                wait = timedelta(seconds=_WAITS[tries])
                settle_later(call, legs, tries=tries + 1, after=wait)


def _hold(call: DeskCall, carried: Calls) -> None:
    """Holds the caller, or ends that, where the room says otherwise than the row."""
    if call.state not in _IN_ROOM or not call.call_sid:
        return
    try:
        found = {each.call_sid: each for each in carried.participants(call.room)}
        there = found.get(call.call_sid)
        if there is not None and there.is_held != call.is_held:
            url = hold_url(call.account_id, base_of(call.way)) if call.is_held else ""
            carried.change(call.room, call.call_sid, is_held=call.is_held, hold_url=url)
    except (NotFound, Conflict, Refused):
        return


@jobs.job("desk.call_party")
def call_party(*, account_id: int, party_id: int) -> None:
    """Places the call to somebody who is to come into a call; see `actions.calling.place`."""
    from .actions import calling  # which queues this very job

    with account_scope(account_id):
        calling.place(party_id=party_id, at=now())


@jobs.job("desk.party_overdue")
def party_overdue(*, account_id: int, party_id: int) -> None:
    """Gives up who was called and of whom no word came; see `actions.calling.give_up`."""
    from .actions import calling  # which queues this very job

    with account_scope(account_id):
        calling.give_up(party_id=party_id, at=now())
