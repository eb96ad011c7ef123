"""How receptionists did: what they were rung for, what they answered, and how their time went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import (
    Aggregate,
    Avg,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    Sum,
    Value,
)
from django.db.models.functions import Greatest, Least

from deskbell.platform.tenancy import system_scope

from ..models import (
    DeskCall,
    DeskCallKind,
    Form,
    Offer,
    OfferState,
    Party,
    Receptionist,
    Spell,
    Standing,
)
from ..rules.hands import How

_REASON: Final = "receptionists serve every account"
_NONE: Final = timedelta(0)
_ANSWERED: Final = Q(state__in=[OfferState.ANSWERED, OfferState.DONE])


class _NinetiethPercentile(Aggregate):
    template = "percentile_cont(0.9) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True, slots=True)
class Performance:
    """What a receptionist did in a span.

    `offered` are rings for callers, of which some were answered, missed or refused, and the rest
    went to somebody else. How long a ring lasted until the answer is `mean_answer` and
    `slow_answer`, which nine of ten were below; None without any. Talk, hold and wrapping up are of
    the calls that nobody else had after them; the last four are how long they stood in which way.
    """

    receptionist: Receptionist
    offered: int = 0
    answered: int = 0
    missed: int = 0
    refused: int = 0
    mean_answer: timedelta | None = None
    slow_answer: timedelta | None = None
    talk: timedelta = _NONE
    hold: timedelta = _NONE
    wrap: timedelta = _NONE
    transfers: int = 0
    messages: int = 0
    available: timedelta = _NONE
    in_call: timedelta = _NONE
    wrapping: timedelta = _NONE
    away: timedelta = _NONE


def performance(
    since: datetime, until: datetime, at: datetime, *, user_id: int | None = None
) -> list[Performance]:
    """How all receptionists did from `since` to before `until`, by name, or the one of a user.

    `at` is now, where the present standing ends. Six statements, in a system scope of its own.
    """
    with system_scope(_REASON):
        people = Receptionist.objects.select_related("user").order_by("user__name", "pk")
        if user_id is not None:
            people = people.filter(user=user_id)
        found = list(people)
        ids = [each.pk for each in found]
        counts = (_rings, _calls, _transfers, _messages)
        parts = [count(ids, since, until) for count in counts]
        parts.append(_standings(found, since, min(until, at)))
    return [
        Performance(
            each, **{name: value for part in parts for name, value in part[each.pk].items()}
        )
        for each in found
    ]


Figures = Mapping[int, dict[str, Any]]


def _rings(ids: Collection[int], since: datetime, until: datetime) -> Figures:
    rings = Offer.objects.filter(receptionist__in=ids, made_at__gte=since, made_at__lt=until)
    rings = rings.exclude(desk_call__kind=DeskCallKind.OUTGOING)
    lasted = ExpressionWrapper(F("answered_at") - F("made_at"), DurationField())
    return _by_receptionist(
        rings.order_by()
        .values("receptionist_id")
        .annotate(
            offered=Count("pk"),
            answered=Count("pk", filter=_ANSWERED),
            missed=Count("pk", filter=Q(state=OfferState.MISSED)),
            refused=Count("pk", filter=Q(state=OfferState.REFUSED)),
            mean_answer=Avg(lasted),
            slow_answer=_NinetiethPercentile(lasted, output_field=DurationField()),
        )
    )


def _calls(ids: Collection[int], since: datetime, until: datetime) -> Figures:
    """The calls that came to the desk in the span, or were made from it."""
    calls = DeskCall.objects.filter(
        receptionist__in=ids, entered_at__gte=since, entered_at__lt=until
    )
    second = Value(timedelta(seconds=1), output_field=DurationField())
    sums = {
        name: Sum(
            ExpressionWrapper(F(f"call__{name}_sec") * second, DurationField()), default=_NONE
        )
        for name in ("talk", "hold", "wrap")
    }
    return _by_receptionist(calls.order_by().values("receptionist_id").annotate(**sums))


def _transfers(ids: Collection[int], since: datetime, until: datetime) -> Figures:
    found = Party.objects.filter(
        desk_call__receptionist__in=ids, made_at__gte=since, made_at__lt=until
    ).exclude(how=How.OUT)
    rows = found.order_by().values(receptionist_id=F("desk_call__receptionist_id"))
    return _by_receptionist(rows.annotate(transfers=Count("pk")))


def _messages(ids: Collection[int], since: datetime, until: datetime) -> Figures:
    sent = Form.objects.filter(
        receptionist__in=ids, submitted_at__gte=since, submitted_at__lt=until
    )
    return _by_receptionist(
        sent.order_by().values("receptionist_id").annotate(messages=Count("pk"))
    )


def _standings(people: Iterable[Receptionist], since: datetime, until: datetime) -> Figures:
    """How long each stood in which way; the present one goes on until the end of the span."""
    here = {each.pk: each for each in people}
    spells = Spell.objects.filter(receptionist__in=here, ended_at__gt=since, began_at__lt=until)
    lasted = ExpressionWrapper(
        Least("ended_at", Value(until)) - Greatest("began_at", Value(since)), DurationField()
    )
    rows = spells.order_by().values_list("receptionist_id", "standing")
    found: dict[int, dict[str, timedelta]] = defaultdict(dict)
    sums = [
        *rows.annotate(lasted=Sum(lasted)),
        *((pk, each.standing, until - max(each.since, since)) for pk, each in here.items()),
    ]
    for pk, standing, span in sums:
        if standing in _STANDINGS and span > _NONE:
            found[pk][standing] = found[pk].get(standing, _NONE) + span
    return found


_STANDINGS: Final = {each.name for each in fields(Performance)} & set(Standing.values)


def _by_receptionist(rows: Iterable[Mapping[str, Any]]) -> Figures:
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in rows:
        figures = dict(row)
        found[figures.pop("receptionist_id")] = figures
    return found
