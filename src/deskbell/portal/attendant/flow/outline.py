"""The call flow as an indented list: the same as the picture, for narrow screens and for ears."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .graph import NO_KEY, Box, Kind, Way


@dataclass(slots=True)
class Line:
    """One line of the list: how callers get there, what is there, and what follows from it.

    `is_again` marks a menu whose lines stand elsewhere in the list, where most lead to it.
    """

    box: Box
    way: Way | None = None
    is_again: bool = False
    inside: list[Line] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """The key that leads here, in words where it is none."""
        mark = self.way.mark if self.way else ""
        return "No key" if mark == NO_KEY else mark

    @property
    def hours(self) -> str:
        """When callers get here, where hours decide."""
        return self.way.words if self.way and not self.way.mark else ""


def outline_of(boxes: Sequence[Box]) -> list[Line]:
    """The list's outermost lines: numbers and their system, what it begins with, then menus that
    nothing leads to."""
    by_id = {box.id: box for box in boxes}
    led = {way.to for box in boxes for way in box.ways}
    tops = [box for box in boxes if box.kind in {Kind.EMERGENCY, Kind.DATES, Kind.WEEK}]
    tops += [box for box in boxes if box.kind is Kind.MENU and box.id not in led]
    shown: set[str] = set()
    heads = [Line(box) for box in boxes if box.kind in {Kind.NUMBER, Kind.SYSTEM}]
    return heads + [_line(box, None, by_id, shown) for box in tops]


def _line(box: Box, way: Way | None, by_id: Mapping[str, Box], shown: set[str]) -> Line:
    line = Line(box, way)
    shown.add(box.id)
    for each in box.ways:
        target = by_id.get(each.to)
        if target is None:
            line.inside.append(Line(_here(box, each), each))
        elif target.kind is Kind.MENU and (target.id in shown or target.column != box.column + 1):
            line.inside.append(Line(target, each, is_again=True))
        else:
            line.inside.append(_line(target, each, by_id, shown))
    return line


def _here(box: Box, way: Way) -> Box:
    """A line for what a key does without leading elsewhere."""
    return Box(f"{box.id} {way.mark}", Kind.HERE, way.words, box.column + 1)
