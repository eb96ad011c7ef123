"""Which menu answers at an instant, and which schedules can be kept.

All spans are wall-clock times in the system's zone, so a clock change needs no rule of its own: an
hour that comes twice belongs to the same entry twice, one that is left out to nobody.
Source: design, attendant API, "Schedule"; seed 002, "Create Schedule".
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from deskbell.foundation.dates import dates_words, day_words, hours_words
from deskbell.foundation.errors import InvalidInput

from ..errors import ScheduleOverlap

_DAY = 24 * 60 * 60
_WEEK = 7 * _DAY


@dataclass(frozen=True, slots=True)
class WeekSpan:
    """A menu's hours on one day, 1 Monday to 7 Sunday; `start` is inside, `end` outside.

    An `end` at or before `start` is on the next day; so 24:00 is 00:00.
    """

    menu: str
    day: int
    start: time
    end: time

    @property
    def seconds(self) -> tuple[int, int]:
        """First second inside and first outside, counted from Monday 00:00; may pass the week."""
        first = (self.day - 1) * _DAY + _second_of(self.start)
        length = (_second_of(self.end) - _second_of(self.start)) % _DAY or _DAY
        return first, first + length


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A menu's special days, both included."""

    menu: str
    start: date
    end: date


def _second_of(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def menu_at(
    *, week: Iterable[WeekSpan], dates: Iterable[DateSpan], time_zone: str, at: datetime
) -> str | None:
    """The sid of the menu that answers at the instant `at` (aware); None where none does.

    A date range wins over the week, for the whole of its days.
    """
    local = at.astimezone(ZoneInfo(time_zone))
    for span in dates:
        if span.start <= local.date() <= span.end:
            return span.menu
    second = local.weekday() * _DAY + _second_of(local.time())
    for entry in week:
        first, after = entry.seconds
        if first <= second < after or first <= second + _WEEK < after:
            return entry.menu
    return None


def check_week(entries: Sequence[WeekSpan]) -> None:
    """Raises InvalidInput for a day outside 1 to 7, ScheduleOverlap for entries that overlap."""
    for entry in entries:
        if not 1 <= entry.day <= 7:
            raise InvalidInput(f"day takes 1 (Monday) to 7 (Sunday); not {entry.day}", field="day")
    ordered = sorted(entries, key=lambda entry: entry.seconds)
    starts = [entry.seconds[0] for entry in ordered]
    next_week = [start + _WEEK for start in starts[:1]]
    for place, after in enumerate([*starts[1:], *next_week]):
        one, other = ordered[place], ordered[(place + 1) % len(ordered)]
        if after < one.seconds[1]:
            raise ScheduleOverlap(
                f"Entries overlap: {_words(one)} and {_words(other)}", field="entries"
            )


def _words(entry: WeekSpan) -> str:
    return f"{day_words(entry.day)} {hours_words(entry.start, entry.end)}"


def check_dates(ranges: Sequence[DateSpan]) -> None:
    """Raises InvalidInput for a range that ends before it starts, ScheduleOverlap for overlaps."""
    for span in ranges:
        if span.end < span.start:
            raise InvalidInput(
                f"endDate {span.end} is before startDate {span.start}", field="endDate"
            )
    ordered = sorted(ranges, key=lambda span: span.start)
    for one, other in itertools.pairwise(ordered):
        if other.start <= one.end:
            raise ScheduleOverlap(
                f"Special days overlap: {dates_words(one.start, one.end)} and "
                f"{dates_words(other.start, other.end)}",
                field="startDate",
            )
