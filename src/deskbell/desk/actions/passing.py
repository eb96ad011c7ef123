"""Passing a caller on: to a number, to a contact, to who is on call, alone or announced.

Whom a call is passed on to is rung into its room. What may be done when is `rules.hands`; as in
`holding`, everything here needs the account's scope and raises what is wrong in words.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Final

from django.db import transaction

from deskbell.accounts.models import PhoneNumber
from deskbell.contacts.models import Contact
from deskbell.foundation.errors import Conflict, DeskbellError, InvalidInput, MissingInput
from deskbell.foundation.http import NoAnswer
from deskbell.oncall.queries import PHONE

from ..models import DeskCall, Party, PartyState
from ..rules import hands
from ..rules.hands import Event, How, Move, Refusal
from . import calling, moving, parties, patching
from .rooms import decided, enter

_TELEPHONES: Final = (PHONE, "sms")  # the first that a contact has, in this order
_OTHERWISE: Final = "The call went on otherwise meanwhile, so nobody is called for it"


def pass_on(
    *,
    desk_call: DeskCall,
    how: How,
    at: datetime,
    address: str = "",
    contact: Contact | None = None,
    level_id: int | None = None,
) -> Party:
    """Rings somebody for the caller: `address` (a number, or a SIP phone's user name), a contact's
    phone, or for a live patch who is on call on a level, one after the other.

    Blind, the receptionist is out at once; else the caller is held until `complete`, `take_back` or
    `confer`. Raises InvalidInput for what cannot be called, with `field` "address", NotAllowed for
    what the account may not call, NotFound for a level where nobody is on call by telephone,
    Conflict where somebody was called in already, Unreachable.
    """
    party, is_fresh_hold = _begin(
        desk_call, how, at, address=address, contact=contact, level_id=level_id
    )
    try:
        if is_fresh_hold:
            with suppress(NoAnswer):  # it is asked again until it is so
                moving.hold_as_written(desk_call, at)
        with suppress(NoAnswer):  # they may ring: what is told of them, or the deadline, says so
            calling.ring(party)
    except DeskbellError as error:
        parties.came_to_nothing(party_id=party.pk, words=str(error), at=at)
        found = moving.somebody_called(desk_call)
        if found is None:
            raise
        return found
    if how is How.BLIND:
        _leave(desk_call, party, at)
    elif _is_unwanted(party):
        moving.drop_leg(desk_call, party.leg_sid)
        raise Conflict(_OTHERWISE)
    return party


def complete(*, desk_call: DeskCall, at: datetime) -> DeskCall:
    """Leaves the caller to whom they are passed on to, also while that one is still rung."""
    desk_call.refresh_from_db()
    if desk_call.is_held and moving.somebody_called(desk_call, has_answered=True):
        moving.press(desk_call=desk_call, event=Event.CONFER, at=at)  # so that none waits on hold
    return moving.press(desk_call=desk_call, event=Event.COMPLETE, at=at)


def take_back(*, desk_call: DeskCall, at: datetime) -> DeskCall:
    """Lets the other go, and talks to the caller again."""
    return moving.press(desk_call=desk_call, event=Event.TAKE_BACK, at=at)


def confer(*, desk_call: DeskCall, at: datetime) -> DeskCall:
    """Has all three talk."""
    return moving.press(desk_call=desk_call, event=Event.CONFER, at=at)


_EVENTS: Final = {
    How.BLIND: Event.SEND,
    How.ANNOUNCED: Event.ANNOUNCE,
    How.LIVE_PATCH: Event.PATCH,
}


def _begin(
    desk_call: DeskCall,
    how: How,
    at: datetime,
    *,
    address: str,
    contact: Contact | None,
    level_id: int | None,
) -> tuple[Party, bool]:
    """Writes who is called, where that may be now, and that the caller is held for it; whether the
    gateway is yet to hold them."""
    if how is How.LIVE_PATCH:
        if level_id is None:
            raise MissingInput("Choose the level whose people are called", field="level_id")
        method = patching.first(level_id=level_id, desk_call=desk_call, at=at)
        contact, found = method.contact, method.address
    else:
        found = calling.checked(
            account=desk_call.account,
            text=address or _telephone_of(contact),
            way=desk_call.way,
            caller_id=desk_call.caller_id,
            field="address",
        )
    with transaction.atomic():
        room = enter(desk_call.pk)
        move = decided(room, _EVENTS[how])
        was_held = room.call.is_held
        if how is not How.BLIND:
            moving.write(room, move, at)
        party = calling.add_party(
            desk_call=room.call,
            how=how,
            address=found,
            at=at,
            name="" if contact else _name_of(found),
            contact=contact,
            level_id=level_id if how is How.LIVE_PATCH else None,
        )
        return party, room.call.is_held and not was_held


def _telephone_of(contact: Contact | None) -> str:
    if contact is None:
        return ""
    method = contact.methods.filter(kind__in=_TELEPHONES).order_by("kind", "id").first()
    if method is None:
        raise InvalidInput(f"{contact.name} has no telephone", field="contact")
    return method.address


def _name_of(number: str) -> str:
    """Whose extension a number is, so that receptionists read a name; empty where it is none."""
    found = PhoneNumber.objects.filter(e164=number, is_extension=True).first()
    return found.extension_spoken_name or found.company_name if found else ""


def _leave(desk_call: DeskCall, party: Party, at: datetime) -> None:
    """The receptionist is out, now that somebody is rung; unless the call is another meanwhile."""
    with transaction.atomic():
        room = enter(desk_call.pk, but=party.pk)
        was_held = room.call.is_held
        move = hands.after(room.hand, Event.SEND)
        is_wanted = not _is_unwanted(party)
        if isinstance(move, Move) and is_wanted:
            moving.write(room, move, at)
            moving.make_sure(room, was_held=was_held)
    if isinstance(move, Refusal) or not is_wanted:
        moving.drop_leg(desk_call, party.leg_sid)
        raise Conflict(move.words if isinstance(move, Refusal) else _OTHERWISE)
    moving.ask(room, move, at, was_held=was_held)


def _is_unwanted(party: Party) -> bool:
    party.refresh_from_db()
    return party.state not in {PartyState.CALLING, PartyState.TALKING}
