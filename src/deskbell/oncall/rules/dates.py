"""On which days a shift starts, found by arithmetic from any day on.

The cost does not grow with the age of a rule. Source: design, on call, "Calendars" and "Time".
"""

from __future__ import annotations

import calendar
import functools
import itertools
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from deskbell.foundation.errors import InvalidInput

from .shifts import LAST, Shift, completed, weekday_of

# No shift starts after 2200; the calendar repeats itself after 400 years, so what has not
# happened by then never does.
_LAST_YEAR = 2600
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


def checked(shift: Shift) -> Shift:
    """The shift as it is kept, see `shifts.completed`, or a refusal in words.

    Raises InvalidInput for what cannot be meant: an end days before the start, numbers out of
    range, a rule that never happens.
    """
    made = completed(shift)
    start = made.starts.date()
    if next(_planned(made, start), None) is None:
        raise InvalidInput(_never(made), field="until" if made.until else "month_days")
    if is_over(made, start):
        raise InvalidInput("The event never happens: all its days are skipped", field="skipped")
    return made


def _never(shift: Shift) -> str:
    if shift.until is not None:
        return "The event never happens: it ends before its first day"
    return "The event never happens: no month it comes to has such a day"


def dates(shift: Shift, first: date, last: date) -> Iterator[date]:
    """The days from `first` to `last`, both included, on which an instance starts, in order."""
    for day in _planned(shift, first):
        if day > last:
            return
        if day not in shift.skipped:
            yield day


def is_over(shift: Shift, day: date) -> bool:
    """Whether no instance starts on `day` or later."""
    return next(dates(shift, day, date.max), None) is None


def last_day(shift: Shift) -> date | None:
    """The last day on which an instance may start by `until` or `count`; None for no end."""
    return shift.until if shift.count is None else _counted(shift)


def count_before(shift: Shift, day: date) -> int:
    """How many instances start before `day`, skipped ones included: what `count` has used up."""
    return sum(1 for each in itertools.takewhile(lambda one: one < day, _planned(shift, date.min)))


def instance_on(shift: Shift, day: date) -> tuple[datetime, datetime] | None:
    """Wall-clock start and end, as kept, of the instance that starts on `day`; None for none."""
    if next(dates(shift, day, day), None) is None:
        return None
    start = datetime.combine(day, shift.starts.time())
    return start, start + (shift.ends - shift.starts)


def _planned(shift: Shift, first: date) -> Iterator[date]:
    """The rule's days from `first` on, in order, skipped ones included."""
    last = last_day(shift)
    for day in _REPEATS[shift.frequency](shift, first):
        if last is not None and day > last:
            return
        if day >= first:
            yield day


@functools.lru_cache(maxsize=4096)
def _counted(shift: Shift) -> date:
    """The day of a shift's last instance by its `count`; `date.min` where none ever happens.

    Counted once for each shift and remembered: months without a 31st leave nothing to compute by.
    """
    days = _REPEATS[shift.frequency](shift, shift.starts.date())
    return functools.reduce(lambda _, day: day, itertools.islice(days, shift.count), date.min)


def _once(shift: Shift, _first: date) -> Iterator[date]:
    yield shift.starts.date()


def _daily(shift: Shift, first: date) -> Iterator[date]:
    start = shift.starts.date()
    step = shift.interval * _DAY
    day = start + max(0, -((start - first).days // shift.interval)) * step
    while day.year <= _LAST_YEAR:
        yield day
        day += step


def _weekly(shift: Shift, first: date) -> Iterator[date]:
    """Weeks start on Sunday; the first is that of the shift's start, from its start on."""
    start = shift.starts.date()
    sunday = start - weekday_of(start) * _DAY
    step = shift.interval * _WEEK
    days = sorted(shift.weekdays)
    week = sunday + max(0, (first - sunday).days // (7 * shift.interval)) * step
    while week.year <= _LAST_YEAR:
        for weekday in days:
            day = week + weekday * _DAY
            if day >= start:
                yield day
        week += step


def _monthly(shift: Shift, first: date) -> Iterator[date]:
    start = shift.starts.date()
    begin = _month_number(start)
    passed = max(0, (_month_number(first) - begin) // shift.interval)
    for month in itertools.count(begin + passed * shift.interval, shift.interval):
        if month // 12 > _LAST_YEAR:
            return
        for day in _days_in(shift, month // 12, month % 12 + 1):
            if day >= start:
                yield day


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _days_in(shift: Shift, year: int, month: int) -> list[date]:
    """The rule's days in one month, in order, each once."""
    first, length = calendar.monthrange(year, month)
    sunday = (first + 1) % 7  # the weekday of the 1st, 0 for Sunday
    days = {day for day in shift.month_days if day <= length}
    for nth, weekday in shift.nth_weekdays:
        day = 1 + (weekday - sunday) % 7
        day += (length - day) // 7 * 7 if nth == LAST else (nth - 1) * 7
        if day <= length:
            days.add(day)
    return [date(year, month, day) for day in sorted(days)]


def _yearly(shift: Shift, first: date) -> Iterator[date]:
    """Years without the day, which is 29 February, have none."""
    start = shift.starts.date()
    passed = max(0, (first.year - start.year) // shift.interval)
    is_leap_day = (start.month, start.day) == (2, 29)
    for year in range(start.year + passed * shift.interval, _LAST_YEAR + 1, shift.interval):
        if not is_leap_day or calendar.isleap(year):
            yield start.replace(year=year)


_REPEATS: dict[str, Callable[[Shift, date], Iterator[date]]] = {
    "once": _once,
    "daily": _daily,
    "weekly": _weekly,
    "monthly": _monthly,
    "yearly": _yearly,
}
