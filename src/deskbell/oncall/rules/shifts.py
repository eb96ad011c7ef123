"""When a shift is on call: decisions without a database.

Source: design, on call, "Calendars" and "Time"; seed 000, "Schedule Recurring Events". Dates are
found by arithmetic from any point on, so the cost does not grow with the age of a rule.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deskbell.foundation.errors import InvalidInput

LONGEST_SHIFT = timedelta(days=366)
MOST_INSTANCES = 5000
LARGEST_INTERVAL = 999
_END_OF_DAY = (23, 59)
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_YEARS = range(2000, 2201)


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift as people set it.

    `starts` and `ends` are wall-clock times without an offset; `frequency` is `once`, `daily` or
    `weekly`; `interval` counts days or weeks; `weekdays` are 0 for Sunday to 6; `until` is the
    last date on which an instance may start, `count` how many instances there are.
    """

    starts: datetime
    ends: datetime
    frequency: str = "once"
    interval: int = 1
    weekdays: frozenset[int] = frozenset()
    until: date | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Instants in UTC from `start` up to, and without, `end`: who follows at `end` is on call."""

    start: datetime
    end: datetime

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at < self.end


def checked(shift: Shift) -> Shift:
    """The shift with its end put right, or a refusal in words.

    An end at or before the start on the same day means the next day. Raises InvalidInput for what
    cannot be meant: an end days before the start, a rule that never happens, too many instances.
    """
    _check_numbers(shift)
    ends = shift.ends
    if ends <= shift.starts:
        if ends.date() != shift.starts.date():
            raise InvalidInput("The event ends days before it starts", field="ends")
        ends += _DAY
    if ends - shift.starts > LONGEST_SHIFT:
        raise InvalidInput("An event lasts 366 days at most", field="ends")
    made = Shift(
        shift.starts,
        ends,
        shift.frequency,
        shift.interval,
        shift.weekdays or frozenset({_weekday(shift.starts.date())}),
        shift.until,
        shift.count,
    )
    if is_over(made, made.starts.date()):
        raise InvalidInput("The event never happens: it ends before its first day", field="until")
    return made


def _check_numbers(shift: Shift) -> None:
    if shift.starts.year not in _YEARS or shift.ends.year not in _YEARS:
        raise InvalidInput("Events lie between the years 2000 and 2200", field="starts")
    if shift.frequency not in _REPEATS:
        raise InvalidInput(f"An event happens {', '.join(_REPEATS)}", field="frequency")
    if not 1 <= shift.interval <= LARGEST_INTERVAL:
        raise InvalidInput(f"Every 1 to {LARGEST_INTERVAL} days or weeks", field="interval")
    if shift.count is not None and not 1 <= shift.count <= MOST_INSTANCES:
        raise InvalidInput(f"An event has 1 to {MOST_INSTANCES} instances", field="count")
    if shift.count is not None and shift.until is not None:
        raise InvalidInput("Either a last date or a number of instances, not both", field="count")
    if not shift.weekdays <= frozenset(range(7)):
        raise InvalidInput("Weekdays are 0 (Sunday) to 6 (Saturday)", field="weekdays")


def _weekday(day: date) -> int:
    return day.isoweekday() % 7


def dates(shift: Shift, first: date, last: date) -> Iterator[date]:
    """The days from `first` to `last`, both included, on which an instance starts, in order."""
    for index, day in _REPEATS[shift.frequency](shift, first):
        if day > last or (shift.until is not None and day > shift.until):
            return
        if shift.count is not None and index >= shift.count:
            return
        if day >= first:
            yield day


def is_over(shift: Shift, day: date) -> bool:
    """Whether no instance starts on `day` or later."""
    return next(dates(shift, day, date.max), None) is None


def _once(shift: Shift, _first: date) -> Iterator[tuple[int, date]]:
    yield 0, shift.starts.date()


def _daily(shift: Shift, first: date) -> Iterator[tuple[int, date]]:
    start = shift.starts.date()
    skipped = max(0, -((start - first).days // shift.interval))
    for index in itertools.count(skipped):
        yield index, start + index * shift.interval * _DAY


def _weekly(shift: Shift, first: date) -> Iterator[tuple[int, date]]:
    """Weeks start on Sunday; the first is that of the shift's start, from its start on."""
    start = shift.starts.date()
    sunday = start - _weekday(start) * _DAY
    days = sorted(shift.weekdays)
    missed = sum(1 for day in days if day < _weekday(start))
    for week in itertools.count(max(0, (first - sunday).days // (7 * shift.interval))):
        for place, day in enumerate(days):
            index = week * len(days) + place - missed
            if index >= 0:
                yield index, sunday + week * shift.interval * _WEEK + day * _DAY


_REPEATS = {"once": _once, "daily": _daily, "weekly": _weekly}


def occurrences(shift: Shift, zone: ZoneInfo, since: datetime, before: datetime) -> Iterator[Span]:
    """The instances that start from `since` on and before `before`, in order.

    Instances that the change of the clocks leaves no minute of are left out.
    """
    first = since.astimezone(zone).date() - _DAY
    last = before.astimezone(zone).date() + _DAY
    nights = shift.ends.date() - shift.starts.date()
    until_midnight = (shift.ends.hour, shift.ends.minute) == _END_OF_DAY
    for day in dates(shift, first, last):
        start = start_instant(datetime.combine(day, shift.starts.time()), zone)
        if until_midnight:
            end_wall = datetime.combine(day + nights + _DAY, time())
        else:
            end_wall = datetime.combine(day + nights, shift.ends.time())
        span = Span(start, end_instant(end_wall, zone))
        if since <= start < before and start < span.end:
            yield span


def is_on_call(shift: Shift, zone: ZoneInfo, at: datetime) -> bool:
    """Whether any instance covers the instant `at`, computed from the rule alone."""
    reach = shift.ends - shift.starts + 2 * _DAY
    found = occurrences(shift, zone, at - reach, at + timedelta(microseconds=1))
    return any(at in span for span in found)


def start_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """When a shift starts that starts at `wall`: the first of two, or the first that exists."""
    return _instants(wall, zone)[0]


def end_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """When a shift ends that ends at `wall`: the last of two, or the first that exists."""
    return _instants(wall, zone)[1]


def _instants(wall: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first and the last instant at which a clock on the wall shows `wall`.

    For a time that does not exist PEP 495 gives the two in the wrong order, one on each side of
    the change; then both are the instant of the change.
    """
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    last = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first <= last:
        return first, last
    change = _change_between(last, first, zone)
    return change, change


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    low, high = int(before.timestamp()), int(after.timestamp())
    offset = datetime.fromtimestamp(high, zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)
