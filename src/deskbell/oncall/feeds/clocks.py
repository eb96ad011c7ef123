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
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClockChange:
    """One change: the instant, the offsets before and after, the new name, whether it is summer's.

    Wall-clock times from `low` to `high`, both included, are touched by it.
    """

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool

    @property
    def low(self) -> datetime:
        """The earliest wall-clock time that is ambiguous or missing."""
        return self.at.replace(tzinfo=None) + min(self.before, self.after)

    @property
    def high(self) -> datetime:
        """The latest wall-clock time that is ambiguous or missing."""
        return self.at.replace(tzinfo=None) + max(self.before, self.after)


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
    return ClockChange(
        at=at.astimezone(UTC),
        before=_offset(at - timedelta(seconds=1), zone),
        after=wall.utcoffset() or timedelta(),
        name=wall.tzname() or "",
        is_summer=bool(wall.dst()),
    )


def touched_days(shift: Shift, changes: Sequence[ClockChange]) -> Iterator[date]:
    """The days on which an instance starts that one of the changes touches; some come twice."""
    opening = shift.starts - datetime.combine(shift.starts.date(), datetime.min.time())
    lasting = wall_end(shift.ends) - shift.starts
    for change in changes:
        earliest = change.low - opening - lasting
        latest = change.high - opening
        first = earliest.date() + (_DAY if earliest != _midnight(earliest) else timedelta())
        if first <= latest.date():
            yield from dates(shift, first, latest.date())


def _midnight(wall: datetime) -> datetime:
    return wall.replace(hour=0, minute=0, second=0, microsecond=0)
