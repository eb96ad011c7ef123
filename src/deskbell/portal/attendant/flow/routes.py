"""How the lines of a call flow are led: a curve to the next column, or around the boxes back.

A line back never crosses a box: it runs down or up in the gutters between columns, and passes each
column on its way through a gap between boxes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, NamedTuple

_LANE: Final = 6
_NEAR: Final = 12
_LANES_OF_GUTTER: Final = 5
_LANES_OF_GAP: Final = 3
_PAD: Final = 5
_CORNER: Final = 8


class Point(NamedTuple):
    """A place in the picture, in pixels."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box stands, in pixels from the picture's top left."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right border."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower border."""
        return self.y + self.height

    def moved(self, right: float, down: float) -> Place:
        """The same, elsewhere."""
        return replace(self, x=self.x + right, y=self.y + down)


@dataclass(frozen=True, slots=True)
class Route:
    """A line: its corners, or the two ends of a curve; `is_back` where it goes around."""

    points: tuple[Point, ...]
    is_back: bool = False

    def moved(self, right: float, down: float) -> Route:
        """The same, elsewhere."""
        points = tuple(Point(each.x + right, each.y + down) for each in self.points)
        return replace(self, points=points)

    @property
    def path(self) -> str:
        """The line as SVG's path data. Source: https://www.w3.org/TR/SVG2/paths.html"""
        start, *_, end = self.points
        if not self.is_back:
            middle = (start.x + end.x) / 2
            return (
                f"M{start.x:.1f} {start.y:.1f}C{middle:.1f} {start.y:.1f} "
                f"{middle:.1f} {end.y:.1f} {end.x:.1f} {end.y:.1f}"
            )
        drawn = [f"M{start.x:.1f} {start.y:.1f}"]
        for before, corner, after in zip(
            self.points, self.points[1:], self.points[2:], strict=False
        ):
            near, far = _towards(corner, before), _towards(corner, after)
            drawn.append(f"L{near.x:.1f} {near.y:.1f}")
            drawn.append(f"Q{corner.x:.1f} {corner.y:.1f} {far.x:.1f} {far.y:.1f}")
        return "".join([*drawn, f"L{end.x:.1f} {end.y:.1f}"])


def _towards(corner: Point, other: Point) -> Point:
    """A point a corner's radius away from it, half way at most."""
    across, down = other.x - corner.x, other.y - corner.y
    length = abs(across) + abs(down)
    share = min(_CORNER, length / 2) / length if length else 0
    return Point(corner.x + across * share, corner.y + down * share)


def curve(start: Point, end: Point) -> Route:
    """A line to the next column, which stays in the gutter between."""
    return Route((start, end))


def detours(
    asked: Sequence[tuple[Point, Point, int, int]], columns: Mapping[int, Sequence[Place]]
) -> list[Route]:
    """Lines around boxes, to the same column, an earlier one, or one further than the next.

    `asked` gives start, end, the start's column and the end's; `columns` the boxes, top to bottom.
    """
    taken: Counter[object] = Counter()
    return [_detour(each, columns, taken) for each in asked]


def _detour(
    asked: tuple[Point, Point, int, int],
    columns: Mapping[int, Sequence[Place]],
    taken: Counter[object],
) -> Route:
    start, end, first, last = asked
    is_on = last > first
    points = [start]
    x = max(place.right for place in columns[first]) + _lane(taken, first)
    height = start.y
    for column in range(first + 1, last) if is_on else range(first, last - 1, -1):
        points.append(Point(x, height))
        height = _gap(columns[column], height, end.y, column, taken)
        points.append(Point(x, height))
        if is_on:
            x = max(place.right for place in columns[column]) + _lane(taken, column)
        else:
            x = min(place.x for place in columns[column]) - _lane(taken, column - 1)
    points += [Point(x, height), Point(x, end.y), end]
    return Route(tuple(_without_repeats(points)), is_back=True)


def _lane(taken: Counter[object], gutter: int) -> float:
    """How far from the boxes the next line in a gutter runs."""
    taken[gutter] += 1
    return _NEAR + _LANE * ((taken[gutter] - 1) % _LANES_OF_GUTTER)


def _gap(
    places: Sequence[Place], height: float, goal: float, column: int, taken: Counter[object]
) -> float:
    """Where a line passes a column: in the gap that is least out of its way."""
    far = 4 * _PAD
    bounds = [
        (places[0].y - far, places[0].y),
        *((above.bottom, below.y) for above, below in pairwise(places)),
        (places[-1].bottom, places[-1].bottom + far),
    ]

    def way(index: int) -> float:
        passed = _inside(height, bounds[index])
        return abs(passed - height) + abs(passed - goal)

    chosen = min(range(len(bounds)), key=way)
    taken[column, chosen] += 1
    lane = (taken[column, chosen] - 1) % _LANES_OF_GAP
    return _inside(_inside(height, bounds[chosen]) + lane * _PAD, bounds[chosen])


def _inside(height: float, bounds: tuple[float, float]) -> float:
    return min(max(height, bounds[0] + _PAD), bounds[1] - _PAD)


def _without_repeats(points: Sequence[Point]) -> list[Point]:
    return [point for place, point in enumerate(points) if not place or point != points[place - 1]]
