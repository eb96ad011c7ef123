"""A call comes into a receptionist's hands, and leaves them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from deskbell.calls import actions as records
from deskbell.calls.models import Stage
from deskbell.foundation.errors import Conflict

from .. import legs
from ..models import DeskCall, DeskCallKind, DeskCallState, Offer, OfferState, Receptionist
from ..rules.hands import Hand
from ..rules.queue import RingEnd
from ..rules.standing import Event
from . import rings
from .availability import move, show_floor
from .leaving import without_receptionist
from .locks import locked_call, locked_receptionists
from .queue import call_over, come_back
from .wrapping import start_wrap

_NOBODYS = "This call is in nobody's hands"


def take_offer(*, offer_id: int, at: datetime) -> DeskCall | None:
    """A receptionist's leg answered (and pressed 1 where that is asked): the call is theirs.

    One wins: all other rings end. Asked again by the one who has it, gives the call again. None
    where somebody else has it or the caller is gone. Of a call of their own (OUTGOING) it is in
    hand, and `dialling.own_phone_answered` is asked. Needs the account's scope.
    """
    with transaction.atomic():
        offer = Offer.objects.filter(pk=offer_id).first()
        call = locked_call(offer.desk_call_id) if offer else None
        if offer is None or call is None:
            return None
        before = rings.ringing_for(call.pk)
        rows = locked_receptionists(
            {offer.receptionist_id, *(each.receptionist_id for each in before)}
        )
        offer.refresh_from_db()
        if offer.state == OfferState.ANSWERED:
            return call if _has(call, offer) else None
        now_ringing = rings.ringing_for(call.pk)
        if not _may_take(call, offer, now_ringing):
            return None
        others = [each for each in now_ringing if each.pk != offer.pk]
        _answer(call, offer, rows[offer.receptionist_id], at)
        events = {each.receptionist_id: Event.WITHDRAWN for each in others}
        move(rows, events | {offer.receptionist_id: Event.ANSWERED}, at)
        rings.finish(others, RingEnd.WITHDRAWN, at)
        _tell(call, rows[offer.receptionist_id], at)
    return call


def leg_ended(*, offer_id: int, was_hung_up: bool, at: datetime) -> None:
    """The leg of who has a call ended: hung up, the call is over, unless somebody else was called
    in; lost, the caller waits again with an apology. See `leaving.without_receptionist`.

    A leg that has the call no more, as after passing it on, changes nothing. Needs the account's
    scope.
    """
    with transaction.atomic():
        offer = Offer.objects.filter(pk=offer_id, state=OfferState.ANSWERED).first()
        call = locked_call(offer.desk_call_id) if offer else None
        if offer is None or call is None or not _has(call, offer):
            return
        then = without_receptionist(desk_call=call, was_hung_up=was_hung_up, at=at)
        if then is Hand.WAITING:
            come_back(desk_call=call, at=at, with_apology=True)
        elif then in {Hand.PASSED, Hand.PASSING}:
            let_go(desk_call=call, at=at)
        elif then is Hand.OVER:
            _hang_up(call, at)


def let_go(*, desk_call: DeskCall, at: datetime) -> DeskCall:
    """A call in hand goes on without its receptionist, who writes it down. Writes no stage, ends no
    leg. Raises Conflict where it is in nobody's hands."""
    with transaction.atomic():
        kept = locked_call(desk_call.pk)
        if kept is None or kept.state != DeskCallState.IN_HAND:
            raise Conflict(_NOBODYS)
        start_wrap(kept, Event.CALL_PASSED_ON, at)
        kept.state = DeskCallState.PASSED_ON
        kept.save()
    return kept


def wrapped_up(*, desk_call: DeskCall, at: datetime) -> None:
    """What was to be written down of a call is: its receptionist is free, or away where they leave
    after it. Twice is nothing. Raises Conflict while it goes on in their hands."""
    with transaction.atomic():
        kept = locked_call(desk_call.pk)
        if kept is None or kept.state == DeskCallState.OVER:
            return
        if kept.state == DeskCallState.IN_HAND:
            raise Conflict("The call is still going on; hang up or pass it on first")
        if kept.wrap_until is None or kept.receptionist_id is None:
            return
        rows = locked_receptionists([kept.receptionist_id])
        move(rows, {kept.receptionist_id: Event.WRAPPED_UP}, at)
        kept.wrap_until = None
        if kept.state == DeskCallState.WRAPPING:
            kept.state, kept.closed_at = DeskCallState.OVER, at
        kept.save(update_fields=["wrap_until", "state", "closed_at"])
        if kept.call_id:
            records.wrapped_up(call_id=kept.call_id, at=at)


def _hang_up(call: DeskCall, at: datetime) -> None:
    """The receptionist has hung up: so the caller is let go, by a job."""
    if call.call_id:
        records.hung_up_by(call_id=call.call_id, who="agent")
    call_over(desk_call=call, at=at)
    legs.settle_later(call, [call.call_sid])


def _has(call: DeskCall, offer: Offer) -> bool:
    is_theirs = call.receptionist_id == offer.receptionist_id
    return is_theirs and call.state == DeskCallState.IN_HAND


def _may_take(call: DeskCall, offer: Offer, ringing: Sequence[Offer]) -> bool:
    """Whether a ring still rings for a caller who waits, and nobody else has claimed the call."""
    if call.state != DeskCallState.WAITING or offer.state != OfferState.RINGING:
        return False
    return not any(each.is_claimed and each.pk != offer.pk for each in ringing)


def _answer(call: DeskCall, offer: Offer, receptionist: Receptionist, at: datetime) -> None:
    offer.state, offer.answered_at = OfferState.ANSWERED, at
    offer.save(update_fields=["state", "answered_at"])
    call.state, call.receptionist, call.preferred = DeskCallState.IN_HAND, receptionist, None
    call.answered_at = call.answered_at or at
    call.is_held, call.gives_up_at = False, None
    call.save()


def _tell(call: DeskCall, receptionist: Receptionist, at: datetime) -> None:
    """The record says who has the call; of a call of their own, the other side is called now."""
    if call.call_id:
        records.answered_by(call_id=call.call_id, user=receptionist.user, skill=call.skill, at=at)
    if call.kind == DeskCallKind.OUTGOING:
        from .dialling import own_phone_answered  # which imports this

        own_phone_answered(desk_call=call, at=at)
    elif call.call_id:
        records.enter_stage(call_id=call.call_id, stage=Stage.TALK, at=at)
    show_floor()
