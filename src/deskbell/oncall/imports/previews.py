"""What an imported calendar holds, as people are shown it before anything is taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ..rules import Shift


@dataclass(frozen=True, slots=True)
class Changed:
    """An instance that happens otherwise than its rule says: `day` is when it would have started.

    `starts` and `ends` are wall-clock times of the account's zone.
    """

    day: date
    starts: datetime
    ends: datetime
    summary: str
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """An event that can be taken.

    `key` tells it from the others of its preview; `people` are names and email addresses of who
    it is about; `words` say when it happens, `notes` what will be otherwise than in its calendar.
    """

    key: str
    summary: str
    people: tuple[str, ...]
    shift: Shift
    words: str
    changed: tuple[Changed, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """An event that cannot be taken, and why."""

    summary: str
    when: str
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """All events of a calendar: `name` is what it calls itself, or empty."""

    name: str
    found: tuple[Found, ...]
    left: tuple[Left, ...]

    @property
    def summaries(self) -> tuple[str, ...]:
        """What the events that can be taken are called, each once, in their order."""
        changed = (each.summary for found in self.found for each in found.changed)
        return tuple(dict.fromkeys([*(found.summary for found in self.found), *changed]))
