"""Days with their hours, and levels on a timeline: where each block starts and ends.

A place is said in days, hours and steps of five minutes, which are classes of the style sheet: the
pages' policy allows no style in the document itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from .asked import Asked
from .entries import Entry, between, end_of, pieces
from .lanes import lanes

STEP: Final = 5
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of an entry as it is drawn. `place` are the classes of where."""

    entry: Entry
    place: str
    is_covered: bool
    is_first: bool
    is_last: bool
    is_short: bool
    starts: datetime
    ends: datetime

    @property
    def id(self) -> str:
        """What the page calls it; an entry has a block for each of its pieces."""
        return f"{self.entry.key}-b{self.starts:%m%d%H%M}"


@dataclass(frozen=True, slots=True)
class DayColumn:
    """A day with its blocks and its gaps."""

    day: date
    is_today: bool
    url: str
    blocks: Sequence[Block]
    gaps: Sequence[Block]
    now: str = ""


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A level on the timeline; `lanes` is how many blocks stand above each other at most."""

    level: int
    name: str
    number: int
    url: str
    lanes: int
    blocks: Sequence[Block]
    gaps: Sequence[Block]


def columns(
    asked: Asked, entries: Sequence[Entry], gaps: Sequence[Entry], now: datetime
) -> list[DayColumn]:
    """The days that were asked for, each with what is on call on it. `now` is by the wall clock."""
    made = []
    for day in asked.days:
        since = datetime.combine(day, time(0))
        made.append(
            DayColumn(
                day=day,
                is_today=day == asked.today,
                url=asked.seen_as("day").on(day).url,
                blocks=_laned(_cut(entries, since, since + _DAY), since),
                gaps=_placed(_cut(gaps, since, since + _DAY), since),
                now=_from(now, since) if day == now.date() else "",
            )
        )
    return made


def rows(
    asked: Asked,
    levels: Sequence[tuple[int, str]],
    entries: Sequence[Entry],
    gaps: Sequence[Entry],
) -> list[LevelRow]:
    """Every level with the week that was asked for."""
    since = datetime.combine(asked.first, time(0))
    until = datetime.combine(asked.after, time(0))
    made = []
    for number, (level, name) in enumerate(levels, start=1):
        own = _cut([each for each in entries if each.level == level], since, until)
        holes = _cut([each for each in gaps if each.level == level], since, until)
        blocks = _laned(own, since)
        deepest = max((int(block.place.rpartition("of-")[2]) for block in blocks), default=1)
        url = replace(asked, view="week", level=level).url
        made.append(LevelRow(level, name, number, url, deepest, blocks, _placed(holes, since)))
    return made


def now_on(asked: Asked, now: datetime) -> str:
    """Where now is on the timeline; empty where it does not show."""
    if not asked.shows_today:
        return ""
    return _from(now, datetime.combine(asked.first, time(0)))


Piece = tuple[Entry, datetime, datetime, bool]


def _cut(entries: Sequence[Entry], since: datetime, until: datetime) -> list[Piece]:
    found = []
    for entry in between(entries, since, until):
        for begins, stops, is_covered in pieces(entry):
            start, end = max(begins, since), min(end_of(stops), until)
            if start < end:
                found.append((entry, start, end, is_covered))
    return found


def _laned(cut: Sequence[Piece], since: datetime) -> list[Block]:
    cut = sorted(cut, key=lambda piece: (piece[1], -(piece[2] - piece[1]).total_seconds()))
    found = lanes([(start, end) for _, start, end, _ in cut])
    return [
        _block(piece, f"{_at(piece, since)} lane-{lane} of-{count}")
        for piece, (lane, count) in zip(cut, found, strict=True)
    ]


def _placed(cut: Sequence[Piece], since: datetime) -> list[Block]:
    return [_block(piece, _at(piece, since)) for piece in cut]


def _block(piece: Piece, place: str) -> Block:
    entry, start, end, is_covered = piece
    return Block(
        entry=entry,
        place=place,
        is_covered=is_covered,
        is_first=start == entry.starts,
        is_last=end == end_of(entry.ends),
        is_short=end - start < timedelta(minutes=45),
        starts=start,
        ends=end,
    )


def _at(piece: Piece, since: datetime) -> str:
    return f"{_from(piece[1], since)} {_to(piece[2], since)}"


def _from(at: datetime, since: datetime) -> str:
    days, minutes = divmod(int((at - since).total_seconds() // 60), 24 * 60)
    return f"sd-{days} sh-{minutes // 60} sm-{minutes % 60 // STEP}"


def _to(at: datetime, since: datetime) -> str:
    """The end; midnight after the last day is its 24th hour."""
    minutes = int((at - since).total_seconds() // 60)
    days = max(0, minutes - 1) // (24 * 60)
    minutes -= days * 24 * 60
    return f"ed-{days} eh-{minutes // 60} em-{minutes % 60 // STEP}"
