"""The instants at which a To Do runs: its rule and wall-clock times made into UTC.

A time that the change of the clocks skips happens at the instant of the change; one that comes
twice happens once, the first time. Days are found as on call finds them: weeks from Sunday, months
without the day have none. Source: design, portal API, "To Dos"; design, on call, "Time".
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from deskbell.oncall.rules.dates import dates
from deskbell.oncall.rules.instants import start_instant
from deskbell.oncall.rules.shifts import Shift

from .icecube import when_of
from .when import Frequency, Rule, When

_DAY: Final = timedelta(days=1)
_NOON: Final = 12


def first_day_of(when: When, zone: ZoneInfo, at: datetime) -> date:
    """The day from which on a schedule that is made at `at` counts, on the wall clock of `zone`.

    Today; but where it counts from the day of its first run, as every 5 days and every year do, and
    no time of today is left, tomorrow.
    """
    today = at.astimezone(zone).date()
    if when.frequency not in {Frequency.DAILY, Frequency.YEARLY}:
        return today
    is_left = any(instant > at for instant in _instants_on(today, when.times, zone))
    return today if is_left else today + _DAY


def next_after(
    rule: Mapping[str, Any],
    times: Sequence[str],
    first_day: date,
    zone: ZoneInfo,
    after: datetime,
) -> datetime | None:
    """The first instant later than `after` (both UTC) at which the rule runs; None for no more."""
    return next(_from(rule, times, first_day, zone, after), None)


def times_due(
    rule: Mapping[str, Any],
    times: Sequence[str],
    first_day: date,
    zone: ZoneInfo,
    *,
    after: datetime,
    until: datetime,
) -> list[datetime]:
    """All instants later than `after`, up to `until` and including it, in order."""
    later = _from(rule, times, first_day, zone, after)
    return list(itertools.takewhile(lambda instant: instant <= until, later))


def previous_before(
    rule: Mapping[str, Any],
    times: Sequence[str],
    first_day: date,
    zone: ZoneInfo,
    before: datetime,
) -> datetime | None:
    """The last instant earlier than `before` at which the rule runs; None where there is none."""
    shift, last = _shift(rule, times, first_day), before.astimezone(zone).date() + _DAY
    reach = 40 * _DAY
    while True:
        since = max(first_day, last - reach) if last - date.min > reach else first_day
        found = [
            instant
            for day in dates(shift, since, last)
            for instant in _instants_on(day, times, zone)
            if instant < before
        ]
        if found or since <= first_day:
            return found[-1] if found else None
        reach *= 4


def hour_and_minute(text: str) -> time:
    """The time that "9:00 AM" means."""
    clock, half = text.split()
    hour, minute = (int(part) for part in clock.split(":"))
    return time(hour % _NOON + (_NOON if half == "PM" else 0), minute)


def _from(
    rule: Mapping[str, Any],
    times: Sequence[str],
    first_day: date,
    zone: ZoneInfo,
    after: datetime,
) -> Iterator[datetime]:
    shift = _shift(rule, times, first_day)
    last = after
    for day in dates(shift, after.astimezone(zone).date() - _DAY, date.max):
        for instant in _instants_on(day, times, zone):
            if instant > last:  # times that one change of the clocks skips are one run
                yield instant
                last = instant


def _instants_on(day: date, times: Sequence[str], zone: ZoneInfo) -> list[datetime]:
    walls = sorted(hour_and_minute(each) for each in times)
    return [start_instant(datetime.combine(day, each), zone).astimezone(UTC) for each in walls]


def _shift(rule: Mapping[str, Any], times: Sequence[str], first_day: date) -> Shift:
    """The days of a rule, as on call says them."""
    when = when_of(rule, times)
    starts = datetime.combine(first_day, time())
    if when.rule != Rule.RECURRING or when.frequency is None:
        return Shift(starts, starts)
    days = frozenset(when.days)
    return Shift(
        starts,
        starts,
        frequency=when.frequency.value,
        interval=when.interval,
        weekdays=days if when.frequency == Frequency.WEEKLY else frozenset(),
        month_days=days if when.frequency == Frequency.MONTHLY else frozenset(),
    )
