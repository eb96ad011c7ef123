"""What is reported of those who are called into a call: who answered, and who left.

All need the account's scope, bear being told twice, and ask nobody by network: what has to be done
at the gateway is queued, in the transaction of what is written.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from deskbell.calls import actions as calls
from deskbell.calls.models import Stage
from deskbell.foundation.errors import NotFound
from deskbell.platform import jobs

from .. import legs
from ..models import DeskCall, Party, PartyState
from ..rules.hands import Event, How
from . import calling, patching
from .availability import show
from .moving import follow
from .queue import caller_gone
from .rooms import Room, end_party, enter, enter_stage

_GOES_ON: Final = frozenset({"", "queued", "initiated", "ringing", "in-progress", "answered"})
OUTBOUND: Final = "OutboundCall"


def party_answered(*, party_id: int, at: datetime) -> bool:
    """Whoever was called answered, and took the call where that was asked. False where nobody
    wants them any more: then they are told so, and do not join the room."""
    with transaction.atomic():
        room, party = _entered(party_id)
        if party is None or party.state != PartyState.CALLING:
            return party is not None and party.state == PartyState.TALKING
        party.state, party.joined_at = PartyState.TALKING, at
        party.save(update_fields=["state", "joined_at"])
        is_patch = party.how == How.LIVE_PATCH
        follow(room, Event.PARTY_TOOK if is_patch else Event.PARTY_ANSWERED, at)
    return party.state == PartyState.TALKING


def party_ended(*, party_id: int, status: str, sip_code: str, at: datetime) -> None:
    """The call to somebody is over, with RCML's word for how, before or after they had joined."""
    if status in _GOES_ON:
        return
    words = calling.words_of_end(status, sip_code)
    with transaction.atomic():
        room, party = _entered(party_id)
        if party is None:
            return
        if party.how == How.OUT:
            _end_call_out(room, party, status, words, at)
        elif party.state == PartyState.CALLING:
            _came_to_nothing(room, party, words, at)
        elif party.state == PartyState.TALKING:
            end_party(party, PartyState.GONE, at)
            follow(room, Event.PARTY_LEFT, at)


def came_to_nothing(*, party_id: int, words: str, at: datetime) -> None:
    """Somebody could not be called, or nobody tells of them any more; `words` say why."""
    with transaction.atomic():
        room, party = _entered(party_id)
        if party is None or party.state != PartyState.CALLING:
            return
        if party.how == How.OUT:
            _end_call_out(room, party, "failed", words, at)
        else:
            _came_to_nothing(room, party, words, at)


def placed(*, party_id: int, at: datetime) -> None:
    """The call to whom an outgoing call is for is under way: it has a record from now on."""
    with transaction.atomic():
        room, party = _entered(party_id)
        if party is None or party.how != How.OUT or room.call.call_id is not None:
            return
        call = room.call
        number = call.number
        record = calls.begin(
            account_id=call.account_id,
            sid=party.leg_sid,
            number=number,
            caller_id=(number.e164 or number.number) if number else "",
            caller_name="",
            dialled=party.address,
            at=party.made_at,
            call_type=OUTBOUND,
            gateway=call.gateway,
        )
        call.call, call.call_sid = record, party.leg_sid
        call.save(update_fields=["call", "call_sid"])
        _tell_who(call, at)
        if party.state == PartyState.TALKING:
            enter_stage(call, Stage.TALK, party.joined_at or at)
        elif party.state != PartyState.CALLING:  # busy, before we had kept that it is called
            _end_call_out(room, party, "failed", party.words, at)


def _tell_who(call: DeskCall, at: datetime) -> None:
    """The record names who calls: the receptionist whose phone has answered."""
    if call.receptionist is not None and call.call_id is not None:
        calls.answered_by(
            call_id=call.call_id,
            user=call.receptionist.user,
            skill=None,
            at=call.answered_at or at,
        )


def _entered(party_id: int) -> tuple[Room, Party | None]:
    """The call of a party, locked, and the party as it is then."""
    call_id = Party.objects.filter(pk=party_id).values_list("desk_call_id", flat=True).first()
    if call_id is None:
        raise NotFound("Nobody is called by this name any more")
    room = enter(call_id)
    if room.party is not None and room.party.pk == party_id:
        return room, room.party
    return room, Party.objects.filter(pk=party_id).first()


def _came_to_nothing(room: Room, party: Party, words: str, at: datetime) -> None:
    """The next one who is on call is rung; where nobody is left, what follows is done."""
    end_party(party, PartyState.FAILED, at, words=f"{party.name or party.address}: {words}")
    if room.party is None or room.party.pk != party.pk:
        return
    following = patching.following(party, at)
    if following is None:
        follow(room, Event.PARTY_LEFT, at)
        return
    made = calling.add_party(
        desk_call=room.call,
        how=How.LIVE_PATCH,
        address=following.address,
        at=at,
        contact=following.contact,
        level_id=party.level_id,
    )
    jobs.enqueue(legs.call_party, account_id=made.account_id, party_id=made.pk)
    if room.call.receptionist_id is not None:
        show([room.call.receptionist_id])


def _end_call_out(room: Room, party: Party, status: str, words: str, at: datetime) -> None:
    """Whom an outgoing call was for is gone, or was never there: the call is over with that."""
    was_calling = party.state == PartyState.CALLING
    if was_calling:
        end_party(party, PartyState.FAILED, at, words=f"{party.name or party.address}: {words}")
    elif party.state == PartyState.TALKING:
        end_party(party, PartyState.GONE, at)
    if not room.call.call_sid:
        if was_calling:
            follow(room, Event.PARTY_LEFT, at)
        return
    seconds = round((at - party.joined_at).total_seconds()) if party.joined_at else 0
    who = "callee" if party.joined_at else "system"
    if room.call.call is not None:
        sid = room.call.call.sid
        calls.end(sid=sid, status=status, at=at, seconds=seconds, who=who, quality={})
    caller_gone(call_sid=room.call.call_sid, who=who, at=at)
