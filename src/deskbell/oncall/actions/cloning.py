"""Copies of events and of whole calendars. Source: seed 000, "Clone Events" and "Clone
Escalation Levels"."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from deskbell.foundation.errors import InvalidInput
from deskbell.platform.changes import touch

from ..models import EscalationLevel, Event
from ..queries import shift_of
from ..rules import Shift
from .kept import levels_of_series, lock_levels, lock_series
from .occurrences import rewrite
from .series import Series, copied, stand_alone


def clone_event(
    *, event: Event, level: EscalationLevel, at: datetime, day: date | None = None
) -> Event:
    """Puts a copy of an event on a level, its own too: a series with its schedule, its skipped days
    and its changed instances; of a changed instance a copy that happens once.

    With a `day` only the instance that starts then, as an event that happens once. Raises
    InvalidInput for another account's level or an instance that is not there, NotFound where the
    event is gone.
    """
    with transaction.atomic():
        levels = lock_levels(event.account_id, {level.pk, *levels_of_series(event)})
        series = Series(*lock_series(event))
        if day is not None or series.changed is not None:
            made = _clone_one(series, day, levels[level.pk], at)
        else:
            made = _clone_all(series.root, levels[level.pk], at)
        touch(event.account_id)
    return made


def clone_level(
    *, level: EscalationLevel, onto: EscalationLevel, at: datetime, replace: bool = False
) -> int:
    """Puts copies of all events of a level onto another, beside what is there, or with `replace`
    instead of it. Overrides are not copied: they are exceptions of their own level.

    Gives how many events were copied; a series is one. Raises InvalidInput for a level onto itself
    or onto another account's.
    """
    if level.pk == onto.pk:
        raise InvalidInput("A level cannot be cloned onto itself", field="onto")
    with transaction.atomic():
        levels = lock_levels(level.account_id, [level.pk, onto.pk])
        if replace:
            stand_alone(onto)
            Event.objects.filter(level=onto).delete()
        roots = Event.objects.filter(level=level, part_of=None).select_related("account")
        alone = (
            Event.objects.filter(level=level).exclude(part_of=None).exclude(part_of__level=level)
        )
        count = 0
        for event in roots.prefetch_related("methods").order_by("pk"):
            _clone_all(event, levels[onto.pk], at)
            count += 1
        for event in alone.select_related("account").prefetch_related("methods").order_by("pk"):
            _clone(event, shift_of(event), levels[onto.pk], at)
            count += 1
        touch(level.account_id)
    return count


def _clone_one(series: Series, day: date | None, level: EscalationLevel, at: datetime) -> Event:
    starts, ends = series.shown(day)
    source = series.changed or series.changed_on(day) or series.root
    return _clone(source, Shift(starts, ends), level, at)


def _clone_all(event: Event, level: EscalationLevel, at: datetime) -> Event:
    """Changed instances that lie on a level of their own stay there alone: their days are empty in
    the copy."""
    made = _clone(event, shift_of(event), level, at)
    for changed in event.changed.filter(level_id=event.level_id).select_related("account"):
        copy = _clone(changed, shift_of(changed), level, at)
        copy.part_of, copy.original = made, changed.original
        copy.save(update_fields=["part_of", "original"])
    return made


def _clone(event: Event, shift: Shift, level: EscalationLevel, at: datetime) -> Event:
    made = copied(event, shift, at)
    made.level = level
    made.save()
    made.methods.set(event.methods.all())
    rewrite(made, at)
    return made
