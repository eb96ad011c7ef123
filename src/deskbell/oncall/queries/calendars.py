"""Reads of calendars: levels, who is on call, what comes next.

All need the tenancy scope of the account (or a system scope).
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from django.db.models import Min, Q, QuerySet

from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.contacts.queries import methods_of
from deskbell.foundation.errors import NotFound

from ..models import EscalationLevel, Event, Occurrence, OncallDefaults, Override
from ..rules import occurrences
from .duties import ALL_LEVELS, ONE_LEVEL, Row, on_call_by_rule, on_duty, rows_of
from .shifts import shift_of, zone_of

_MOST_LOOKS = 100
_END_OF_TIME = datetime(2300, 1, 1, tzinfo=UTC)


def levels() -> QuerySet[EscalationLevel]:
    """The account's levels in their order."""
    return EscalationLevel.objects.order_by("position", "id")


def level(level_id: int) -> EscalationLevel:
    """One level. Raises NotFound."""
    found = levels().filter(pk=level_id).first()
    if found is None:
        raise NotFound("No such escalation level")
    return found


def event(event_id: int) -> Event:
    """One event with its level. Raises NotFound."""
    found = Event.objects.select_related("level", "account").filter(pk=event_id).first()
    if found is None:
        raise NotFound("No such event")
    return found


def on_call(level: EscalationLevel, at: datetime) -> list[DeliveryMethod]:
    """The delivery methods on call on a level at an instant, overrides applied, each once, with
    their contacts, oldest first.

    One query, at any distance. An event that was left without methods puts nobody on call.
    """
    rows = rows_of(ONE_LEVEL, account_id=level.account_id, level_id=level.pk, at=at)
    return on_duty(rows, on_call_by_rule(rows, at)) if rows else []


def on_call_now(account_id: int, at: datetime) -> list[tuple[EscalationLevel, list[Contact]]]:
    """Every level of an account with the contacts on call there at an instant, overrides applied,
    each once, by name.

    Two queries, however many levels there are.
    """
    rows = rows_of(ALL_LEVELS, account_id=account_id, level_id=None, at=at)
    by_rule = on_call_by_rule(rows, at)
    everywhere = [row for row in rows if row.level_id is None]
    by_level: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if row.level_id is not None:
            by_level[row.level_id].append(row)
    return [
        (each, _contacts(on_duty([*by_level.get(each.pk, ()), *everywhere], by_rule)))
        for each in levels().filter(account_id=account_id)
    ]


def _contacts(methods: Iterable[DeliveryMethod]) -> list[Contact]:
    found = {method.contact_id: method.contact for method in methods}
    return sorted(found.values(), key=lambda contact: (contact.name, contact.pk))


def level_fallback(level: EscalationLevel) -> list[DeliveryMethod]:
    """The methods of the contact that the level falls back on; none where it has none."""
    return [] if level.fallback_id is None else methods_of(level.fallback_id)


def account_fallback(account_id: int) -> list[DeliveryMethod]:
    """The methods of the contact that the account falls back on; none where it has none."""
    found = OncallDefaults.objects.filter(account_id=account_id)
    contact_id = found.values_list("fallback_id", flat=True).first()
    return [] if contact_id is None else methods_of(contact_id)


def next_shift(level: EscalationLevel, at: datetime) -> datetime | None:
    """When somebody next comes on call on a level after `at`, overrides applied; None where no
    shift is to come.

    Looks at what begins or ends, one after the other, until somebody is there: as a rule three
    queries. Gives up after many for which nobody is, with the next one that begins.
    """
    found = at
    for _ in range(_MOST_LOOKS):
        coming = _next_change(level, found)
        if coming is None:
            return None
        found = coming
        if on_call(level, found):
            return found
    return found


def _next_change(level: EscalationLevel, at: datetime) -> datetime | None:
    """The first instant after `at` at which a shift or an override may put somebody on call."""
    rows = Occurrence.objects.filter(
        level=level, span__startswith__gt=at, event__methods__isnull=False
    ).aggregate(first=Min("span__startswith"))
    overrides = Override.objects.filter(
        Q(level=level) | Q(level=None), account_id=level.account_id, span__endswith__gt=at
    )
    spans = overrides.aggregate(
        starts=Min("span__startswith", filter=Q(span__startswith__gt=at)),
        ends=Min("span__endswith"),
    )
    known = [each for each in (rows["first"], spans["starts"], spans["ends"]) if each]
    return min([*known, *_starts_by_rule(level, at, min(known, default=None))], default=None)


def _starts_by_rule(
    level: EscalationLevel, at: datetime, before: datetime | None
) -> Iterator[datetime]:
    """When the shifts next start that are not all kept as rows between two instants."""
    unknown = Q(expanded_from__gt=at) | (
        Q(expanded_until__lt=before) if before else Q(expanded_until__isnull=False)
    )
    events = Event.objects.filter(unknown, level=level, methods__isnull=False).distinct()
    soon = at + timedelta(microseconds=1)
    for each in events.select_related("account"):
        spans = occurrences(shift_of(each), zone_of(each.account), soon, before or _END_OF_TIME)
        yield from (span.start for span in itertools.islice(spans, 1))
