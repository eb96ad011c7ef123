"""What overrides make of shifts: which instances they cut, and who stands in.

Everything follows `rules.apply`, so a feed shows whom a message would reach.
Source: design, on call, "Overrides and cover".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from ..rules import Span, apply, dates, span_on
from .rosters import Cover, Piece, Series

_DAY = timedelta(days=1)
Cuts = dict[int, dict[date, list[Piece]]]  # by series, and the day on which its instance starts


@dataclass(frozen=True, slots=True)
class StandIn:
    """Contacts whom an override puts on call in addition to, or in place of, those of shifts."""

    uid: str
    piece: Piece


@dataclass(slots=True)
class Covering:
    """What the overrides of one level do: `cuts` are the stretches in which contacts of an
    instance are out, `stand_ins` who is put in."""

    cuts: Cuts = field(default_factory=dict)
    stand_ins: list[StandIn] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Instance:
    day: date
    span: Span
    series: Series


def covering(series: Sequence[Series], covers: Sequence[Cover], zone: ZoneInfo) -> Covering:
    """What `covers`, in the order they were set, do to the shifts of one level."""
    made = Covering()
    by_contact: dict[int, list[Series]] = defaultdict(list)
    for each in series:
        for contact in {duty.contact_id for duty in each.duties}:
            by_contact[contact].append(each)
    for start, end, active in _stretches(covers):
        named = {cover.change.contact_id for cover in active if cover.change.kind != "add"}
        touched = {
            each.id: each for contact in named if contact for each in by_contact.get(contact, ())
        }
        stretch = Span(start, end)
        _work_out(made, stretch, active, list(_overlapping(touched.values(), stretch, zone)))
    made.stand_ins = _joined(made.stand_ins)
    return made


def _stretches(covers: Sequence[Cover]) -> Iterator[tuple[datetime, datetime, list[Cover]]]:
    """The time of all overrides, cut where one begins or ends, each with those that hold in it."""
    edges: dict[datetime, list[int]] = defaultdict(list)
    for place, cover in enumerate(covers):
        edges[cover.span.start].append(place)
        edges[cover.span.end].append(place)
    active: set[int] = set()
    for start, end in pairwise([*sorted(edges), None]):
        active.symmetric_difference_update(edges[start] if start else ())
        if start and end and active:
            yield start, end, [covers[place] for place in sorted(active)]


def _overlapping(series: Iterable[Series], within: Span, zone: ZoneInfo) -> Iterator[_Instance]:
    earliest = within.start.astimezone(zone).date() - 2 * _DAY
    last = within.end.astimezone(zone).date() + _DAY
    for each in series:
        shift = each.shift
        start = shift.starts.date()
        first = earliest - (shift.ends.date() - start)
        if start > last or (start < first and shift.frequency == "once"):
            continue
        for day in dates(shift, first, last):
            span = span_on(shift, zone, day)
            if max(span.start, within.start) < min(span.end, within.end):
                yield _Instance(day, span, each)


def _work_out(
    made: Covering, within: Span, active: Sequence[Cover], instances: Sequence[_Instance]
) -> None:
    changes = [cover.change for cover in active]
    edges = {within.start, within.end}
    for instance in instances:
        edges |= {edge for edge in (instance.span.start, instance.span.end) if edge in within}
    for start, end in pairwise(sorted(edges)):
        there = [each for each in instances if start in each.span]
        base = [duty for each in there for duty in each.series.duties]
        present = {duty.contact_id for duty in apply(base, changes)}
        for each in there:
            out = {duty.contact_id for duty in each.series.duties} - present
            if out:
                cut = Piece(start, end, tuple(sorted(out)))
                made.cuts.setdefault(each.series.id, {}).setdefault(each.day, []).append(cut)
        put_in = present - {duty.contact_id for duty in base}
        if put_in:
            uid = next(cover.uid for cover in active if put_in & _puts_in(cover))
            made.stand_ins.append(StandIn(uid, Piece(start, end, tuple(sorted(put_in)))))


def _puts_in(cover: Cover) -> set[int]:
    return {duty.contact_id for duty in cover.change.duties}


def _joined(stand_ins: Sequence[StandIn]) -> list[StandIn]:
    """Stretches of the same override and contacts that touch are one."""
    joined: list[StandIn] = []
    for each in stand_ins:
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.uid == each.uid
            and before.piece.contacts == each.piece.contacts
            and before.piece.end == each.piece.start
        ):
            piece = Piece(before.piece.start, each.piece.end, each.piece.contacts)
            joined[-1] = StandIn(before.uid, piece)
        else:
            joined.append(each)
    return joined


def pieces_of(span: Span, contacts: tuple[int, ...], cuts: Sequence[Piece]) -> list[Piece]:
    """What is left of an instance: stretches with the contacts who stay, none where nobody does.

    `cuts`, in order, say who is out when.
    """
    edges = {span.start, span.end}
    for cut in cuts:
        edges |= {cut.start, cut.end}
    made: list[Piece] = []
    for start, end in pairwise(sorted(edges)):
        out = {who for cut in cuts if cut.start <= start < cut.end for who in cut.contacts}
        staying = tuple(who for who in contacts if who not in out)
        if made and made[-1].contacts == staying and made[-1].end == start:
            made[-1] = Piece(made[-1].start, end, staying)
        elif staying:
            made.append(Piece(start, end, staying))
    return made
