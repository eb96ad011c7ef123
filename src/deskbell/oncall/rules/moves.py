"""Shifts that are moved or split: decisions without a database.

Source: seed 000, "Edit Existing Events"; design, on call, "Calendars".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from deskbell.foundation.errors import InvalidInput

from .dates import count_before, dates
from .shifts import Shift, weekday_of

_DAY = timedelta(days=1)
_ALWAYS_THERE = range(1, 29)  # the days that every month has


def split(shift: Shift, day: date) -> tuple[Shift, Shift]:
    """The instances of a shift before `day`, which must be one of its days, and those from it on.

    Together they happen when the one did: `count` is divided, skipped days go where they belong.
    """
    before = count_before(shift, day)
    skipped = frozenset(each for each in shift.skipped if each < day)
    rest = replace(
        shift,
        starts=datetime.combine(day, shift.starts.time()),
        ends=datetime.combine(day, shift.starts.time()) + (shift.ends - shift.starts),
        count=None if shift.count is None else shift.count - before,
        skipped=shift.skipped - skipped,
    )
    if shift.count is not None:
        return replace(shift, count=before, skipped=skipped), rest
    return replace(shift, until=day - _DAY, skipped=skipped), rest


def moved(shift: Shift, later: timedelta, longer: timedelta) -> Shift:
    """Every instance of a shift `later` on the wall clock, and `longer`; either may be negative.

    Where its days move too, weekdays, days of the month, `until` and skipped days move with them.
    Raises InvalidInput where no rule says so, as for the 1st Sunday and a day later: the Monday
    after it is not always the 1st.
    """
    first = next(dates(replace(shift, skipped=frozenset()), shift.starts.date(), date.max))
    starts = datetime.combine(first, shift.starts.time())
    ends = starts + (shift.ends - shift.starts)
    days = ((starts + later).date() - first).days
    shift = replace(shift, starts=starts, ends=ends)
    placed = shift if days == 0 else _on_other_days(shift, days)
    return replace(placed, starts=starts + later, ends=ends + later + longer)


def _on_other_days(shift: Shift, days: int) -> Shift:
    by = days * _DAY
    return replace(
        shift,
        weekdays=_weekdays(shift, days),
        month_days=_month_days(shift, days),
        nth_weekdays=_nth_weekdays(shift, days),
        until=None if shift.until is None else shift.until + by,
        skipped=frozenset(each + by for each in shift.skipped),
    )


def _weekdays(shift: Shift, days: int) -> frozenset[int]:
    if shift.frequency != "weekly":
        return shift.weekdays
    weeks = {(day + days) // 7 for day in {*shift.weekdays, weekday_of(shift.starts.date())}}
    if shift.interval > 1 and len(weeks) > 1:
        raise InvalidInput(
            f"Every {shift.interval} weeks, the days cannot be moved into different weeks; "
            "choose the weekdays anew",
            field="weekdays",
        )
    return frozenset((day + days) % 7 for day in shift.weekdays)


def _month_days(shift: Shift, days: int) -> frozenset[int]:
    found = frozenset(day + days for day in shift.month_days)
    if not all(day in _ALWAYS_THERE for day in {*shift.month_days, *found}):
        raise InvalidInput(
            "Not every month has these days, so they cannot be moved; choose the days of the month"
            " anew",
            field="month_days",
        )
    return found


def _nth_weekdays(shift: Shift, days: int) -> frozenset[tuple[int, int]]:
    found = frozenset((nth + days // 7, day) for nth, day in shift.nth_weekdays)
    always = {nth for nth, _day in {*shift.nth_weekdays, *found}} <= {1, 2, 3, 4}
    if shift.nth_weekdays and (days % 7 or not always):
        raise InvalidInput(
            "Weekdays of the month cannot be moved by so many days; choose them anew",
            field="nth_weekdays",
        )
    return found
