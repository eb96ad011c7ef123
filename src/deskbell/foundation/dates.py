"""Days and times of day as people read them, the same everywhere."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MIDNIGHT: Final = time(0)
_NOON: Final = time(12)


def time_words(at: time) -> str:
    """A time of day: `8 AM`, `8:30 AM`, `noon`, `midnight`; seconds only where there are some."""
    if at in {_MIDNIGHT, _NOON}:
        return "noon" if at.hour else "midnight"
    return _on_the_clock(at)


def _on_the_clock(at: time) -> str:
    shown = f":{at:%M:%S}" if at.second else f":{at:%M}" if at.minute else ""
    return f"{at.hour % 12 or 12}{shown} {'PM' if at.hour >= _NOON.hour else 'AM'}"


def hours_words(start: time, end: time) -> str:
    """`9 AM to 5 PM`, `6 PM to midnight`; `all day` from midnight to midnight."""
    if start == end == _MIDNIGHT:
        return "all day"
    return f"{time_words(start)} to {time_words(end)}"


def day_words(day: int) -> str:
    """`Monday` for 1 to `Sunday` for 7."""
    return DAYS[day - 1] if 1 <= day <= len(DAYS) else f"day {day}"


def date_words(day: date) -> str:
    """`December 25, 2026`."""
    return f"{day:%B} {day.day}, {day.year}"


def dates_words(start: date, end: date) -> str:
    """One day, or both ends of a span of several."""
    return date_words(start) if start == end else f"{date_words(start)} to {date_words(end)}"


def moment_words(local: datetime) -> str:
    """`Wednesday, March 4, 2026, 10 AM`, to the minute.

    Midnight is `12 AM` beside a date, so that nobody takes it for the day's end.
    """
    minute = local.time().replace(second=0)
    return f"{local:%A}, {date_words(local)}, {_on_the_clock(minute)}"
