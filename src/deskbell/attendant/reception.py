"""What the attendant asks and tells room desk: callers for a receptionist come and go by it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q

from deskbell.calls.actions import enter_stage
from deskbell.calls.models import Call, Stage
from deskbell.desk import actions as desk
from deskbell.desk.addresses import room_of
from deskbell.desk.models import Answering, Receptionist
from deskbell.desk.queries import reception

from .rules import Effect, JoinQueue, LeaveQueue, ReceptionFound
from .ways import Way


def has_receptionists() -> bool:
    """Whether this deployment has any receptionist at all; one query."""
    return Receptionist.objects.exists()


def ask_desk(*, call_id: int, way: Way, at: datetime, is_back: bool) -> ReceptionFound:
    """Whether the desk takes a call. With `is_back`, whose line broke off, it waits again where it
    was at the desk before. Needs the account's scope."""
    call = Call.objects.get(pk=call_id)
    if is_back:
        is_open = desk.resumed(call=call, at=at) is not None
    else:
        is_open = reception(call.phone_number_id, way=str(way)).is_open
    return ReceptionFound(
        is_open,
        room=room_of(call.sid),
        is_recorded=is_open and _is_recorded(call.phone_number_id),
        is_back=is_back,
    )


def tell_desk(effect: Effect, *, call_id: int, way: Way, at: datetime) -> None:
    """Has a caller wait at the desk, or no more, where the effect says so."""
    if isinstance(effect, JoinQueue) and not effect.is_back:
        desk.join_queue(call=Call.objects.get(pk=call_id), way=str(way), at=at)
    if isinstance(effect, LeaveQueue):
        call_sid = Call.objects.values_list("sid", flat=True).get(pk=call_id)
        desk.caller_gone(call_sid=call_sid, who="system", at=at)


def waits_no_more(*, call_id: int, at: datetime) -> None:
    """Writes that a caller who waited is the attendant's again: a message is taken."""
    enter_stage(call_id=call_id, stage=Stage.IVR, at=at)


def _is_recorded(number_id: int | None) -> bool:
    """Whether talks on a number of the scope's account are recorded, by its own terms first."""
    terms = Answering.objects.filter(Q(number=number_id) | Q(number=None))
    ordered = terms.order_by(F("number").asc(nulls_last=True))
    return bool(ordered.values_list("is_recorded", flat=True).first())
