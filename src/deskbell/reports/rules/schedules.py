"""When something is made again and again by a clock on the wall, and of which days it tells then.

A time that the change of the clocks skips happens at the instant of the change, and one that comes
twice happens once, the first time, as To Dos and shifts do. A month without the day has it on its
last. Source: seed 000, "Reports" (Export Scheduler).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from deskbell.foundation.dates import DAYS, time_words
from deskbell.oncall.rules.instants import start_instant

DAILY: Final = "daily"
WEEKLY: Final = "weekly"
MONTHLY: Final = "monthly"
_DAY: Final = timedelta(days=1)
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often, and at what time on the wall: `weekday` (Monday 0) counts where it is weekly,
    `month_day` (1 to 31) where it is monthly."""

    frequency: str
    time: time
    weekday: int = 0
    month_day: int = 1


@dataclass(frozen=True, slots=True)
class Turn:
    """What is due: the newest instant, how many older ones are skipped, and the one that follows;
    all UTC."""

    due: datetime
    skipped: int
    following: datetime


def next_after(rhythm: Rhythm, zone: ZoneInfo, after: datetime) -> datetime:
    """The first instant later than `after` (UTC) of a rhythm on the clocks of `zone`."""
    return next(_from(rhythm, zone, after))


def turn_of(rhythm: Rhythm, zone: ZoneInfo, first: datetime, until: datetime) -> Turn:
    """What is due of a rhythm that was due at `first`, at or before `until`: the newest alone."""
    due, skipped = first, 0
    for instant in _from(rhythm, zone, first):
        if instant > until:
            return Turn(due, skipped, instant)
        due, skipped = instant, skipped + 1
    raise AssertionError("a rhythm has no end")


def days_before(frequency: str, day: date) -> tuple[date, date]:
    """The days, both inside, of which it tells on `day`: the day before, the seven days before, or
    the month before."""
    last = day.replace(day=1) - _DAY if frequency == MONTHLY else day - _DAY
    if frequency == MONTHLY:
        return last.replace(day=1), last
    return (last - (_WEEK - 1) * _DAY if frequency == WEEKLY else last), last


def in_words(rhythm: Rhythm) -> str:
    """A rhythm as people say it: "Every Monday at 7:30 AM"."""
    clock = time_words(rhythm.time)
    if rhythm.frequency == MONTHLY:
        day = "the last day" if rhythm.month_day == 31 else f"day {rhythm.month_day}"
        return f"Every month on {day} at {clock}"
    often = "day" if rhythm.frequency == DAILY else DAYS[rhythm.weekday]
    return f"Every {often} at {clock}"


def _from(rhythm: Rhythm, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    last, day = after, after.astimezone(zone).date() - _DAY
    while True:
        if _is_one(rhythm, day):
            instant = start_instant(datetime.combine(day, rhythm.time), zone).astimezone(UTC)
            if instant > last:
                yield instant
                last = instant
        day += _DAY


def _is_one(rhythm: Rhythm, day: date) -> bool:
    if rhythm.frequency == WEEKLY:
        return day.weekday() == rhythm.weekday
    if rhythm.frequency == MONTHLY:
        return day.day == min(rhythm.month_day, monthrange(day.year, day.month)[1])
    return True
