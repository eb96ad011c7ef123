"""New events. Source: seed 000, "Add New Events" and "Schedule Recurring Events"."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction

from deskbell.contacts.models import DeliveryMethod
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.changes import touch

from ..models import EscalationLevel, Event
from ..rules import Shift, checked
from .kept import chosen_methods, lock_levels, put_shift
from .occurrences import rewrite

MOST_NOTE = 200


class Rule(TypedDict, total=False):
    """How an event comes back, as `rules.Shift` says it; what is left out is as there."""

    frequency: str
    interval: int
    weekdays: Collection[int]
    month_days: Collection[int]
    nth_weekdays: Collection[tuple[int, int]]
    until: date | None
    count: int | None
    skipped: Collection[date]


def add_event(
    *,
    level: EscalationLevel,
    methods: Sequence[DeliveryMethod],
    starts: datetime,
    ends: datetime,
    at: datetime,
    note: str = "",
    **rule: Unpack[Rule],
) -> Event:
    """Puts delivery methods on call on a level, once, or again and again by a rule.

    `starts` and `ends` are wall-clock times of the account's zone, without an offset. Writes the
    occurrences of the next 400 days at least. Raises InvalidInput for an event without methods, for
    methods and levels that are not the account's, and for what `rules.checked` refuses.
    """
    shift = possible(Shift(starts, ends, **ruled(rule)))
    with transaction.atomic():
        chosen = chosen_methods(level.account_id, methods)
        kept = lock_levels(level.account_id, [level.pk])[level.pk]
        event = Event(account=kept.account, level=kept, note=checked_note(note), created_at=at)
        put_shift(event, shift)
        event.save()
        event.methods.set(chosen)
        rewrite(event, at)
        touch(level.account_id)
    return event


def ruled(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule's fields as `rules.Shift` takes them."""
    found = dict(rule)
    for name in found.keys() & {"weekdays", "month_days", "nth_weekdays", "skipped"}:
        found[name] = frozenset(_pairs(found[name]) if name == "nth_weekdays" else found[name])
    return found


def _pairs(found: Collection[Sequence[int]]) -> list[tuple[int, ...]]:
    return [tuple(each) for each in found]


def possible(shift: Shift) -> Shift:
    """The shift as it is kept, its skipped days as they are: see `rules.checked`.

    Changed instances stand for skipped days, so a rule may well skip all that it has. Raises
    InvalidInput, for times with an offset too.
    """
    if shift.starts.tzinfo or shift.ends.tzinfo:
        raise InvalidInput("Events are set in wall-clock time, without an offset", field="starts")
    return replace(checked(replace(shift, skipped=frozenset())), skipped=shift.skipped)


def checked_note(note: str) -> str:
    """A note, stripped. Raises InvalidInput for one that is too long."""
    note = note.strip()
    if len(note) > MOST_NOTE:
        raise InvalidInput(f"A note has {MOST_NOTE} characters at most", field="note")
    return note
