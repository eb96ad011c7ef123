"""What desks and supervisors see: the queue, and who does what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection

from deskbell.platform.changes import version_of
from deskbell.platform.tenancy import system_scope

from ..models import DeskCall, DeskCallState, Offer, OfferState, Receptionist
from .desks import WITH, is_written
from .duty import FLOOR
from .reception import waiting_calls

_REASON: Final = "desks and supervisors see who waits for every account"


@dataclass(frozen=True, slots=True)
class AtFloor:
    """A receptionist, with what they do: the offer that rings, or the call in hand or written."""

    receptionist: Receptionist
    offer: Offer | None = None
    desk_call: DeskCall | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """The first of those who wait, the next one first, and how many wait in all."""

    first: Sequence[DeskCall]
    count: int


def queue(most: int, account_id: int | None = None) -> Queue:
    """Who waits, `most` of them with account, number, record and skill; of one account where that
    is given. Two statements, in a system scope of its own."""
    with system_scope(_REASON):
        waiting = waiting_calls()
        if account_id is not None:
            waiting = waiting.filter(account_id=account_id)
        first = list(waiting.select_related(*WITH).order_by("rank_at", "pk")[:most])
        return Queue(first, waiting.count())


def floor() -> list[AtFloor]:
    """All receptionists by name with what they do, in four statements, in a system scope of its
    own.

    Receptionists have their users and skills; calls have account, number, record and skill.
    """
    with system_scope(_REASON):
        people = Receptionist.objects.select_related("user").prefetch_related("skills")
        offers = Offer.objects.filter(state=OfferState.RINGING)
        with_call = offers.select_related(*(f"desk_call__{each}" for each in WITH))
        rung = {each.receptionist_id: each for each in with_call}
        calls = DeskCall.objects.exclude(state=DeskCallState.OVER).exclude(receptionist=None)
        has: dict[int | None, DeskCall] = {}
        for each in calls.select_related(*WITH).order_by("pk"):
            if each.state == DeskCallState.IN_HAND or is_written(each):
                has[each.receptionist_id] = each
        return [AtFloor(each, rung.get(each.pk), has.get(each.pk)) for each in people]


@dataclass(frozen=True, slots=True)
class Versions:
    """The numbers of what a desk shows: of the floor, and its own."""

    floor: int
    desk: int


def versions_of(receptionist_id: int) -> Versions | None:
    """Both in one indexed read; None where there is no such desk."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce("
            "(SELECT version FROM platform_accountversion WHERE account_id = %s), 0),"
            " version FROM desk_receptionist WHERE id = %s",
            [FLOOR, receptionist_id],
        )
        found = cursor.fetchone()
    return Versions(*found) if found else None


def floor_version() -> int:
    """The number of what the floor shows: one indexed read."""
    return version_of(FLOOR)
