"""The rows that feeds are made of, as JSON that PostgreSQL builds.

A feed of 500 events is read by calendar programs all day long; as models its rows take longer to
load than the whole feed may. Every statement names its account, for none of them passes through
the managers that see to it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any

from django.db import connection

from deskbell.platform.tenancy import current_scope

from ..queries.duties import counts
from ..rules import Change, Duty, Shift, Span
from .links import Named
from .rosters import Cover, Series

_OWNER = """
SELECT owner.name, account.time_zone, coalesce(changes.version, 0)
FROM {table} owner
JOIN accounts_account account ON account.id = owner.account_id
LEFT JOIN platform_accountversion changes ON changes.account_id = owner.account_id
WHERE owner.account_id = %(account)s AND owner.id = %(id)s AND owner.feed_revision = %(revision)s
"""
_TABLES = {"level": "oncall_escalationlevel", "contact": "contacts_contact"}
_DUTIES = """
SELECT json_agg(json_build_array(method.id, contact.id, contact.name) ORDER BY method.id)
FROM {through} AS chosen
JOIN contacts_deliverymethod method ON method.id = chosen.deliverymethod_id
JOIN contacts_contact contact ON contact.id = method.contact_id
"""
_COVERS = f"""
SELECT coalesce(json_agg(json_build_array(
    override.uid, override.level_id, lower(override.span), upper(override.span),
    override.kind, override.contact_id,
    ({_DUTIES.format(through="oncall_override_methods")} WHERE chosen.override_id = override.id)
) ORDER BY override.id), '[]')::text
FROM oncall_override override
WHERE override.account_id = %(account)s AND upper(override.span) > %(begin)s
    AND (%(level)s::bigint IS NULL OR override.level_id IS NULL OR override.level_id = %(level)s)
"""  # noqa: S608 put together of our own text alone
_EVENTS = f"""
WITH event AS (
    SELECT event.*, (
        {_DUTIES.format(through="oncall_event_methods")}
        WHERE chosen.event_id = event.id
            AND (%(wanted)s::bigint[] IS NULL OR contact.id = ANY(%(wanted)s))
    ) AS duties
    FROM oncall_event event
    WHERE event.account_id = %(account)s
        AND (%(level)s::bigint IS NULL OR event.level_id = %(level)s)
        AND NOT (event.frequency = 'once' AND event.ends < %(begin)s - interval '2 days')
        AND coalesce(event.until, 'infinity') >= (%(begin)s - interval '370 days')::date
)
SELECT coalesce(json_agg(json_build_array(
    event.id, event.uid, event.level_id, event.part_of_id, event.original, event.duties,
    event.starts AT TIME ZONE 'UTC', event.ends AT TIME ZONE 'UTC',
    event.frequency, event.interval, event.weekdays, event.until, event.count,
    event.month_days, event.nth_weekdays, event.skipped
) ORDER BY event.id), '[]')::text
FROM event WHERE event.duties IS NOT NULL
"""  # noqa: S608 put together of our own text alone


def owner_of(named: Named) -> tuple[str, str, int] | None:
    """The name of a feed's level or contact, its account's zone and version; None where it is gone
    or has got another link."""
    with connection.cursor() as cursor:
        cursor.execute(
            _OWNER.format(table=_TABLES[named.kind]),
            {"account": _account(named), "id": named.id, "revision": named.revision},
        )
        found: tuple[str, str, int] | None = cursor.fetchone()
    return found


def covers_of(named: Named, begin: datetime, names: dict[int, str]) -> tuple[Cover, ...]:
    """The overrides that are not over at `begin`, as they were set, without those that lost all
    that they put in; fills in contacts' names."""
    level = named.id if named.kind == "level" else None
    return tuple(
        Cover(
            uid=uid,
            level_id=level_id,
            span=Span(datetime.fromisoformat(start), datetime.fromisoformat(end)),
            change=Change(kind, contact_id, _duties(duties or [], names)),
        )
        for uid, level_id, start, end, kind, contact_id, duties in _asked(
            _COVERS, named, {"level": level, "begin": begin}
        )
        if counts(kind, duties or [])
    )


def series_of(
    named: Named, begin: datetime, wanted: Collection[int] | None, names: dict[int, str]
) -> Iterator[Series]:
    """The events that are not over at `begin` and have somebody on duty, of `wanted` contacts only;
    fills in contacts' names."""
    level = named.id if named.kind == "level" else None
    given = {"level": level, "begin": begin, "wanted": None if wanted is None else [*wanted]}
    for row in _asked(_EVENTS, named, given):
        number, uid, level_id, part_of, original, duties, *rule = row
        yield Series(
            id=number,
            uid=uid,
            level_id=level_id,
            shift=_shift(*rule),
            duties=_duties(duties, names),
            part_of=part_of,
            original=_day(original),
        )


def _account(named: Named) -> int:
    """The account's id. Raises OutOfScope outside every scope, as a manager does."""
    scope = current_scope()
    return named.account_id if scope.account_id is None else scope.account_id


def _asked(statement: str, named: Named, given: dict[str, Any]) -> list[list[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"account": _account(named), **given})
        [text] = cursor.fetchone()
    found: list[list[Any]] = json.loads(text)
    return found


def _duties(rows: list[list[Any]], names: dict[int, str]) -> tuple[Duty, ...]:
    names.update((contact_id, name) for _, contact_id, name in rows)
    return tuple(Duty(method_id, contact_id) for method_id, contact_id, _ in rows)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _shift(
    starts: str,
    ends: str,
    frequency: str,
    interval: int,
    weekdays: list[int],
    until: str | None,
    count: int | None,
    month_days: list[int],
    nth_weekdays: list[list[int]],
    skipped: list[str],
) -> Shift:
    return Shift(
        datetime.fromisoformat(starts),
        datetime.fromisoformat(ends),
        frequency,
        interval,
        frozenset(weekdays),
        _day(until),
        count,
        frozenset(month_days),
        frozenset((nth, weekday) for nth, weekday in nth_weekdays),
        frozenset(map(date.fromisoformat, skipped)),
    )
