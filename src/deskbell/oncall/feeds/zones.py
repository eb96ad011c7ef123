"""A zone's VTIMEZONE, for calendar programs that know no IANA zone by its name.

Source: RFC 5545, section 3.6.5.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ..rules import weekday_of
from .clocks import ClockChange, clock_changes

_YEARS = timedelta(days=3660)
_WEEK = 7
_DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_LEAST_YEARS = 4  # that make a habit
_EPOCH = "19700101T000000"


@functools.lru_cache(maxsize=256)
def vtimezone(zone: ZoneInfo, since: datetime) -> tuple[str, ...]:
    """The lines of a zone's VTIMEZONE, right from `since` on, an instant.

    Clocks that change on the same weekday of each year's month are said by a rule, for ever;
    others by their dates in the next ten years.
    """
    changes = clock_changes(zone, since, since + _YEARS)
    first = since.astimezone(zone)
    begin = first.utcoffset() or timedelta()
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone.key}"]
    lines += _observance(first.tzname() or "", begin, begin, [f"DTSTART:{_EPOCH}"])
    alike: dict[tuple[str, timedelta, timedelta, bool], list[ClockChange]] = defaultdict(list)
    for change in changes:
        alike[change.name, change.before, change.after, change.is_summer].append(change)
    for (name, before, after, is_summer), group in alike.items():
        kind = "DAYLIGHT" if is_summer else "STANDARD"
        lines += _observance(name, before, after, _onsets(group), kind)
    return (*lines, "END:VTIMEZONE")


def _observance(
    name: str, before: timedelta, after: timedelta, onsets: list[str], kind: str = "STANDARD"
) -> list[str]:
    return [
        f"BEGIN:{kind}",
        *onsets,
        f"TZOFFSETFROM:{_offset(before)}",
        f"TZOFFSETTO:{_offset(after)}",
        f"TZNAME:{name}",
        f"END:{kind}",
    ]


def _offset(offset: timedelta) -> str:
    minutes = round(abs(offset).total_seconds()) // 60
    return f"{'-' if offset < timedelta() else '+'}{minutes // 60:02}{minutes % 60:02}"


def _onsets(group: Sequence[ClockChange]) -> list[str]:
    """When the clocks change in this way, by the wall clock that is in force before."""
    walls = [change.at.replace(tzinfo=None) + change.before for change in group]
    first = f"DTSTART:{walls[0]:%Y%m%dT%H%M%S}"
    if rule := _habit(walls):
        return [first, f"RRULE:{rule}"]
    return [first, *(f"RDATE:{wall:%Y%m%dT%H%M%S}" for wall in walls[1:])]


def _habit(walls: Sequence[datetime]) -> str:
    """The yearly rule that the times follow; empty where there is none."""
    years = [wall.year for wall in walls]
    if len(walls) < _LEAST_YEARS or years != [*range(years[0], years[0] + len(years))]:
        return ""
    if len({(wall.month, wall.time(), weekday_of(wall.date())) for wall in walls}) > 1:
        return ""
    nths = {(wall.day - 1) // _WEEK + 1 for wall in walls}
    is_last = all((wall + timedelta(days=_WEEK)).month != wall.month for wall in walls)
    if not is_last and len(nths) > 1:
        return ""
    nth = -1 if is_last else nths.pop()
    day = _DAYS[weekday_of(walls[0].date())]
    return f"FREQ=YEARLY;BYMONTH={walls[0].month};BYDAY={nth}{day}"
