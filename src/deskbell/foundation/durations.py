"""Lengths of time as people read them, the same everywhere."""

from __future__ import annotations

MINUTE = 60
HOUR = 3600


def in_words(seconds: float) -> str:
    """A wait: `20 s`, `1 minute`, `90 s`, `5 minutes`, `2 hours`.

    From two minutes on, what is no whole number of hours is rounded to minutes.
    """
    whole = round(seconds)
    if whole < 2 * MINUTE and whole != MINUTE:
        return f"{whole} s"
    if whole % HOUR == 0:
        return _counted(whole // HOUR, "hour")
    return _counted(round(whole / MINUTE), "minute")


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def on_clock(seconds: float) -> str:
    """The length of something heard, in minutes and seconds: `0:07`, `12:30`."""
    whole = round(seconds)
    return f"{whole // MINUTE}:{whole % MINUTE:02d}"
