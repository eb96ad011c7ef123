"""Where the boxes of a call flow stand: in columns from left to right, none over another, each as
near as can be to where the line to it begins. Pure geometry; it knows nothing of telephones.

In a column the order is kept, and the distance from where each box would like to be is the least
there is (isotonic regression by pooling neighbours: Barlow et al. 1972). Columns are swept to and
fro, because a box would like to be beside what leads to it and beside what it leads to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from .routes import Place, Point, Route, curve, detours

MARGIN: Final = 24
GUTTER: Final = 50
GAP: Final = 20
_SWEEPS: Final = 6


@dataclass(frozen=True, slots=True)
class Node:
    """A box to be placed. `entry` is how far below its top lines arrive. Pixels."""

    id: str
    column: int
    width: float
    height: float
    entry: float


@dataclass(frozen=True, slots=True)
class Link:
    """A line from `drop` pixels below one box's top to another box's entry."""

    source: str
    target: str
    drop: float


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything's place, in pixels from the top left; routes in the order of the links."""

    width: float
    height: float
    places: Mapping[str, Place]
    routes: tuple[Route, ...]


def lay_out(nodes: Sequence[Node], links: Sequence[Link]) -> Picture:
    """Places the nodes, in the order given within each column, and leads the links around them.

    A link to the next column is a curve; any other goes back through the gaps between boxes.
    Links must name nodes that are there.
    """
    columns = _columns(nodes)
    by_id = {node.id: node for node in nodes}
    forward = [link for link in links if _is_forward(link, by_id)]
    tops = _tops(columns, by_id, forward)
    lefts = _lefts(columns)
    places = {
        node.id: Place(lefts[node.column], tops[node.id], node.width, node.height) for node in nodes
    }
    entries = {node.id: places[node.id].y + node.entry for node in nodes}
    ends = [
        (_start(link, places), Point(places[link.target].x, entries[link.target])) for link in links
    ]
    around = detours(
        [
            (start, end, by_id[link.source].column, by_id[link.target].column)
            for link, (start, end) in zip(links, ends, strict=True)
            if not _is_forward(link, by_id)
        ],
        {column: [places[node.id] for node in inside] for column, inside in columns.items()},
    )
    led = iter(around)
    routes = tuple(
        curve(start, end) if _is_forward(link, by_id) else next(led)
        for link, (start, end) in zip(links, ends, strict=True)
    )
    return _fitted(places, routes)


def _columns(nodes: Iterable[Node]) -> dict[int, list[Node]]:
    columns: dict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        columns[node.column].append(node)
    return {column: columns[column] for column in sorted(columns)}


def _is_forward(link: Link, by_id: Mapping[str, Node]) -> bool:
    return by_id[link.target].column == by_id[link.source].column + 1


def _start(link: Link, places: Mapping[str, Place]) -> Point:
    source = places[link.source]
    return Point(source.right, source.y + link.drop)


def _lefts(columns: Mapping[int, Sequence[Node]]) -> dict[int, float]:
    lefts: dict[int, float] = {}
    left = float(MARGIN)
    for column, inside in columns.items():
        lefts[column] = left
        left += max(node.width for node in inside) + GUTTER
    return lefts


def _tops(
    columns: Mapping[int, Sequence[Node]], by_id: Mapping[str, Node], links: Sequence[Link]
) -> dict[str, float]:
    """The top of each node after sweeping forth and back."""
    tops = {node.id: 0.0 for node in by_id.values()}
    into: dict[str, list[Link]] = defaultdict(list)
    out_of: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        into[link.target].append(link)
        out_of[link.source].append(link)

    def beside_sources(node: Node) -> list[float]:
        return [tops[each.source] + each.drop - node.entry for each in into[node.id]]

    def beside_targets(node: Node) -> list[float]:
        return [
            tops[each.target] + by_id[each.target].entry - each.drop for each in out_of[node.id]
        ]

    order = list(columns)
    for sweep in range(_SWEEPS):
        for column in order:
            wished = [_mean(beside_sources(node), tops[node.id]) for node in columns[column]]
            tops.update(_settled(columns[column], wished))
        if sweep == _SWEEPS - 1:
            order = order[:3]  # what comes before the menus gathers around them at the end
        for column in reversed(order):
            wished = [_mean(beside_targets(node), tops[node.id]) for node in columns[column]]
            tops.update(_settled(columns[column], wished))
    return tops


def _mean(wishes: Sequence[float], otherwise: float) -> float:
    return sum(wishes) / len(wishes) if wishes else otherwise


def _settled(nodes: Sequence[Node], wished: Sequence[float]) -> dict[str, float]:
    """Tops in the nodes' order, GAP apart at least, nearest to what is wished in all."""
    offsets = [0.0]
    for node in nodes[:-1]:
        offsets.append(offsets[-1] + node.height + GAP)
    pools: list[tuple[float, int]] = []  # mean of what the pool's nodes wish, how many they are
    for wish, offset in zip(wished, offsets, strict=True):
        mean, count = wish - offset, 1
        while pools and pools[-1][0] > mean:
            before, many = pools.pop()
            mean, count = (before * many + mean * count) / (many + count), many + count
        pools.append((mean, count))
    means = [mean for mean, count in pools for _ in range(count)]
    return {
        node.id: mean + offset for node, mean, offset in zip(nodes, means, offsets, strict=True)
    }


def _fitted(places: Mapping[str, Place], routes: Sequence[Route]) -> Picture:
    """The picture moved so that all of it is inside, with a margin."""
    points = [point for route in routes for point in route.points]
    top = min([place.y for place in places.values()] + [point.y for point in points], default=0)
    left = min([MARGIN, *(point.x for point in points)])
    right, down = MARGIN - min(left, MARGIN), MARGIN - top
    moved = {name: place.moved(right, down) for name, place in places.items()}
    led = tuple(route.moved(right, down) for route in routes)
    ends = [Point(place.right, place.bottom) for place in moved.values()]
    ends += [point for route in led for point in route.points]
    return Picture(
        width=max((end.x for end in ends), default=0) + MARGIN,
        height=max((end.y for end in ends), default=0) + MARGIN,
        places=moved,
        routes=led,
    )
