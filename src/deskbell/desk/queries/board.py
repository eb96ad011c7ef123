"""The desk's rows as one look of the beat needs them, in a few statements whatever waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from deskbell.accounts.models import Staff, UserStatus

from ..models import (
    DeskCall,
    DeskCallKind,
    DeskCallState,
    Offer,
    OfferState,
    Receptionist,
    Standing,
)
from ..rules.queue import REST_AFTER_FAILING, REST_AFTER_REFUSING
from ..rules.rounds import CallRow, PersonRow, RingRow


@dataclass(frozen=True, slots=True)
class Board:
    """Who waits, who is not away, what rings, which pairs rest from each other, and which calls
    have been written down for long enough."""

    calls: list[CallRow]
    people: list[PersonRow]
    rings: list[RingRow]
    resting: frozenset[tuple[int, int]]
    wrapped: list[tuple[int, int | None]]


def board(at: datetime) -> Board:
    """All of it at `at`, of all accounts: five statements at most. Needs a system scope."""
    calls = _calls()
    return Board(
        calls=calls,
        people=_people(),
        rings=_rings(),
        resting=_resting(at) if calls else frozenset(),
        wrapped=_wrapped(at),
    )


def _calls() -> list[CallRow]:
    found = DeskCall.objects.filter(state=DeskCallState.WAITING).values_list(
        "pk",
        "rank_at",
        "skill_id",
        "preferred_id",
        "way",
        "gives_up_at",
        "kind",
        "call__ended_at",
    )
    return [CallRow(*row[:6], row[6] == DeskCallKind.OUTGOING, row[7] is not None) for row in found]


def _people() -> list[PersonRow]:
    found = (
        Receptionist.objects.exclude(standing=Standing.AWAY)
        .annotate(known=ArrayAgg("skills", filter=Q(skills__isnull=False)))
        .order_by()
        .values_list(
            "pk",
            "standing",
            "leaves_after",
            "since",
            "seen_at",
            "phone",
            "user__status",
            "user__staff",
            "known",
        )
    )
    return [
        PersonRow(
            *row[:6],
            can_ring=bool(row[5]) and row[6] == UserStatus.ACTIVE and row[7] != Staff.NONE,
            skills=frozenset(row[8] or ()),
        )
        for row in found
    ]


def _rings() -> list[RingRow]:
    found = Offer.objects.filter(state=OfferState.RINGING).values_list(
        "pk", "desk_call_id", "receptionist_id", "made_at", "rung_at", "is_claimed"
    )
    return [RingRow(*row) for row in found]


def _resting(at: datetime) -> frozenset[tuple[int, int]]:
    refused = Q(state=OfferState.REFUSED, ended_at__gt=at - REST_AFTER_REFUSING)
    failed = Q(state=OfferState.FAILED, ended_at__gt=at - REST_AFTER_FAILING)
    found = Offer.objects.filter(refused | failed, desk_call__state=DeskCallState.WAITING)
    return frozenset(found.values_list("desk_call_id", "receptionist_id"))


def _wrapped(at: datetime) -> list[tuple[int, int | None]]:
    states = [DeskCallState.WRAPPING, DeskCallState.PASSED_ON]
    found = DeskCall.objects.filter(state__in=states, wrap_until__lte=at)
    return list(found.values_list("pk", "receptionist_id"))
