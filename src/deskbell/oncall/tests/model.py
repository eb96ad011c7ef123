"""Calendars as plain lists of days, to compare with: no rules, no rows, no splits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deskbell.oncall.rules import Shift, Span, dates, span_of

DAY = timedelta(days=1)
REACH = 300  # days of a series that the model knows; tests look at fewer


@dataclass
class Instance:
    """An instance that was changed by hand."""

    pk: int
    starts: datetime
    ends: datetime
    methods: frozenset[int]
    level: int


@dataclass
class Series:
    """The days on which an event happens, and the instances that were changed."""

    pk: int
    level: int
    methods: frozenset[int]
    time: time
    lasts: timedelta
    days: set[date]
    changed: dict[date, Instance] = field(default_factory=dict)

    @classmethod
    def of(cls, pk: int, level: int, methods: frozenset[int], shift: Shift) -> Series:
        """A new one, from what people set."""
        first = shift.starts.date()
        days = set(dates(shift, first, first + REACH * DAY))
        return cls(pk, level, methods, shift.starts.time(), shift.ends - shift.starts, days)

    def ruled(self, day: date) -> tuple[datetime, datetime]:
        starts = datetime.combine(day, self.time)
        return starts, starts + self.lasts

    def shown(self, day: date) -> tuple[datetime, datetime]:
        found = self.changed.get(day)
        return (found.starts, found.ends) if found else self.ruled(day)

    def all_days(self) -> list[date]:
        return sorted({*self.days, *self.changed})

    def from_on(self, day: date, pk: int) -> Series:
        """Takes what happens from a day on out of this one."""
        rest = Series(pk, self.level, self.methods, self.time, self.lasts, set())
        rest.days = {each for each in self.days if each >= day}
        rest.changed = {each: one for each, one in self.changed.items() if each >= day}
        self.days -= rest.days
        self.changed = {each: one for each, one in self.changed.items() if each < day}
        return rest

    def give_up_changed(self) -> None:
        self.days.update(self.changed)
        self.changed.clear()

    def move(self, later: timedelta, longer: timedelta) -> None:
        by = (datetime.combine(date(2026, 1, 1), self.time) + later).date() - date(2026, 1, 1)
        self.time = (datetime.combine(date(2026, 1, 1), self.time) + later).time()
        self.lasts += longer
        self.days = {day + by for day in self.days}
        self.changed = {day + by: one for day, one in self.changed.items()}

    def go_to(self, level: int) -> None:
        for one in self.changed.values():
            if one.level == self.level:
                one.level = level
        self.level = level

    def instances(self) -> Iterator[tuple[int, datetime, datetime, frozenset[int]]]:
        for day in self.days:
            yield self.level, *self.ruled(day), self.methods
        for one in self.changed.values():
            yield one.level, one.starts, one.ends, one.methods


@dataclass
class Change:
    """An override."""

    pk: int
    level: int | None
    kind: str
    contact: int | None
    methods: frozenset[int]
    span: Span


@dataclass
class Calendars:
    """All of an account's; `contact_of` says whose each method is."""

    zone: ZoneInfo
    contact_of: dict[int, int]
    series: list[Series] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def instances(self) -> list[tuple[int, datetime, datetime, frozenset[int]]]:
        return [one for each in self.series for one in each.instances()]

    def on_call(self, level: int, at: datetime) -> set[int]:
        """Straight through everything."""
        on: set[int] = set()
        for where, starts, ends, methods in self.instances():
            if where == level and at in span_of(starts, ends, self.zone):
                on |= methods
        for change in self.changes:
            if change.level not in (None, level) or at not in change.span:
                continue
            there = {method for method in on if self.contact_of[method] == change.contact}
            if change.kind == "add":
                on |= change.methods
            elif there:
                on = (on - there) | change.methods
        return on
