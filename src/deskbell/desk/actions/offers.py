"""Rings: who claims one, who refuses one, and how each ends."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from deskbell.foundation.errors import Conflict, InvalidInput

from ..addresses import can_ring
from ..errors import CallerGone, NoPhone, TakenByOther
from ..models import DeskCall, DeskCallKind, DeskCallState, Offer, OfferState, Receptionist
from ..rules.queue import Outcome, RingEnd, end_of_ring, not_connected
from ..rules.standing import Event
from . import rings
from .availability import move, show
from .locks import locked_call, locked_receptionists

EVENTS: Final = {
    RingEnd.MISSED: Event.MISSED,
    RingEnd.REFUSED: Event.REFUSED,
    RingEnd.WITHDRAWN: Event.WITHDRAWN,
    RingEnd.FAILED: Event.FAILED,
    RingEnd.LOST: Event.RING_LOST,
}
GATEWAY_LOST: Final = "The gateway could not ring just now"
_ELSEWHERE: Final = "Your phone rings for another caller; answer it, or refuse it first"


def claim(*, desk_call: DeskCall, receptionist: Receptionist, at: datetime) -> Offer:
    """A receptionist takes a waiting call in the page: only their phone rings for it from now on.

    It rings on, or begins to. When that ring ends without an answer, others are rung again. Raises
    TakenByOther, CallerGone, NoPhone, InvalidInput for a phone that cannot be rung for this call,
    Conflict where they cannot be rung now.
    """
    with transaction.atomic():
        call = _waiting(desk_call.pk)
        before = rings.ringing_for(call.pk)
        rows = locked_receptionists({receptionist.pk, *(each.receptionist_id for each in before)})
        kept = rows[receptionist.pk]
        now_ringing = _ringing(call.pk, receptionist.pk)
        mine = _own_ring(now_ringing, call, receptionist.pk)
        others = [each for each in now_ringing if each.receptionist_id != receptionist.pk]
        events = {each.receptionist_id: Event.WITHDRAWN for each in others}
        if mine is None:
            _check_phone(kept, call)
            events[kept.pk] = Event.RUNG
        move(rows, events, at)
        rings.finish(others, RingEnd.WITHDRAWN, at)
        if mine is None:
            mine = rings.offer_of(call, kept, at, is_claimed=True)
            rings.begin([mine])
        elif not mine.is_claimed:
            mine.is_claimed = True
            mine.save(update_fields=["is_claimed"])
            show([kept.pk])
    return mine


def refuse(*, offer: Offer, at: datetime) -> None:
    """A receptionist does not want the call that rings; the next one is rung. Late is nothing."""
    _end(offer.pk, RingEnd.REFUSED, at, has_leg=True)


def ring_own_phone(*, desk_call: DeskCall, receptionist: Receptionist, at: datetime) -> Offer:
    """Rings a receptionist for a call of their own (kind OUTGOING, state WAITING, just made).

    When they answer, `take_offer` puts the call in their hands and asks
    `dialling.own_phone_answered`; where nobody does, it is over. Raises NoPhone, InvalidInput,
    Conflict.
    """
    with transaction.atomic():
        rows = locked_receptionists([receptionist.pk])
        _check_phone(rows[receptionist.pk], desk_call)
        move(rows, {receptionist.pk: Event.CALLS_OUT}, at)
        offer = rings.offer_of(desk_call, rows[receptionist.pk], at, is_claimed=True)
        rings.begin([offer])
    return offer


def ring_ended(*, offer_id: int, status: str, sip_code: str, at: datetime) -> None:
    """A receptionist's leg ended that had taken no call; anything else is late and nothing.

    `status` is RCML's CallStatus, `sip_code` what the other side answered, if anything. Where the
    leg took the call in the very moment in which it ended, that is its end (`leg_ended`).
    """
    from .answering import leg_ended  # which imports this

    how = end_of_ring(status, sip_code)
    if how is None:
        return
    with transaction.atomic():
        found = _end(offer_id, how, at, sip_code=sip_code)
        if found == OfferState.ANSWERED:
            leg_ended(offer_id=offer_id, was_hung_up=status == "completed", at=at)


def ring_failed(*, offer_id: int, is_gateways: bool, at: datetime) -> None:
    """A receptionist's phone could not be asked: by the gateway's fault, or because the phone is
    none that can be rung."""
    _end(offer_id, RingEnd.LOST if is_gateways else RingEnd.FAILED, at, has_leg=is_gateways)


def ring_expired(*, offer_id: int, at: datetime) -> None:
    """Nobody has said what became of a ring, and its time is over."""
    offer = Offer.objects.filter(pk=offer_id).first()
    if offer is not None:
        _end(offer_id, RingEnd.MISSED if offer.rung_at else RingEnd.LOST, at, has_leg=True)


def end_rings(
    *, desk_call_id: int, how: RingEnd, at: datetime, but: Collection[int] = ()
) -> list[Offer]:
    """Ends the rings for a locked call, but those of some receptionists; their legs are ended.

    Locks receptionists. Gives the offers that ended.
    """
    before = [e for e in rings.ringing_for(desk_call_id) if e.receptionist_id not in but]
    if not before:
        return []
    rows = locked_receptionists([each.receptionist_id for each in before])
    ended = [e for e in rings.ringing_for(desk_call_id) if e.receptionist_id in rows]
    move(rows, {each.receptionist_id: EVENTS[how] for each in ended}, at)
    rings.finish(ended, how, at)
    return ended


def _waiting(pk: int) -> DeskCall:
    call = locked_call(pk)
    if call is None or call.kind == DeskCallKind.OUTGOING:
        raise CallerGone
    if call.state in {DeskCallState.IN_HAND, DeskCallState.PASSED_ON}:
        raise TakenByOther(call.receptionist)
    if call.state != DeskCallState.WAITING:
        raise CallerGone
    return call


def _ringing(desk_call_id: int, receptionist_id: int) -> list[Offer]:
    """The rings for a call, and a receptionist's own, whichever call it is for."""
    mine_or_its = Q(desk_call_id=desk_call_id) | Q(receptionist_id=receptionist_id)
    found = Offer.objects.filter(mine_or_its, state=OfferState.RINGING)
    return list(found.select_related("receptionist__user"))


def _own_ring(ringing: Sequence[Offer], call: DeskCall, receptionist_id: int) -> Offer | None:
    """The receptionist's own ring for the call. Raises TakenByOther, Conflict."""
    mine: Offer | None = None
    for each in ringing:
        if each.receptionist_id == receptionist_id:
            mine = each
        elif each.is_claimed:
            raise TakenByOther(each.receptionist)
    if mine is not None and mine.desk_call_id != call.pk:
        raise Conflict(_ELSEWHERE)
    return mine


def _check_phone(receptionist: Receptionist, call: DeskCall) -> None:
    if not receptionist.phone:
        raise NoPhone
    if not can_ring(receptionist, call.way):
        raise InvalidInput(
            f"{call.way.capitalize()} carries this call, and reaches telephone numbers only; "
            f"{receptionist.phone} is a SIP phone",
            field="phone",
        )


def _end(
    offer_id: int, how: RingEnd, at: datetime, *, sip_code: str = "", has_leg: bool = False
) -> str:
    """One ring ends; the caller is rung for elsewhere, a call of their own is over. Gives how the
    offer stood before; only one that rang has changed."""
    with transaction.atomic():
        offer = Offer.objects.filter(pk=offer_id).first()
        call = locked_call(offer.desk_call_id) if offer else None
        if offer is None or call is None:
            return ""
        rows = locked_receptionists([offer.receptionist_id])
        still = Offer.objects.filter(pk=offer_id).first()
        kept = rows.get(offer.receptionist_id)
        if still is None or kept is None or still.state != OfferState.RINGING:
            return still.state if still else ""
        words = _words(how, kept, sip_code)
        told = {kept.pk: words} if how is RingEnd.FAILED else None
        move(rows, {kept.pk: EVENTS[how]}, at, words=told)
        rings.finish([still], how, at, words=words, has_leg=has_leg)
        _after_ring(call, kept, at)
    return OfferState.RINGING


def _words(how: RingEnd, receptionist: Receptionist, sip_code: str) -> str:
    if how is RingEnd.FAILED:
        return not_connected(receptionist.phone, sip_code)
    return GATEWAY_LOST if how is RingEnd.LOST else ""


def _after_ring(call: DeskCall, receptionist: Receptionist, at: datetime) -> None:
    """Who was to be rung first was; a call of their own that nobody answered is over."""
    if call.state != DeskCallState.WAITING:
        return
    if call.kind == DeskCallKind.OUTGOING:
        call.state, call.outcome = DeskCallState.OVER, Outcome.NOT_REACHED
        call.ended_at = call.closed_at = at
        call.save(update_fields=["state", "outcome", "ended_at", "closed_at"])
    elif call.preferred_id == receptionist.pk:
        call.preferred = None
        call.save(update_fields=["preferred"])
