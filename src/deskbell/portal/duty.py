"""Who is on call now and who comes next, as the pages show it: level by level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from deskbell.contacts.models import DeliveryMethod
from deskbell.oncall.models import EscalationLevel, Occurrence

LOOK_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Watch:
    """A contact on call, by what it is reached, and until when; or from when, for the next one."""

    name: str
    kinds: Sequence[str]
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class LevelDuty:
    """A level with who is on call on it now, and the shift that begins next."""

    level: EscalationLevel
    now: Sequence[Watch]
    next: Sequence[Watch]


def on_call_now(account_id: int, at: datetime) -> list[LevelDuty]:
    """The account's levels in their order; three queries, in the account's scope."""
    spans = (
        Occurrence.objects.filter(account_id=account_id, span__overlap=(at, at + LOOK_AHEAD))
        .select_related("event")
        .prefetch_related("event__methods__contact")
        .order_by("span")
    )
    by_level: dict[int, list[Occurrence]] = defaultdict(list)
    for occurrence in spans:
        by_level[occurrence.level_id].append(occurrence)
    levels = EscalationLevel.objects.filter(account_id=account_id).select_related(
        "next_level", "fallback"
    )
    return [_duty(level, by_level[level.pk], at) for level in levels]


def _duty(level: EscalationLevel, spans: Sequence[Occurrence], at: datetime) -> LevelDuty:
    current = [each for each in spans if at in each.span]
    coming = [each for each in spans if each.span.lower > at]
    first = min((each.span.lower for each in coming), default=None)
    following = [each for each in coming if each.span.lower == first]
    return LevelDuty(level, watches(current), watches(following))


def watches(occurrences: Iterable[Occurrence]) -> list[Watch]:
    """One line for each contact, however many methods and shifts it has at once."""
    found: dict[int, tuple[str, list[DeliveryMethod], list[Occurrence]]] = {}
    for occurrence in occurrences:
        for method in occurrence.event.methods.all():
            entry = found.setdefault(method.contact_id, (method.contact.name, [], []))
            entry[1].append(method)
            entry[2].append(occurrence)
    return [
        Watch(
            name,
            sorted({method.kind for method in methods}),
            min(each.span.lower for each in held),
            max(each.span.upper for each in held),
        )
        for name, methods, held in found.values()
    ]
