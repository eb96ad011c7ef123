"""An event with the instances of it that were changed by hand, and what edits make of them.

All rows of a series are locked while it is written; `editing` does that.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from deskbell.foundation.errors import InvalidInput

from ..models import EscalationLevel, Event, Occurrence
from ..queries import shift_of, zone_of
from ..rules import (
    MOST_INSTANCES,
    Shift,
    count_before,
    dates,
    day_in_words,
    instance_on,
    is_over,
    moved,
    span_on,
    split,
)
from .events import checked_note, possible, ruled
from .kept import put_shift
from .occurrences import rewrite

Times = tuple[datetime, datetime]
Changes = Mapping[str, Any]
_DAY_FIELDS = frozenset({"frequency", "weekdays", "month_days", "nth_weekdays"})
_DAY = timedelta(days=1)
_TIMES = frozenset({"starts", "ends"})
RULE_FIELDS = _DAY_FIELDS | {"interval", "until", "count"}
# What is set, what cannot stand beside it, and how that is said to be absent.
_EITHER_OR: tuple[tuple[str, str, frozenset[Any] | None], ...] = (
    ("until", "count", None),
    ("count", "until", None),
    ("month_days", "nth_weekdays", frozenset()),
    ("nth_weekdays", "month_days", frozenset()),
)


class Series:
    """The event that others are part of; `changed` where the edit is asked of one of those."""

    def __init__(self, root: Event, changed: Event | None) -> None:
        self.root, self.changed = root, changed

    @property
    def is_alone(self) -> bool:
        """Whether it is an event that happens once and never was more."""
        return self.changed is None and self.root.frequency == "once"

    def shown(self, day: date | None) -> Times:
        """The wall-clock times of an instance as the calendar shows it."""
        found = self.changed_on(day)
        if found is not None:
            shift = shift_of(found)
            return shift.starts, shift.ends
        return self._live(day)

    def change_one(self, day: date | None, changes: Changes, at: datetime) -> Event:
        """One instance becomes an event of its own, or is changed again."""
        changed = self.changed_on(day)
        if changed is None:
            starts, ends = self._live(day)
            changed = copied(self.root, Shift(starts, ends), at)
            changed.part_of, changed.original = self.root, starts.date()
            changed.save()
            changed.methods.set(self.root.methods.all())
            self._skip(starts.date())
        _change(changed, changes, at)
        return changed

    def change_all(
        self,
        day: date | None,
        changes: Changes,
        at: datetime,
        *,
        keep_changed: bool = True,
        counted_from: Times | None = None,
    ) -> Event:
        """Every instance follows; those changed by hand stay, or are given up for the rule."""
        asked_of = self.changed_on(day) if day or self.changed else None
        if asked_of is not None:
            day = asked_of.original
        if not keep_changed:
            self._give_up_changed()
        elif asked_of is not None:
            _change(asked_of, _of_instance(changes), at)
        was = self.root.level_id
        days = _reshape(self.root, day, changes, counted_from)
        self._let_changed_follow(days, was)
        rewrite(self.root, at)
        return self.root

    def change_following(
        self,
        day: date | None,
        changes: Changes,
        at: datetime,
        *,
        keep_changed: bool = True,
        counted_from: Times | None = None,
    ) -> Event:
        """The instances from a day on become a series of their own, which is then changed."""
        asked_of = self.changed_on(day)
        since = self._live(day)[0].date() if asked_of is None else _original(asked_of)
        first = self._first_from(since)
        if first is None:  # the rule ends before the changed instance that is asked
            return self.change_one(day, _of_instance(changes), at)
        rest = self if self._is_first(first) else self._split(since, first, at)
        rest.changed = asked_of
        if asked_of is not None:
            asked_of.part_of = rest.root
        return rest.change_all(
            first, changes, at, keep_changed=keep_changed, counted_from=counted_from
        )

    def delete_one(self, day: date | None) -> None:
        """One instance goes; its day stays empty."""
        changed = self.changed_on(day)
        if changed is None:
            self._skip(self._live(day)[0].date())
        else:
            changed.delete()
        self._go_where_empty()

    def delete_following(self, day: date | None, at: datetime) -> None:
        """The instances from a day on go."""
        changed = self.changed_on(day)
        since = self._live(day)[0].date() if changed is None else _original(changed)
        first = self._first_from(since)
        self.root.changed.filter(original__gte=since).delete()
        if first is not None:
            self._end_before(first, at)
        self._go_where_empty()

    def delete_all(self) -> None:
        """The event goes with all that is part of it."""
        self.root.delete()

    def changed_on(self, day: date | None) -> Event | None:
        """The changed instance that is meant: the one that is asked, or that of a day."""
        if self.changed is not None or day is None:
            return self.changed
        found = Event.objects.select_related("account").filter(part_of=self.root, original=day)
        return found.first()

    def _live(self, day: date | None) -> Times:
        if day is None:
            raise InvalidInput("Which instance is meant? Give the day it starts on", field="day")
        found = instance_on(shift_of(self.root), day)
        if found is None:
            raise InvalidInput(f"The event does not happen on {day_in_words(day)}", field="day")
        return found

    def _first_from(self, day: date) -> date | None:
        """The rule's first day from `day` on, skipped ones included."""
        return next(dates(_plain(shift_of(self.root)), day, date.max), None)

    def _is_first(self, day: date) -> bool:
        return not count_before(shift_of(self.root), day)

    def _skip(self, day: date) -> None:
        root = self.root
        if len(root.skipped) >= MOST_INSTANCES:
            raise InvalidInput(
                f"An event skips {MOST_INSTANCES} days at most; end it and begin another",
                field="day",
            )
        span = span_on(shift_of(root), zone_of(root.account), day)
        root.skipped = sorted({*root.skipped, day})
        root.save(update_fields=["skipped"])
        kept = DateTimeTZRange(span.start, span.end)
        Occurrence.objects.filter(event=root, span=kept).delete()

    def _split(self, since: date, first: date, at: datetime) -> Series:
        """Ends this series before its day `first`; gives the one that goes on from there, with the
        changed instances that stand for days from `since` on."""
        _before, after = split(shift_of(self.root), first)
        made = copied(self.root, after, at)
        made.save()
        made.methods.set(self.root.methods.all())
        self.root.changed.filter(original__gte=since).update(part_of=made)
        self._end_before(first, at)
        self._go_where_empty()
        return Series(made, None)

    def _end_before(self, first: date, at: datetime) -> None:
        if self._is_first(first):
            put_shift(self.root, replace(shift_of(self.root), until=first - _DAY, count=None))
        else:
            put_shift(self.root, split(shift_of(self.root), first)[0])
        self.root.save()
        rewrite(self.root, at)

    def _go_where_empty(self) -> None:
        shift = shift_of(self.root)
        if is_over(shift, shift.starts.date()) and not self.root.changed.exists():
            self.root.delete()

    def _give_up_changed(self) -> None:
        given_up = set(self.root.changed.values_list("original", flat=True))
        self.root.changed.all().delete()
        self.root.skipped = [day for day in self.root.skipped if day not in given_up]

    def _let_changed_follow(self, days: int, was: int) -> None:
        """Changed instances stand for other days where those have moved, go along to another level,
        and are events by themselves where the rest no longer comes back."""
        is_once = self.root.frequency == "once"
        order = "-original" if days > 0 else "original"  # no two stand for one day meanwhile
        for each in self.root.changed.order_by(order):
            if is_once:
                each.part_of, each.original = None, None
            else:
                each.original = _original(each) + days * _DAY
            if each.level_id == was != self.root.level_id:
                each.level_id = self.root.level_id
                Occurrence.objects.filter(event=each).update(level_id=each.level_id)
            each.save(update_fields=["part_of", "original", "level_id"])
        if is_once:
            self.root.skipped = []
            self.root.save(update_fields=["skipped"])


def stand_alone(level: EscalationLevel) -> None:
    """Makes events by themselves of the instances that were moved to other levels from series of
    this one, before those go."""
    moved_away = Event.objects.filter(part_of__level=level).exclude(level=level)
    moved_away.update(part_of=None, original=None)


def copied(event: Event, shift: Shift, at: datetime) -> Event:
    """An event like another at other times, not saved; its methods are not copied."""
    made = Event(
        uid=uuid.uuid4(),
        account=event.account,
        level_id=event.level_id,
        note=event.note,
        created_at=at,
    )
    put_shift(made, shift)
    return made


def _change(event: Event, changes: Changes, at: datetime) -> None:
    _reshape(event, None, changes, None)
    rewrite(event, at)


def _reshape(event: Event, day: date | None, changes: Changes, counted_from: Times | None) -> int:
    """Writes changes into an event, without its occurrences. Gives by how many days its instances
    moved."""
    shift = shift_of(event)
    if "note" in changes:
        event.note = checked_note(changes["note"])
    if "level" in changes:
        event.level = changes["level"]
    if "methods" in changes:
        event.methods.set(changes["methods"])
    new, days = _reshaped(shift, day, changes, counted_from)
    if new != shift:
        new = possible(new)
    put_shift(event, new)
    event.save()
    return days


def _reshaped(
    shift: Shift, day: date | None, changes: Changes, counted_from: Times | None
) -> tuple[Shift, int]:
    days = 0
    if day is not None and changes.get("frequency") == "once":
        starts = datetime.combine(day, shift.starts.time())
        shift = replace(shift, starts=starts, ends=starts + (shift.ends - shift.starts))
        day = None
    if day is None or shift.frequency == "once":
        times = {name: changes[name] for name in changes.keys() & _TIMES}
        shift = replace(shift, **times)
    elif changes.keys() & _TIMES:
        shift, days = _shifted(shift, day, changes, counted_from)
    return replace(shift, **_rule(changes)), days


def _rule(changes: Changes) -> dict[str, Any]:
    """The fields of the rule; what is set takes the place of what cannot be set beside it."""
    rule = ruled({name: changes[name] for name in changes.keys() & RULE_FIELDS})
    for one, other, nothing in _EITHER_OR:
        if rule.get(one) and other not in rule:
            rule[other] = nothing
    return rule


def _shifted(
    shift: Shift, day: date, changes: Changes, counted_from: Times | None
) -> tuple[Shift, int]:
    """The shift moved as one of its instances is; by how many days."""
    was_start = datetime.combine(day, shift.starts.time())
    was = counted_from or (was_start, was_start + (shift.ends - shift.starts))
    wanted = possible(Shift(changes.get("starts", was[0]), changes.get("ends", was[1])))
    later = wanted.starts - was[0]
    longer = (wanted.ends - wanted.starts) - (was[1] - was[0])
    if changes.keys() & _DAY_FIELDS:
        starts, ends = shift.starts + later, shift.ends + later + longer
        return replace(shift, starts=starts, ends=ends), 0
    return moved(shift, later, longer), ((was_start + later).date() - day).days


def _of_instance(changes: Changes) -> Changes:
    return {name: value for name, value in changes.items() if name not in RULE_FIELDS}


def _plain(shift: Shift) -> Shift:
    return replace(shift, skipped=frozenset())


def _original(changed: Event) -> date:
    if changed.original is None:
        raise InvalidInput("The instance is not part of a series", field="day")
    return changed.original
