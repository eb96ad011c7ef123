"""A month: weeks of seven days, with bars over whole days and lines for hours of a day.

In the document each day is followed by what starts on it, so that the same weeks read as an agenda
where the screen is narrow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from .asked import Asked
from .drawn import new_event
from .entries import Entry, between, last_day

MOST_A_DAY: Final = 6
LONG: Final = timedelta(hours=24)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Chip:
    """An entry in one week: from which column on (1 is Sunday), and over how many."""

    entry: Entry
    week: int
    column: int
    width: int
    is_bar: bool
    is_continued: bool
    goes_on: bool

    @property
    def id(self) -> str:
        """What the page calls it; an entry has a chip in each week it touches."""
        return f"{self.entry.key}-w{self.week}"


@dataclass(slots=True)
class DayCell:
    """A day of the month, with what starts on it in this week, and how many more there are."""

    day: date
    column: int
    is_today: bool
    is_other_month: bool
    url: str
    new_url: str
    chips: list[Chip] = field(default_factory=list)
    more: int = 0


def weeks(asked: Asked, level: int, entries: Sequence[Entry]) -> list[list[DayCell]]:
    """The weeks of the month that was asked for, filled."""
    days = asked.days
    return [_week(asked, level, days[at : at + 7], entries) for at in range(0, len(days), 7)]


def _week(
    asked: Asked, level: int, days: Sequence[date], entries: Sequence[Entry]
) -> list[DayCell]:
    cells = [
        DayCell(
            day=day,
            column=column,
            is_today=day == asked.today,
            is_other_month=day.month != asked.day.month,
            url=asked.seen_as("day").on(day).url,
            new_url=new_event(asked, level, day),
        )
        for column, day in enumerate(days, start=1)
    ]
    taken: Counter[date] = Counter()
    since, until = datetime.combine(days[0], time(0)), datetime.combine(days[-1] + _DAY, time(0))
    for chip in sorted(_chips(days, between(entries, since, until)), key=_order):
        covered = days[chip.column - 1 : chip.column - 1 + chip.width]
        if chip.entry.kind != "gap" and any(taken[day] >= MOST_A_DAY for day in covered):
            for day in covered:
                cells[(day - days[0]).days].more += 1
            continue
        taken.update(covered)
        cells[chip.column - 1].chips.append(chip)
    return cells


def _order(chip: Chip) -> tuple[bool, int, int, datetime]:
    """Bars before lines, so that they stand above them; long ones first."""
    return not chip.is_bar, chip.column, -chip.width, chip.entry.starts


def _chips(days: Sequence[date], entries: Sequence[Entry]) -> Iterator[Chip]:
    for entry in entries:
        first, last = entry.starts.date(), last_day(entry.ends)
        is_bar = entry.is_whole_days or entry.ends - entry.starts > LONG or entry.kind == "gap"
        if not is_bar:
            last = first
        if first > days[-1] or last < days[0]:
            continue
        start, end = max(first, days[0]), min(last, days[-1])
        width = (end - start).days + 1
        yield Chip(
            entry,
            start.toordinal() // 7,
            (start - days[0]).days + 1,
            width,
            is_bar,
            first < start,
            last > end,
        )
