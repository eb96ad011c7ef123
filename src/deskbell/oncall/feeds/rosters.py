"""What a feed is made of: shifts and overrides as values, apart from the database.

Contacts are ids here; their names are in `Roster.names`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ..rules import Change, Duty, Shift, Span


@dataclass(frozen=True, slots=True)
class Series:
    """An event: its shift, what it puts on duty, and where it hangs.

    A changed instance has its series' id in `part_of` and the day on which it would have started
    in `original`.
    """

    id: int
    uid: str
    level_id: int
    shift: Shift
    duties: tuple[Duty, ...]
    part_of: int | None = None
    original: date | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """An override: when it holds, on one level or (None) on all, and what it changes."""

    uid: str
    level_id: int | None
    span: Span
    change: Change


@dataclass(frozen=True, slots=True)
class Roster:
    """What a feed shows: the shifts and overrides of some levels, in one zone.

    `only` is the contact whose feed it is, None for a level's. Nothing that is over at `begin`,
    an instant, is shown; `stamp` is when the feed is made. `title` is what the calendar is called.
    """

    title: str
    zone: ZoneInfo
    series: tuple[Series, ...]
    covers: tuple[Cover, ...]
    names: Mapping[int, str]
    levels: Mapping[int, str]
    begin: datetime
    stamp: datetime
    only: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of time in which some contacts are on call together."""

    start: datetime
    end: datetime
    contacts: tuple[int, ...]
