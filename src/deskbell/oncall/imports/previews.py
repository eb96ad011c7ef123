"""What an imported calendar holds, as people are shown it before anything is taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ..rules import Shift


@dataclass(frozen=True, slots=True)
class Named:
    """What an event says of whom it is about: its title, and names and addresses of attendees."""

    summary: str
    people: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The title, with the attendees behind it where there are some."""
        return f"{self.summary} ({', '.join(self.people)})" if self.people else self.summary


@dataclass(frozen=True, slots=True)
class Changed:
    """An instance that happens otherwise than its rule says: `day` is when it would have started.

    `starts` and `ends` are wall-clock times of the account's zone.
    """

    day: date
    starts: datetime
    ends: datetime
    named: Named


@dataclass(frozen=True, slots=True)
class Found:
    """An event that can be taken.

    `key` tells it from the others of its preview; `words` say when it happens, `notes` what will
    be otherwise than in its calendar. `shift.skipped` has no changed instances' days.
    """

    key: str
    named: Named
    shift: Shift
    words: str
    changed: tuple[Changed, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """An event that cannot be taken: its title, when it starts where that is known, and why."""

    summary: str
    when: str
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """All events of a calendar: `name` is what it calls itself, or empty; `past` is how many were
    left out because they are over."""

    name: str
    found: tuple[Found, ...]
    left: tuple[Left, ...]
    past: int = 0

    @property
    def named(self) -> tuple[Named, ...]:
        """Whom the events that can be taken are about, each once, in their order."""
        found = [
            named for each in self.found for named in (each.named, *(c.named for c in each.changed))
        ]
        return tuple(dict.fromkeys(found))
