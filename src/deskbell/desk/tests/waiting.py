"""How calls and receptionists stand, and how a caller's call ends."""

from __future__ import annotations

from datetime import datetime

from deskbell.calls import actions as records
from deskbell.calls.models import StageOfCall
from deskbell.desk.models import (
    DeskCall,
    Offer,
    OfferState,
    Receptionist,
)


def standing(receptionist: Receptionist) -> str:
    receptionist.refresh_from_db()
    return receptionist.standing


def state(call: DeskCall) -> str:
    call.refresh_from_db()
    return call.state


def ring_of(receptionist: Receptionist) -> Offer:
    return Offer.objects.get(receptionist=receptionist, state=OfferState.RINGING)


def rung(call: DeskCall) -> set[str]:
    found = Offer.objects.filter(desk_call=call, state=OfferState.RINGING)
    return set(found.values_list("receptionist__user__name", flat=True))


def stages(call: DeskCall) -> list[str]:
    found = StageOfCall.objects.filter(call=call.call).order_by("at", "id")
    return list(found.values_list("stage", flat=True))


def queued(name: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pgqueuer WHERE entrypoint = %s", [name])
        [found] = cursor.fetchone() or [0]
    return int(found)


def end(call: DeskCall, at: datetime, who: str = "caller", status: str = "completed") -> None:
    seconds = round((at - call.entered_at).total_seconds())
    records.end(sid=call.call_sid, status=status, at=at, seconds=seconds, who=who, quality={})
