"""Hours and actions of an attendant in words, short enough for a picture's boxes where asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time
from typing import Protocol

from deskbell.foundation.dates import hours_words

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class Hours(Protocol):
    """A stretch of one day of the week: a row of the schedule, or a plan's value."""

    @property
    def day(self) -> int:
        """1 Monday to 7 Sunday."""

    @property
    def start(self) -> time:
        """The first moment inside."""

    @property
    def end(self) -> time:
        """The first moment outside; at or before the start, it is on the next day."""


SHORT = {
    "ANNOUNCEMENT_HANGUP": "Play, then hang up",
    "ANNOUNCEMENT_RETURN": "Play, then again",
    "DIAL_BY_EXTENSION": "Ask for extension",
    "DIAL_BY_NAME": "Ask for a name",
    "GO_TO_MENU": "Go to menu",
    "HANGUP": "Hang up",
    "REPLAY_MENU": "Play it again",
    "RETURN_TO_PREVIOUS_MENU": "Go back",
    "TRANSFER_TO_ONCALL": "Call who is on call",
    "TRANSFER_TO_PHONE": "Call a phone",
    "TRANSFER_TO_RECEPTIONIST": "Call reception",
    "VOICEMAIL": "Take a message",
}


def in_short(kind: str) -> str:
    """What an action of this type does, in two or three words that fit a box's row."""
    return SHORT.get(kind, kind.replace("_", " ").capitalize() or "Nothing")


def hours_of(entries: Iterable[Hours], *, short: bool = False) -> list[str]:
    """Weekly hours in words; days with the same hours share a line."""
    by_day: dict[int, list[str]] = {}
    for entry in sorted(entries, key=lambda each: (each.day, each.start)):
        by_day.setdefault(entry.day, []).append(_span(entry.start, entry.end, short))
    by_hours: dict[str, list[int]] = {}
    for day, spans in by_day.items():
        by_hours.setdefault((", " if short else " and ").join(spans), []).append(day)
    between = " " if short else ", "
    return [f"{days_of(days, short=short)}{between}{hours}" for hours, days in by_hours.items()]


def days_of(days: Sequence[int], *, short: bool = False) -> str:
    """Days of the week (1 to 7, in order) in words: "Monday to Friday", "Mon-Fri"."""
    names = [WEEKDAYS[day - 1][: 3 if short else None] for day in days]
    if len(days) > 2 and list(days) == list(range(days[0], days[-1] + 1)):
        return f"{names[0]}\N{EN DASH}{names[-1]}" if short else f"{names[0]} to {names[-1]}"
    return ", ".join(names) if short else " and ".join(names)


def _span(start: time, end: time, short: bool) -> str:
    words = hours_words(start, end)
    return words.replace(" to ", "\N{EN DASH}") if short else words


_NARROW = set("iljtfrI.,:;'!|()[] -\N{EN DASH}1")
_WIDE = set("mwMWOQGDHNU@%—")


def shortened(words: str, room: float, size: float) -> str:
    """As much of the words as `room` pixels hold at a font size in pixels, with … where cut.

    Widths are those of common interface fonts, a little on the safe side.
    """
    if _width(words) * size <= room:
        return words
    kept = words
    while kept and _width(kept + "…") * size > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _width(words: str) -> float:
    """How wide words are, in font sizes."""
    return sum(
        0.36
        if letter in _NARROW
        else 0.88
        if letter in _WIDE
        else 1.0
        if ord(letter) > 0x2E80
        else 0.62
        for letter in words
    )
