"""Carries out what `rules.hands` decides: in the rows first, then at who carries the call.

Two presses, or a press and a report, come to the same call at once: the call's row is locked while
its next place is decided and written, so one comes after the other and sees what it did. What is
written and could not be asked for (no answer came) is queued: `legs.settle` has the gateway follow
the rows. Locks are taken in the order of `availability`: calls, then receptionists, then records.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from deskbell.calls import actions as calls
from deskbell.calls.models import Stage
from deskbell.foundation.errors import Conflict, DeskbellError, NotFound, Unreachable
from deskbell.foundation.http import NoAnswer
from deskbell.voice.client import Calls

from .. import legs
from ..addresses import base_of, calls_of, hold_url
from ..models import DeskCall, DeskCallState, OfferState, Party, PartyState
from ..rules.hands import Event, Hand, How, Move, Order
from . import calling
from .answering import let_go
from .availability import show
from .offers import refuse
from .queue import call_over, caller_gone, come_back
from .rooms import Room, decided, end_party, enter, enter_stage

GONE: Final = "The caller is not there any more"
_ASKED_WITHIN: Final = timedelta(seconds=5)
_NOT_SAID: Final = "The gateway has not said whether it did that; it is asked again until it has"


def write(room: Room, move: Move, at: datetime, *, with_apology: bool = False) -> None:
    """Writes where the call stands next; the legs that are to go are in `room.others` then.

    Ends no caller: where the call is over, whoever asks sees to that.
    """
    call = room.call
    before = call.is_held
    if Order.HOLD in move.orders or Order.UNHOLD in move.orders:
        call.is_held = Order.HOLD in move.orders
    if call.is_held != before:
        call.save(update_fields=["is_held"])
    if Order.DROP_PARTY in move.orders and room.party is not None:
        end_party(room.party, PartyState.GONE, at)
        room.others.append(room.party.leg_sid)
    if Order.DROP_RECEPTIONIST in move.orders:
        room.others.append(room.leg_of_receptionist())
    if Order.DROP_CALLER in move.orders:
        room.others.append(call.call_sid)
    _place(room, move, at, with_apology=with_apology)
    if call.receptionist_id is not None:
        show([call.receptionist_id])
    if move.stage is not None:
        enter_stage(call, Stage(move.stage), at)


def _place(room: Room, move: Move, at: datetime, *, with_apology: bool) -> None:
    is_in_hand = room.call.state == DeskCallState.IN_HAND
    if move.to in {Hand.PASSING, Hand.PASSED} and is_in_hand:
        room.call = let_go(desk_call=room.call, at=at)
    elif Order.QUEUE in move.orders:
        is_back = room.hand is Hand.PASSING
        room.call = come_back(
            desk_call=room.call, at=at, at_head=is_back, with_apology=with_apology
        )
    room.hand = move.to


def press(*, desk_call: DeskCall, event: Event, at: datetime) -> DeskCall:
    """Does what a receptionist pressed; gives the call as it is then.

    Raises Conflict where it may not be now or the caller is gone, Unreachable where the gateway did
    not answer. Then the rows say what is known: what it surely did not do is taken back.
    """
    with transaction.atomic():
        room = enter(desk_call.pk)
        was_held = room.call.is_held
        move = decided(room, event)
        is_ringing_only = room.call.state == DeskCallState.WAITING
        write(room, move, at)
        if event is not Event.HANG_UP:  # whose caller goes on in the rows until it is asked for
            make_sure(room, was_held=was_held)
    if event is Event.HANG_UP:
        _hang_up(room, is_ringing_only=is_ringing_only, at=at)
    else:
        ask(room, move, at, was_held=was_held)
    room.call.refresh_from_db()
    return room.call


def make_sure(room: Room, *, was_held: bool) -> None:
    """Queues, with what was written, that the gateway follows it: whoever is about to ask may die.

    Else a caller would hear music, and whom they were passed on to be alone, for as long as both
    bear it.
    """
    others = [sid for sid in room.others if sid]
    if others or room.call.is_held != was_held:
        legs.settle_later(room.call, others, after=_ASKED_WITHIN)


def ask(room: Room, move: Move, at: datetime, *, was_held: bool) -> None:
    """Asks who carries the call for what was written. Raises as `press`."""
    carried = calls_of(room.call)
    if not _is_about_hold(move) or room.call.is_held == was_held:
        drop(room, carried)
        return
    if Order.DROP_RECEPTIONIST in move.orders and move.to is Hand.PASSING:
        drop(room, carried)  # before the caller hears again, or the two would talk on
    _set_hold(room, carried, at, was_held=was_held)
    drop(room, carried)


def _set_hold(room: Room, carried: Calls, at: datetime, *, was_held: bool) -> None:
    try:
        put_on_hold(room.call, carried, is_held=room.call.is_held)
    except NoAnswer as error:
        legs.settle_later(room.call, room.others)
        raise NoAnswer(_NOT_SAID) from error
    except DeskbellError as error:
        _stays(room, at, is_held=was_held)
        legs.settle_later(room.call, room.others)
        if isinstance(error, Unreachable):
            raise Unreachable(calling.GATEWAY_AWAY) from error
        is_gone = isinstance(error, NotFound | Conflict)
        raise Conflict(GONE if is_gone else f"The gateway does not do that: {error}") from error


def hold_as_written(desk_call: DeskCall, at: datetime) -> None:
    """Has the caller hear music, as was written just now; else takes that back. Raises as `press`.

    Where no answer comes the gateway is asked again later.
    """
    desk_call.refresh_from_db()
    room = Room(desk_call, Hand.CALLING)
    _set_hold(room, calls_of(desk_call), at, was_held=False)


def somebody_called(desk_call: DeskCall, *, has_answered: bool = False) -> Party | None:
    """Who is called into a call now, or talks there."""
    live = [PartyState.TALKING] if has_answered else [PartyState.CALLING, PartyState.TALKING]
    return desk_call.parties.filter(state__in=live).exclude(how=How.OUT).last()


def drop_leg(desk_call: DeskCall, sid: str) -> None:
    """Ends a leg, now or as soon as the gateway answers."""
    room = Room(desk_call, Hand.OVER, others=[sid])
    drop(room, calls_of(desk_call))


def _is_about_hold(move: Move) -> bool:
    return Order.HOLD in move.orders or Order.UNHOLD in move.orders


def put_on_hold(call: DeskCall, carried: Calls, *, is_held: bool) -> None:
    """Has the caller hear music, or the others again."""
    url = hold_url(call.account_id, base_of(call.way)) if is_held else ""
    carried.change(call.room, call.call_sid, is_held=is_held, hold_url=url)


def _stays(room: Room, at: datetime, *, is_held: bool) -> None:
    """Writes that the caller is on hold, or not, as before: the gateway did nothing."""
    with transaction.atomic():
        now = enter(room.call.pk)
        if now.call.is_held == is_held or now.call.state != DeskCallState.IN_HAND:
            return
        now.call.is_held = is_held
        now.call.save(update_fields=["is_held"])
        if now.call.receptionist_id is not None:
            show([now.call.receptionist_id])
        enter_stage(now.call, Stage.HOLD if is_held else Stage.TALK, at)


def drop(room: Room, carried: Calls) -> None:
    """Ends the legs that are to go; what cannot be ended now is queued. Raises nothing."""
    room.others = _not_ended(carried, room.others)
    if room.others:
        legs.settle_later(room.call, room.others)


def _not_ended(carried: Calls, sids: Sequence[str]) -> list[str]:
    left = []
    for sid in sids:
        try:
            legs.end(carried, sid)
        except Unreachable:
            left.append(sid)
    return left


def _hang_up(room: Room, *, is_ringing_only: bool, at: datetime) -> None:
    """Ends everybody's leg; where the caller's cannot be ended now, that is queued.

    The call leaves the receptionist's hands all the same: a gateway that is gone for good would
    keep them from every other caller.
    """
    call = room.call
    if is_ringing_only:
        for offer in call.offers.filter(state=OfferState.RINGING):
            refuse(offer=offer, at=at)
        return
    if call.call_id is not None:
        calls.hung_up_by(call_id=call.call_id, who="agent")
    try:
        carried = calls_of(call)
        legs.end(carried, call.call_sid)
    except Unreachable:
        legs.settle_later(call, [call.call_sid, *room.others])
        if not call.call_sid:  # nobody was reached yet, whose end would be told
            call_over(desk_call=call, at=at)
    else:
        room.others = [sid for sid in room.others if sid != call.call_sid]
        drop(room, carried)
    if call.call_sid:
        caller_gone(call_sid=call.call_sid, who="agent", at=at)


def follow(room: Room, event: Event, at: datetime) -> None:
    """Writes what follows what was reported, and queues what is to be asked for."""
    was_held = room.call.is_held
    write(room, decided(room, event), at)
    others = [sid for sid in room.others if sid]
    if others or room.call.is_held != was_held:
        legs.settle_later(room.call, others)
