"""The rows of the two tables that a schedule is edited in, as they are typed and as they are kept.

What cannot be read stays in its row with the reason beside it, so nothing that was typed is lost.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Final

from django.http import QueryDict

from deskbell.attendant.rules.schedule import DateSpan, WeekSpan
from deskbell.foundation.dates import dates_words, day_words, hours_words

_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
MOST_ROWS: Final = 2_000
NO_MENU: Final = "Choose the menu that answers."


@dataclass(frozen=True, slots=True)
class HoursRow:
    """One row of the week's table: a day, from, to and a menu's sid, as typed."""

    day: str = "1"
    start: str = "09:00"
    end: str = "17:00"
    menu: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class DaysRow:
    """One row of the special days' table: the first day, the last and a menu's sid, as typed."""

    start: str = ""
    end: str = ""
    menu: str = ""
    error: str = ""
    is_past: bool = False


def hours_rows(week: Iterable[WeekSpan]) -> list[HoursRow]:
    """The rows of a week that is kept, from Monday on."""
    ordered = sorted(week, key=lambda span: (span.day, span.start))
    return [
        HoursRow(str(span.day), time_typed(span.start), time_typed(span.end), span.menu)
        for span in ordered
    ]


def days_rows(dates: Iterable[DateSpan], today: date) -> list[DaysRow]:
    """The rows of special days that are kept, by date."""
    ordered = sorted(dates, key=lambda span: span.start)
    return [
        DaysRow(span.start.isoformat(), span.end.isoformat(), span.menu, is_past=span.end < today)
        for span in ordered
    ]


def time_typed(at: time) -> str:
    """A time as a time field takes it; seconds only where there are some."""
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"


def read_hours(data: QueryDict, menus: Collection[str]) -> tuple[list[HoursRow], list[WeekSpan]]:
    """The rows that were sent, with errors, and the week they make; rows without a word are left
    out. `menus` are the sids there are."""
    rows, spans = [], []
    for day, start, end, menu in _typed(data, "day", "start", "end", "menu"):
        if not (start or end or menu):
            continue
        first, last = read_time(start), read_time(end)
        error = ""
        if first is None or last is None:
            error = "Times are hours and minutes, as 09:30; the day ends at 00:00 or 24:00."
        elif day not in set("1234567"):
            error = "Choose a day."
        elif menu not in menus:
            error = NO_MENU
        else:
            spans.append(WeekSpan(menu, int(day), first, last))
        rows.append(HoursRow(day, start, end, menu, error))
    return rows, spans


def read_days(
    data: QueryDict, menus: Collection[str], today: date
) -> tuple[list[DaysRow], list[DateSpan]]:
    """The same for special days; a last day that is not said is the first."""
    rows, spans = [], []
    for start, end, menu in _typed(data, "first", "last", "menu"):
        if not (start or end):
            continue
        first, last = read_date(start), read_date(end or start)
        error = ""
        if first is None or last is None:
            error = "Dates are year, month and day, as 2026-12-25."
        elif last < first:
            error = "The last day is before the first."
        elif menu not in menus:
            error = NO_MENU
        else:
            spans.append(DateSpan(menu, first, last))
        is_past = last is not None and last < today
        rows.append(DaysRow(start, end or start, menu, error, is_past))
    return rows, spans


def _typed(data: QueryDict, *names: str) -> list[tuple[str, ...]]:
    columns = [[each.strip() for each in data.getlist(name)[:MOST_ROWS]] for name in names]
    return list(zip(*columns, strict=False))


def read_time(typed: str) -> time | None:
    """A time of day; 24:00 is midnight. None for what is not one."""
    found = _TIME.fullmatch(typed)
    if found is None:
        return None
    hour, minute, second = (int(each or 0) for each in found.groups())
    if (hour, minute, second) == (24, 0, 0):
        return time(0)
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def read_date(typed: str) -> date | None:
    """A date as a date field sends it; None for what is not one."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def overlapping(rows: Sequence[DaysRow], start: date, end: date) -> bool:
    """Whether days that can be read in the rows share one with `start` to `end`."""
    for row in rows:
        first, last = read_date(row.start), read_date(row.end)
        if first and last and first <= end and start <= last:
            return True
    return False


def say_hours_overlap(rows: Sequence[HoursRow], week: Sequence[WeekSpan]) -> list[HoursRow]:
    """The rows of a week, `rows[n]` being `week[n]`; those that share hours name each other.

    Rows that were added or dropped since they were read come back as they are.
    """
    if len(rows) != len(week):
        return list(rows)
    length = 7 * 24 * 3600
    order = sorted(range(len(week)), key=lambda place: week[place].seconds)
    said = list(rows)
    for one, other in itertools.pairwise([*order, *order[:1]]):
        begins = week[other].seconds[0] + (length if other == order[0] else 0)
        if one != other and begins < week[one].seconds[1]:
            for row, its in ((one, week[other]), (other, week[one])):
                hours = hours_words(its.start, its.end)
                said[row] = replace(said[row], error=f"Overlaps {day_words(its.day)}, {hours}.")
    return said


def say_days_overlap(rows: Sequence[DaysRow], dates: Sequence[DateSpan]) -> list[DaysRow]:
    """The same for the rows of special days, `rows[n]` being `dates[n]`, which share days."""
    if len(rows) != len(dates):
        return list(rows)
    order = sorted(range(len(dates)), key=lambda place: dates[place].start)
    said = list(rows)
    for one, other in itertools.pairwise(order):
        if dates[other].start <= dates[one].end:
            for row, its in ((one, dates[other]), (other, dates[one])):
                days = dates_words(its.start, its.end)
                said[row] = replace(said[row], error=f"Overlaps {days}.")
    return said
