"""Changes of a zone's clocks, and the instances of a shift that they touch.

Calendar programs differ in how they read such instances: whether a shift that comes back keeps its
length or its wall-clock end, and which of two equal times is meant. So a feed says these one by
one, as instants. Source: RFC 5545, sections 3.3.5 and 3.8.5.3.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ..rules import Shift, dates, wall_end
from ..rules.instants import change_between

_STEP = timedelta(days=5)  # no zone changes its clocks twice within so few days
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class ClockChange:
    """One change: the instant, the offsets before and after, the new name, whether it is summer's.

    `low` and `high` are the first and the last wall-clock time that it touches, in seconds from the
    midnight before day 0 of `date.toordinal`.
    """

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool
    low: int
    high: int


@functools.lru_cache(maxsize=256)
def clock_changes(zone: ZoneInfo, since: datetime, until: datetime) -> tuple[ClockChange, ...]:
    """The changes of a zone's clocks between two instants, in order."""
    found = []
    before = since
    while before < until:
        after = before + _STEP
        if _offset(before, zone) != _offset(after, zone):
            found.append(_change(change_between(before, after, zone), zone))
        before = after
    return tuple(found)


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _change(at: datetime, zone: ZoneInfo) -> ClockChange:
    wall = at.astimezone(zone)
    before = _offset(at - timedelta(seconds=1), zone)
    after = wall.utcoffset() or timedelta()
    walls = sorted(at.replace(tzinfo=None) + offset for offset in (before, after))
    low, high = (wall.toordinal() * _DAY + _since_midnight(wall) for wall in walls)
    return ClockChange(
        at.astimezone(UTC), before, after, wall.tzname() or "", bool(wall.dst()), low, high
    )


def _since_midnight(wall: datetime) -> int:
    return wall.hour * 3600 + wall.minute * 60 + wall.second


def touched_days(shift: Shift, changes: Sequence[ClockChange]) -> Iterator[date]:
    """The days on which an instance starts that one of the changes touches; some come twice.

    In whole seconds, because most shifts are touched by nothing and a feed asks for all of them.
    """
    opening = _since_midnight(shift.starts)
    length = wall_end(shift.ends) - shift.starts
    lasting = length.days * _DAY + length.seconds
    is_once, start = shift.frequency == "once", shift.starts.toordinal()
    for change in changes:
        first = -((opening + lasting - change.low) // _DAY)
        last = (change.high - opening) // _DAY
        if first > last or (is_once and not first <= start <= last):
            continue
        yield from dates(shift, date.fromordinal(first), date.fromordinal(last))
