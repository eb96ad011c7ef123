"""Who is on call now and who comes next, as the pages show it: level by level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery.registry import transports
from deskbell.oncall.models import EscalationLevel, Occurrence

LOOK_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Watch:
    """A contact's time on call without a gap, over however many shifts, and how it is reached.

    `ways` are words for people: "email", "external API". `ends` is None where it lasts for all of
    the time that was looked at.
    """

    name: str
    ways: Sequence[str]
    starts: datetime
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class LevelDuty:
    """A level with who is on call on it now, and who else comes next."""

    level: EscalationLevel
    now: Sequence[Watch]
    next: Sequence[Watch]


@dataclass(frozen=True, slots=True)
class _Shift:
    contact_id: int
    method: DeliveryMethod
    starts: datetime
    ends: datetime


def on_call_now(account_id: int, at: datetime) -> list[LevelDuty]:
    """The account's levels in their order; four queries, in the account's scope."""
    horizon = at + LOOK_AHEAD
    spans = (
        Occurrence.objects.filter(account_id=account_id, span__overlap=(at, horizon))
        .select_related("event")
        .prefetch_related("event__methods__contact")
        .order_by("span")
    )
    by_level: dict[int, list[_Shift]] = defaultdict(list)
    for occurrence in spans:
        by_level[occurrence.level_id].extend(_shifts(occurrence))
    levels = EscalationLevel.objects.filter(account_id=account_id).select_related(
        "next_level", "fallback"
    )
    return [_duty(level, by_level[level.pk], at, horizon) for level in levels]


def _shifts(occurrence: Occurrence) -> Iterator[_Shift]:
    span = occurrence.span
    for method in occurrence.event.methods.all():
        yield _Shift(method.contact_id, method, span.lower, span.upper)


def _duty(
    level: EscalationLevel, shifts: Sequence[_Shift], at: datetime, horizon: datetime
) -> LevelDuty:
    here = {each.contact_id for each in shifts if each.starts <= at < each.ends}
    current = [_watch(shifts, contact, at, horizon) for contact in here]
    coming = [each for each in shifts if each.starts > at and each.contact_id not in here]
    first = min((each.starts for each in coming), default=None)
    following = {each.contact_id for each in coming if each.starts == first}
    starts = first or at
    later = [_watch(coming, contact, starts, horizon) for contact in following]
    return LevelDuty(level, _by_name(current), _by_name(later))


def _watch(shifts: Sequence[_Shift], contact_id: int, starts: datetime, horizon: datetime) -> Watch:
    """Shifts in the order of their starts; those that touch are one watch."""
    own = [each for each in shifts if each.contact_id == contact_id]
    ends = starts
    for each in own:
        if each.starts <= ends:
            ends = max(ends, each.ends)
    ways = {way_of(each.method.kind) for each in own if each.starts <= starts < each.ends}
    name = own[0].method.contact.name
    return Watch(name, sorted(ways), starts, None if ends >= horizon else ends)


def way_of(kind: str) -> str:
    """A kind of delivery method in the words that people know it by, inside a sentence."""
    known = transports().get(kind)
    return known.label[0].lower() + known.label[1:] if known else kind


def _by_name(watches: Sequence[Watch]) -> list[Watch]:
    return sorted(watches, key=lambda watch: watch.name)
