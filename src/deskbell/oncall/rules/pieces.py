"""Time cut into pieces in which the same shifts and overrides hold: decisions without a database.

From the pieces follows who is effectively on call when, who of a shift is taken out when, and where
an override has an effect.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from .cover import Change, Duty, apply
from .instants import Span


@dataclass(frozen=True, slots=True)
class Held:
    """Something that holds for a span: a shift's `duties`, or an override's `change`."""

    span: Span
    duties: tuple[Duty, ...] = ()
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """From `start` to `end` the same holds: the places in their sequences of the shifts and of the
    overrides. `effective` is who is on call, `works` which of the overrides change something or
    put somebody in."""

    start: datetime
    end: datetime
    shifts: tuple[int, ...]
    overrides: tuple[int, ...]
    effective: tuple[Duty, ...]
    works: tuple[int, ...]


def pieces(
    shifts: Sequence[Held], overrides: Sequence[Held], since: datetime, until: datetime
) -> Iterator[Piece]:
    """The pieces of the time between two instants, in order and without a hole.

    `overrides` come in the order in which they were set.
    """
    edges = {since, until}
    for held in (*shifts, *overrides):
        edges.update(edge for edge in (held.span.start, held.span.end) if since < edge < until)
    in_order = sorted(edges)
    shifts_at = _holding(shifts, in_order)
    overrides_at = _holding(overrides, in_order)
    for place, (start, end) in enumerate(itertools.pairwise(in_order)):
        on = [duty for index in shifts_at[place] for duty in shifts[index].duties]
        effective, works = _applied(on, overrides, overrides_at[place])
        yield Piece(start, end, shifts_at[place], overrides_at[place], effective, works)


def _holding(all_held: Sequence[Held], edges: Sequence[datetime]) -> list[tuple[int, ...]]:
    """Which hold from each edge to the next."""
    waiting = sorted(range(len(all_held)), key=lambda index: all_held[index].span.start)
    waiting.reverse()
    holding: set[int] = set()
    found = []
    for edge in edges[:-1]:
        while waiting and all_held[waiting[-1]].span.start <= edge:
            holding.add(waiting.pop())
        holding = {index for index in holding if all_held[index].span.end > edge}
        found.append(tuple(sorted(holding)))
    return found


def _applied(
    on: Sequence[Duty], overrides: Sequence[Held], places: Iterable[int]
) -> tuple[tuple[Duty, ...], tuple[int, ...]]:
    effective, works = apply(on, []), []
    for place in places:
        change = overrides[place].change
        if change is None:
            continue
        if change.kind == "add" or any(duty.contact_id == change.contact_id for duty in effective):
            works.append(place)
            effective = apply(effective, [change])
    return tuple(effective), tuple(works)
