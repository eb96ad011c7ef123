"""When a shift is on call: wall-clock times made into instants.

A shift starts at the first occurrence of a time that comes twice and ends at the last, so that a
handoff may overlap and never leaves a hole; a time that does not exist moves forward to the first
that does. An end of 11:59 PM means the end of that day. Source: design, on call, "Time".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .dates import dates
from .shifts import Shift

_END_OF_DAY = (23, 59)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Instants in UTC from `start` up to, and without, `end`: who follows at `end` is on call."""

    start: datetime
    end: datetime

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at < self.end


def occurrences(shift: Shift, zone: ZoneInfo, since: datetime, before: datetime) -> Iterator[Span]:
    """The instances that start from `since` on and before `before`, in order.

    Instances that the change of the clocks leaves no minute of are left out.
    """
    first = since.astimezone(zone).date() - _DAY
    last = before.astimezone(zone).date() + _DAY
    for day in dates(shift, first, last):
        span = span_on(shift, zone, day)
        if since <= span.start < before and span.start < span.end:
            yield span


def span_on(shift: Shift, zone: ZoneInfo, day: date) -> Span:
    """The instants of the instance that starts on `day`, which must be one of the shift's days.

    Its end is not after its start where the change of the clocks leaves no minute of it.
    """
    starts = datetime.combine(day, shift.starts.time())
    return span_of(starts, starts + (shift.ends - shift.starts), zone)


def span_of(starts: datetime, ends: datetime, zone: ZoneInfo) -> Span:
    """The instants between two wall-clock times."""
    return Span(start_instant(starts, zone), end_instant(wall_end(ends), zone))


def wall_end(ends: datetime) -> datetime:
    """The wall-clock time that an end means: midnight for 11:59 PM."""
    if (ends.hour, ends.minute) == _END_OF_DAY:
        return datetime.combine(ends.date() + _DAY, time())
    return ends


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
    change = change_between(last, first, zone)
    return change, change


def change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant after `before` from which the zone has the offset that it has at `after`.

    There must be one change between them.
    """
    low, high = int(before.timestamp()), int(after.timestamp())
    offset = datetime.fromtimestamp(high, zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)
