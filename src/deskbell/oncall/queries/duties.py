"""Who is on call at an instant: one statement, at any distance, overrides applied.

The rows of occurrences answer where they reach; an event whose rows do not reach so far (see
`Event.expanded_from`, `expanded_until`) is computed from its rule, which the statement gives too.
It is written out, because an ORM takes longer to put it together than PostgreSQL takes to answer
it. Source: design, on call, "Time" and "Overrides and cover".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.platform.tenancy import current_scope

from ..models import Event, OverrideKind
from ..rules import Change, Duty, apply, is_on_call
from .shifts import shift_of

_METHOD = [f"m.{field.column}" for field in DeliveryMethod._meta.concrete_fields]
_CONTACT = [f"c.{field.column}" for field in Contact._meta.concrete_fields]
# GiST compares with a bigint only: a smaller integer would leave the index unused.
_LEVEL = "= %(level)s::bigint"
_LEVELS = "IN (SELECT id FROM oncall_escalationlevel WHERE account_id = %(account)s)"
_SHIFT, _OVERRIDE, _RULE = range(3)
_RULE_FIELDS: dict[str, Callable[[Any], Any]] = {
    "starts": datetime.fromisoformat,
    "ends": datetime.fromisoformat,
    "frequency": str,
    "interval": int,
    "weekdays": list,
    "month_days": list,
    "nth_weekdays": list,
    "until": lambda until: until and date.fromisoformat(until),
    "count": lambda count: count,
    "skipped": lambda days: [date.fromisoformat(day) for day in days],
}
_STATEMENT = f"""
WITH shift (source, event_id, level_id, rule) AS (
  SELECT {_SHIFT}, o.event_id, o.level_id, NULL
  FROM oncall_occurrence o WHERE o.level_id {{of}} AND o.span @> %(at)s
  UNION ALL
  SELECT {_RULE}, e.id, e.level_id, json_build_array(
    (SELECT time_zone FROM accounts_account WHERE id = e.account_id),
    {", ".join(f"e.{name}" for name in _RULE_FIELDS)}
  )::text
  FROM oncall_event e
  WHERE e.level_id {{of}} AND (e.expanded_until <= %(at)s OR e.expanded_from > %(at)s)
),
duty (source, ref, level_id, kind, taken_out, method_id, rule) AS (
  SELECT s.source, s.event_id, s.level_id, '', NULL::bigint, em.deliverymethod_id, s.rule
  FROM shift s JOIN oncall_event_methods em ON em.event_id = s.event_id
  UNION ALL
  SELECT {_OVERRIDE}, v.id, v.level_id, v.kind, v.contact_id, vm.deliverymethod_id, NULL
  FROM oncall_override v LEFT JOIN oncall_override_methods vm ON vm.override_id = v.id
  WHERE v.account_id = %(account)s::bigint AND v.span @> %(at)s
    AND (v.level_id IS NULL OR v.level_id {{of}})
)
SELECT duty.*, {", ".join(_METHOD + _CONTACT)}
FROM duty
LEFT JOIN contacts_deliverymethod m ON m.id = duty.method_id
LEFT JOIN contacts_contact c ON c.id = m.contact_id
ORDER BY duty.source, duty.ref, duty.method_id
"""  # noqa: S608 put together of the names of columns
ONE_LEVEL, ALL_LEVELS = _STATEMENT.format(of=_LEVEL), _STATEMENT.format(of=_LEVELS)


class Row(NamedTuple):
    """What may be on call: by a shift, by an override, or by a rule that is yet to be asked."""

    source: int
    ref: int
    level_id: int | None
    kind: str
    taken_out: int | None
    method_id: int | None
    rule: str | None
    values: tuple[Any, ...]


def rows_of(statement: str, *, account_id: int, level_id: int | None, at: datetime) -> list[Row]:
    """All that may be on call, by ONE_LEVEL of an account or ALL_LEVELS; one query.

    Nothing of an account that the scope does not show.
    """
    scope = current_scope()
    if scope.account_id not in (None, account_id):
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, {"account": account_id, "level": level_id, "at": at})
        return [Row._make((*row[:7], row[7:])) for row in cursor.fetchall()]


def on_call_by_rule(rows: Iterable[Row], at: datetime) -> Collection[int]:
    """Which of the events that have to be computed are on call."""
    rules = {row.ref: row.rule for row in rows if row.rule is not None}
    return {event_id for event_id, rule in rules.items() if _is_on_call(rule, at)}


def _is_on_call(rule: str, at: datetime) -> bool:
    time_zone, *values = json.loads(rule)
    fields = {
        name: read(value) for (name, read), value in zip(_RULE_FIELDS.items(), values, strict=True)
    }
    return is_on_call(shift_of(Event(**fields)), ZoneInfo(time_zone), at)


def on_duty(rows: Iterable[Row], by_rule: Collection[int]) -> list[DeliveryMethod]:
    """The methods that are on call on the level whose rows these are, oldest first, each once."""
    known: dict[int, DeliveryMethod] = {}
    by_shift: list[Duty] = []
    overrides: dict[int, tuple[Row, list[Duty]]] = {}
    for row in rows:
        if row.source == _RULE and row.ref not in by_rule:
            continue
        put_in = by_shift
        if row.source == _OVERRIDE:
            put_in = overrides.setdefault(row.ref, (row, []))[1]
        if row.method_id is not None:
            method = known.get(row.method_id) or _method(row.values)
            known[row.method_id] = method
            put_in.append(Duty(method.pk, method.contact_id))
    effective = apply(by_shift, list(_changes(overrides.values())))
    return [known[method_id] for method_id in sorted({duty.method_id for duty in effective})]


def _changes(overrides: Iterable[tuple[Row, list[Duty]]]) -> Iterator[Change]:
    for row, duties in sorted(overrides, key=lambda each: each[0].ref):
        if counts(row.kind, duties):
            yield Change(row.kind, row.taken_out, tuple(duties))


def counts(kind: str, put_in: Collection[object]) -> bool:
    """Whether an override does anything: one that lost all that it put in would leave a gap where
    somebody was to be covered, so it no longer counts."""
    return kind == OverrideKind.REMOVE or bool(put_in)


def _method(values: tuple[Any, ...]) -> DeliveryMethod:
    method = DeliveryMethod.from_db(connection.alias, _METHOD_FIELDS, values[: len(_METHOD)])
    method.contact = Contact.from_db(connection.alias, _CONTACT_FIELDS, values[len(_METHOD) :])
    return method


_METHOD_FIELDS = [field.attname for field in DeliveryMethod._meta.concrete_fields]
_CONTACT_FIELDS = [field.attname for field in Contact._meta.concrete_fields]
