"""What the calendar draws: shifts, overrides and gaps, in wall-clock time.

The same entries are drawn as a month, as days with hours, and as a timeline; each of those cuts
them into what fits a place of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from deskbell.foundation.dates import date_words, time_words

TONES: Final = 12
Kind = Literal["shift", "override", "gap"]
WallSpan = tuple[datetime, datetime]
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """A shift, an override or a gap; `starts` and `ends` are wall-clock times without an offset.

    `covered` are the times at which an override takes the shift's place; `words` say how it comes
    back, or what an override does.
    """

    kind: Kind
    key: str
    level: int
    title: str
    words: str
    starts: datetime
    ends: datetime
    href: str = ""
    tones: tuple[int, ...] = ()
    event: int = 0
    day: date | None = None
    is_recurring: bool = False
    is_changed: bool = False
    covered: tuple[WallSpan, ...] = ()
    note: str = ""

    @property
    def tone(self) -> str:
        """The class of its colour, which belongs to the first contact."""
        return f"tone-{self.tones[0]}" if self.tones else "tone-none"

    @property
    def is_whole_days(self) -> bool:
        """Whether it fills days from midnight to midnight."""
        return self.starts.time() == time(0) and is_midnight(self.ends) and self.ends > self.starts

    @property
    def hours(self) -> str:
        """Its times of day, as short as they can be understood."""
        if self.is_whole_days:
            return "all day"
        return f"{time_words(self.starts.time())} to {time_words(end_of(self.ends).time())}"

    @property
    def when(self) -> str:
        """Its days and times in words."""
        first, last = self.starts.date(), last_day(self.ends)
        if self.is_whole_days:
            return (
                short_date(first) if first == last else f"{short_date(first)} to {short_date(last)}"
            )
        begins = f"{short_date(first)}, {time_words(self.starts.time())}"
        ends = time_words(end_of(self.ends).time())
        return f"{begins} to {ends if first == last else f'{short_date(last)}, {ends}'}"

    @property
    def tip(self) -> str:
        """What is said where the pointer rests on it: who, when, how it comes back, the note."""
        return "\n".join(filter(None, (self.title, self.when, self.words, self.note)))

    @property
    def is_covered(self) -> bool:
        """Whether overrides take all of its time."""
        return [*pieces(self)] != [] and all(covered for _, _, covered in pieces(self))


def pieces(entry: Entry) -> Iterator[tuple[datetime, datetime, bool]]:
    """The entry's time in order, cut where an override begins or ends; whether it is covered."""
    at = entry.starts
    for begins, stops in sorted(entry.covered):
        start, end = max(begins, at), min(stops, entry.ends)
        if start >= end:
            continue
        if at < start:
            yield at, start, False
        yield start, end, True
        at = end
    if at < entry.ends:
        yield at, entry.ends, False


def clipped(entry: Entry, since: datetime, until: datetime) -> Entry:
    """The part of an entry between two times."""
    return replace(entry, starts=max(entry.starts, since), ends=min(entry.ends, until))


def is_midnight(at: datetime) -> bool:
    """Whether a day ends then: at midnight, or a minute before it."""
    return at.time() in {time(0), time(23, 59)}


def end_of(at: datetime) -> datetime:
    """An end as it is meant: 11:59 PM is the end of its day."""
    return at + timedelta(minutes=1) if at.time() == time(23, 59) else at


def last_day(ends: datetime) -> date:
    """The last day on which something that ends then still is."""
    return (end_of(ends) - timedelta(microseconds=1)).date()


def short_date(day: date) -> str:
    """`Sun, Nov 22`, as it stands inside words about one calendar."""
    return f"{day:%a}, {day:%b} {day.day}"


def long_date(day: date) -> str:
    """`Sunday, November 22, 2026`."""
    return f"{day:%A}, {date_words(day)}"


def tone_of(contact_id: int) -> int:
    """The colour that belongs to a contact wherever it is drawn, from 0."""
    return contact_id % TONES


def between(entries: Sequence[Entry], since: datetime, until: datetime) -> list[Entry]:
    """The entries that are there at some time between two, in the order of their starts."""
    found = [each for each in entries if each.starts < until and each.ends > since]
    return sorted(found, key=lambda each: (each.starts, -each.ends.toordinal(), each.key))
