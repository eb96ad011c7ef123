"""Shifts as people set them, and which of them cannot be meant: decisions without a database.

Source: design, on call, "Calendars"; seed 000, "Schedule Recurring Events".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from deskbell.foundation.errors import InvalidInput

LONGEST_SHIFT = timedelta(days=366)
MOST_INSTANCES = 5000
LARGEST_INTERVAL = 999
FREQUENCIES = ("once", "daily", "weekly", "monthly", "yearly")
LAST = -1  # among nth weekdays: the last one of the month
_DAY = timedelta(days=1)
_YEARS = range(2000, 2201)
_UNITS = {"daily": "days", "weekly": "weeks", "monthly": "months", "yearly": "years"}


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift as people set it.

    `starts` and `ends` are wall-clock times without an offset; `frequency` is one of FREQUENCIES;
    `interval` counts its days, weeks, months or years; `until` is the last date on which an
    instance may start, `count` how many instances there are, those that are skipped included.

    `weekdays`, for weekly shifts, are 0 for Sunday to 6. A monthly shift happens on `month_days`
    (1 to 31; a month without that day has none) or on `nth_weekdays`, pairs of which one in the
    month (1 to 5, -1 the last) and the weekday; with neither on its start's day of the month.
    `skipped` are days on which the instance does not happen.
    """

    starts: datetime
    ends: datetime
    frequency: str = "once"
    interval: int = 1
    weekdays: frozenset[int] = frozenset()
    until: date | None = None
    count: int | None = None
    month_days: frozenset[int] = frozenset()
    nth_weekdays: frozenset[tuple[int, int]] = frozenset()
    skipped: frozenset[date] = frozenset()


def weekday_of(day: date) -> int:
    """The weekday of a date: 0 for Sunday to 6."""
    return day.isoweekday() % 7


def completed(shift: Shift) -> Shift:
    """The shift with its end put right, and with the days its rule needs and no others.

    An end at or before the start on the same day means the next day. Raises InvalidInput for an
    end days before the start, for more than 366 days, and for numbers out of range.
    """
    _check_numbers(shift)
    _check_days(shift)
    start = shift.starts.date()
    weekdays = shift.weekdays or frozenset({weekday_of(start)})
    month_days = shift.month_days
    if not shift.nth_weekdays:
        month_days = month_days or frozenset({start.day})
    is_monthly = shift.frequency == "monthly"
    comes_back = shift.frequency != "once"
    return replace(
        shift,
        ends=_end_of(shift),
        interval=shift.interval if comes_back else 1,
        until=shift.until if comes_back else None,
        count=shift.count if comes_back else None,
        weekdays=weekdays if shift.frequency == "weekly" else frozenset(),
        month_days=month_days if is_monthly else frozenset(),
        nth_weekdays=shift.nth_weekdays if is_monthly else frozenset(),
    )


def _end_of(shift: Shift) -> datetime:
    ends = shift.ends
    if ends <= shift.starts:
        if ends.date() != shift.starts.date():
            raise InvalidInput("The event ends days before it starts", field="ends")
        ends += _DAY
    if ends - shift.starts > LONGEST_SHIFT:
        raise InvalidInput("An event lasts 366 days at most", field="ends")
    return ends


def _check_numbers(shift: Shift) -> None:
    if shift.starts.year not in _YEARS or shift.ends.year not in _YEARS:
        raise InvalidInput("Events lie between the years 2000 and 2200", field="starts")
    if shift.frequency not in FREQUENCIES:
        raise InvalidInput(f"An event happens {', '.join(FREQUENCIES)}", field="frequency")
    if not 1 <= shift.interval <= LARGEST_INTERVAL:
        unit = _UNITS.get(shift.frequency, "days")
        raise InvalidInput(
            f"An event comes back every 1 to {LARGEST_INTERVAL} {unit}, not every {shift.interval}",
            field="interval",
        )
    if shift.count is not None and not 1 <= shift.count <= MOST_INSTANCES:
        raise InvalidInput(
            f"An event has 1 to {MOST_INSTANCES} instances, not {shift.count}", field="count"
        )
    if shift.count is not None and shift.until is not None:
        raise InvalidInput("Either a last date or a number of instances, not both", field="count")
    if len(shift.skipped) > MOST_INSTANCES:
        raise InvalidInput(f"An event skips {MOST_INSTANCES} days at most", field="skipped")


def _check_days(shift: Shift) -> None:
    if not shift.weekdays <= frozenset(range(7)):
        raise InvalidInput("Weekdays are 0 (Sunday) to 6 (Saturday)", field="weekdays")
    if not shift.month_days <= frozenset(range(1, 32)):
        raise InvalidInput("Days of the month are 1 to 31", field="month_days")
    if any(
        nth not in {1, 2, 3, 4, 5, LAST} or day not in range(7) for nth, day in shift.nth_weekdays
    ):
        raise InvalidInput(
            "Weekdays of the month are the 1st to 5th or the last of Sunday to Saturday",
            field="nth_weekdays",
        )
    if shift.month_days and shift.nth_weekdays:
        raise InvalidInput(
            "A monthly event happens on days of the month or on weekdays, not on both",
            field="nth_weekdays",
        )
