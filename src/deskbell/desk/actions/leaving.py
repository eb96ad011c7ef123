"""Somebody leaves a call's room: what becomes of who is left there, by `rules.hands`.

Whoever moves the call itself, in the queue and at its receptionist, asks this in the transaction in
which the call is locked; here the others' legs and the hold are seen to, by a job.
"""

from __future__ import annotations

from datetime import datetime

from deskbell.calls.models import Stage

from .. import legs
from ..models import DeskCall, PartyState
from ..rules.hands import Event, Hand, Order
from .rooms import Room, decided, end_party, enter, enter_stage


def without_caller(*, desk_call: DeskCall, at: datetime) -> None:
    """The caller is gone: all others' legs are ended, that of who was called in and who had it.

    To be asked while the call still stands as it did. Needs an open transaction.
    """
    room = enter(desk_call.pk)
    _write(room, Event.CALLER_LEFT, at)
    left = room.leg_of_receptionist()
    if left and left not in room.others:
        room.others.append(left)
    _queue(room)


def without_receptionist(*, desk_call: DeskCall, was_hung_up: bool, at: datetime) -> Hand:
    """The leg of who had the call is over: hung up, or lost; where the call goes from here.

    WAITING: back into the queue (`queue.come_back`); OVER: the caller is let go; PASSED, PASSING:
    it goes on without a receptionist (`answering.let_go`). Any other: nothing follows. To be asked
    while the call still stands as it did. Needs an open transaction. Writes the stage.
    """
    room = enter(desk_call.pk)
    event = Event.RECEPTIONIST_LEFT if was_hung_up else Event.RECEPTIONIST_LOST
    _write(room, event, at)
    _queue(room)
    return room.hand


def _write(room: Room, event: Event, at: datetime) -> None:
    move = decided(room, event)
    if Order.UNHOLD in move.orders and room.call.is_held:
        room.call.is_held = False
        room.call.save(update_fields=["is_held"])
    if Order.DROP_PARTY in move.orders and room.party is not None:
        end_party(room.party, PartyState.GONE, at)
        room.others.append(room.party.leg_sid)
    if move.stage is not None:
        enter_stage(room.call, Stage(move.stage), at)
    room.hand = move.to


def _queue(room: Room) -> None:
    legs.settle_later(room.call, [sid for sid in room.others if sid])
