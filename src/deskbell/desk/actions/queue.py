"""Callers come into the queue, come back into it, and leave it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Min

from deskbell.calls import actions as records
from deskbell.calls.models import Call, Stage
from deskbell.foundation.numbers import is_withheld
from deskbell.platform.beat import wake
from deskbell.platform.jobs import enqueue
from deskbell.platform.tenancy import system_scope

from .. import jobs
from ..addresses import room_of
from ..models import DeskCall, DeskCallKind, DeskCallState, Offer, OfferState, Skill
from ..queries.terms import terms_of
from ..rules.queue import (
    BROKE_OFF_WITHIN,
    Outcome,
    RingEnd,
    gives_up_at,
    is_known_caller,
)
from ..rules.standing import Event
from .availability import move, show_floor
from .leaving import without_caller
from .locks import locked_call, locked_receptionists
from .offers import end_rings
from .wrapping import start_wrap

_BEFORE: Final = timedelta(milliseconds=1)
_OPEN: Final = (DeskCallState.WAITING, DeskCallState.IN_HAND, DeskCallState.PASSED_ON)
__all__ = ["call_over", "caller_gone", "come_back", "join_queue", "locked_call", "resumed"]


def join_queue(
    *,
    call: Call,
    way: str,
    at: datetime,
    skill: Skill | None = None,
    kind: str = DeskCallKind.INCOMING,
    delivery_id: int | None = None,
) -> DeskCall:
    """A caller waits for a receptionist; asked again for the same call it gives the same row.

    Without `skill` the terms of the call's number say which one is needed. A caller whose last call
    broke off within five minutes has the old place. One who left the queue for voicemail, and
    chooses a receptionist again, waits anew. Needs the account's scope; one transaction.
    """
    with transaction.atomic():
        terms = terms_of(call.account_id, call.phone_number_id)
        waits: dict[str, Any] = {
            "kind": kind,
            "state": DeskCallState.WAITING,
            "way": way,
            "gateway": call.gateway,
            "skill_id": skill.pk if skill else terms.skill_id,
            "entered_at": at,
            "rank_at": _rank(call, at),
            "gives_up_at": gives_up_at(at, terms.patience_seconds),
            "delivery_id": delivery_id,
        }
        kept, is_new = DeskCall.objects.get_or_create(
            room=room_of(call.sid),
            account_id=call.account_id,
            defaults=waits | _caller(call),
        )
        if not is_new:
            kept = locked_call(kept.pk) or kept
            if kept.state in _OPEN:
                return kept
            _wait_anew(kept, waits)
        if not records.enter_stage(call_id=call.pk, stage=Stage.WAIT, at=at):
            _leave(kept, Outcome.ABANDONED, at)
            return kept
        show_floor()
        wake()
    return kept


def come_back(
    *,
    desk_call: DeskCall,
    at: datetime,
    at_head: bool = False,
    with_apology: bool = False,
    event: Event = Event.LEG_LOST,
) -> DeskCall:
    """A call waits again that somebody had in hand, or that was passed on and came to nothing.

    Who had it is rung first, and is free for it. `at_head` puts it before all others, else it has
    its old place. `with_apology` has a job fetch the caller to the waiting document; so are those
    whom we called: they wait like any caller from then on. Anything but a call in hand or passed on
    stays as it is. Writes the stage.
    """
    with transaction.atomic():
        kept = locked_call(desk_call.pk)
        if kept is None or kept.state not in {DeskCallState.IN_HAND, DeskCallState.PASSED_ON}:
            return kept or desk_call
        _free(kept, event if kept.state == DeskCallState.IN_HAND else Event.CAME_BACK, at)
        terms = terms_of(kept.account_id, kept.number_id)
        kept.state, kept.is_held, kept.wrap_until = DeskCallState.WAITING, False, None
        kept.preferred, kept.receptionist = kept.receptionist, None
        kept.gives_up_at = gives_up_at(at, terms.patience_seconds)
        kept.rank_at = _head(kept.rank_at) if at_head else kept.rank_at
        if kept.kind == DeskCallKind.OUTGOING:
            kept.kind, with_apology = DeskCallKind.CALLBACK, True
        kept.save()
        if kept.call_id:
            records.enter_stage(call_id=kept.call_id, stage=Stage.WAIT, at=at)
        if with_apology:
            enqueue(
                jobs.put_back,
                key=f"desk.put_back.{kept.pk}",
                account_id=kept.account_id,
                desk_call_id=kept.pk,
            )
        show_floor()
        wake()
    return kept


def caller_gone(*, call_sid: str, who: str, at: datetime) -> None:
    """A caller's own leg is over, by caller, agent or system. Needs the account's scope.

    Who waited is out of the queue, and what rings for them ends; of a call in hand the form stays
    open. Others in the room are let go (`leaving.without_caller`).
    """
    rows = DeskCall.objects.filter(call_sid=call_sid).exclude(state=DeskCallState.OVER)
    for pk in rows.values_list("pk", flat=True):
        with transaction.atomic():
            kept = locked_call(pk)
            if kept is None or kept.state not in _OPEN:
                continue
            if kept.state != DeskCallState.WAITING:
                without_caller(desk_call=kept, at=at)
            call_over(desk_call=kept, at=at, is_lost=who == "system")


def call_over(*, desk_call: DeskCall, at: datetime, is_lost: bool = False) -> DeskCall:
    """Nobody is left whom the desk could talk to: a call in hand is written down, another is over.

    `is_lost`: it broke off, so that who calls again has the old place. Asked again, nothing
    changes. Ends nobody's leg but those that ring for a waiting call.
    """
    with transaction.atomic():
        kept = locked_call(desk_call.pk)
        if kept is None or kept.state not in _OPEN:
            return kept or desk_call
        if kept.state == DeskCallState.WAITING:
            end_rings(desk_call_id=kept.pk, how=RingEnd.WITHDRAWN, at=at)
            own = kept.kind == DeskCallKind.OUTGOING
            gone = Outcome.NOT_REACHED if own else Outcome.ABANDONED
            _leave(kept, Outcome.LOST if is_lost else gone, at)
        elif kept.state == DeskCallState.IN_HAND:
            _write_down(kept, Outcome.LOST if is_lost else Outcome.HANDLED, at)
        elif kept.wrap_until is not None:  # passed on, and its form is still open
            kept.state, kept.outcome = DeskCallState.WRAPPING, Outcome.HANDLED
            kept.ended_at = at
            kept.save(update_fields=["state", "outcome", "ended_at"])
        else:
            _leave(kept, Outcome.HANDLED, at)
        show_floor()
    return kept


def resumed(*, call: Call, at: datetime) -> DeskCall | None:
    """The gateway is back with a caller: the call waits again at its old place; None where it is
    none of the desk's any more. Needs the account's scope."""
    pk = DeskCall.objects.filter(call_sid=call.sid, state__in=_OPEN).values_list("pk", flat=True)
    found = pk.first()
    if found is None:
        return None
    with transaction.atomic():
        kept = locked_call(found)
        if kept is None or kept.state not in _OPEN:
            return None
        if call.gateway and kept.gateway != call.gateway:
            kept.gateway = call.gateway
            kept.save(update_fields=["gateway"])
        return come_back(desk_call=kept, at=at, event=Event.GATEWAY_LOST)


def _caller(call: Call) -> dict[str, Any]:
    return {
        "call": call,
        "call_sid": call.sid,
        "number": call.phone_number,
        "caller_id": "" if is_withheld(call.caller_id) else call.caller_id,
        "caller_name": call.caller_name,
    }


def _rank(call: Call, at: datetime) -> datetime:
    """Since when a caller counts as waiting: the old place, where their last call broke off."""
    if is_withheld(call.caller_id) or not is_known_caller(call.caller_id):
        return at
    broken = DeskCall.objects.filter(
        caller_id=call.caller_id, outcome=Outcome.LOST, ended_at__gte=at - BROKE_OFF_WITHIN
    ).exclude(call_sid=call.sid)
    found = broken.order_by("-ended_at").values_list("rank_at", flat=True).first()
    return min(found, at) if found else at


def _head(rank_at: datetime) -> datetime:
    """A place before everybody who waits, of whichever account."""
    with system_scope("one queue serves every account"):
        waiting = DeskCall.objects.filter(state=DeskCallState.WAITING)
        first: datetime | None = waiting.aggregate(first=Min("rank_at"))["first"]
    return min(rank_at, first - _BEFORE) if first else rank_at


def _wait_anew(kept: DeskCall, waits: Mapping[str, Any]) -> None:
    """A call that was over at the desk waits again, as if it had just come."""
    for name, value in waits.items():
        setattr(kept, name, value)
    kept.receptionist = kept.preferred = None
    kept.answered_at = kept.ended_at = kept.closed_at = kept.wrap_until = None
    kept.outcome, kept.is_held = "", False
    kept.save()


def _leave(kept: DeskCall, outcome: Outcome, at: datetime) -> None:
    kept.state, kept.outcome, kept.ended_at, kept.closed_at = DeskCallState.OVER, outcome, at, at
    kept.save(update_fields=["state", "outcome", "ended_at", "closed_at"])


def _free(kept: DeskCall, event: Event, at: datetime) -> None:
    """The receptionist of a call has it no more."""
    Offer.objects.filter(desk_call=kept, state=OfferState.ANSWERED).update(
        state=OfferState.DONE, ended_at=at
    )
    if kept.receptionist_id is None:
        return
    if event is Event.CAME_BACK and kept.wrap_until is None:
        return  # they wrote it down already, and may be in another call
    rows = locked_receptionists([kept.receptionist_id])
    move(rows, {kept.receptionist_id: event}, at)


def _write_down(kept: DeskCall, outcome: Outcome, at: datetime) -> None:
    start_wrap(kept, Event.CALL_ENDED, at)
    kept.state, kept.outcome, kept.ended_at = DeskCallState.WRAPPING, outcome, at
    kept.save()
    if kept.call_id:
        records.enter_stage(call_id=kept.call_id, stage=Stage.WRAP, at=at)
