"""A call flow as SVG: what stands in each box and where, written as text.

Written here and not by a template because a picture may have thousands of parts. Colours of menus
are attributes, everything else is in the page's style, so light and dark need no second picture.
Source: https://www.w3.org/TR/SVG2/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from .graph import NO_KEY, Box, Count, Kind, Way
from .layout import Link, Node, Picture, lay_out
from .routes import Place, Route
from .words import shortened

HEAD: Final = 48
SMALL: Final = 44
ROW: Final = 28
FOOT: Final = 8
BOLD: Final = 14  # titles have 13 pixels, and bold letters are wider


@dataclass(frozen=True, slots=True)
class Shape:
    """What all boxes of a kind have in common."""

    icon: str
    width: int = 180


SHAPES: Final = {
    Kind.NUMBER: Shape(icon="phone-incoming", width=156),
    Kind.SYSTEM: Shape(icon="sitemap", width=164),
    Kind.EMERGENCY: Shape(icon="urgent", width=204),
    Kind.DATES: Shape(icon="calendar-star", width=204),
    Kind.WEEK: Shape(icon="calendar-week", width=204),
    Kind.MENU: Shape(icon="hierarchy", width=220),
    Kind.ANNOUNCEMENT: Shape(icon="volume"),
    Kind.VOICEMAIL: Shape(icon="record-mail"),
    Kind.PHONE: Shape(icon="phone-outgoing"),
    Kind.EXTENSION: Shape(icon="users"),
    Kind.ON_CALL: Shape(icon="calendar-user"),
    Kind.RECEPTIONIST: Shape(icon="headset"),
    Kind.HANG_UP: Shape(icon="phone-off"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """What a drawing needs beside the boxes: where each leads when it is clicked, how many
    findings are about it, the address of the icons, and which box is open."""

    urls: Mapping[str, str] = field(default_factory=dict)
    findings: Mapping[str, str] = field(default_factory=dict)
    icons: str = ""
    opened: str = ""


def picture_of(boxes: Sequence[Box]) -> Picture:
    """Where everything stands; the routes are in the order of the boxes and their ways."""
    nodes = [
        Node(box.id, box.column, SHAPES[box.kind].width, height_of(box), entry_of(box))
        for box in boxes
    ]
    links = [
        Link(box.id, way.to, drop_of(box, place))
        for box in boxes
        for place, way in enumerate(box.ways)
        if way.to
    ]
    return lay_out(nodes, links)


def has_rows(box: Box) -> bool:
    """Whether a box shows its ways one below the other."""
    return bool(box.ways) and box.kind not in {Kind.NUMBER, Kind.SYSTEM}


def height_of(box: Box) -> float:
    """A box's height with all its rows."""
    if not has_rows(box):
        return HEAD if box.kind is Kind.MENU else SMALL
    return _head_of(box) + ROW * len(box.ways) + FOOT


def entry_of(box: Box) -> float:
    """How far below a box's top lines arrive."""
    return _head_of(box) / 2


def drop_of(box: Box, place: int) -> float:
    """How far below a box's top the line of its way number `place` leaves."""
    return _head_of(box) + ROW * (place + 0.5) if has_rows(box) else entry_of(box)


def _head_of(box: Box) -> float:
    return HEAD if box.kind is Kind.MENU else SMALL


def svg_of(boxes: Sequence[Box], name: str, look: Look) -> SafeString:
    """The whole picture as an `<svg>` element; `name` says what it shows."""
    picture = picture_of(boxes)
    most = max((way.count.calls for _, way in _ends(boxes) if way.count), default=0)
    width, height = round(picture.width), round(picture.height)
    drawn = [
        (
            f'<svg class="flow" id="flow" role="group" aria-label="{escape(name)}"'
            f' width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        ),
        '<g class="flow-lines">',
        *(
            _line(route, ends, most)
            for route, ends in zip(picture.routes, _ends(boxes), strict=True)
        ),
        "</g>",
        *(_box(box, picture.places[box.id], look) for box in boxes),
        "</svg>",
    ]
    return mark_safe("".join(drawn))  # noqa: S308 every word in it went through escape()


def _ends(boxes: Sequence[Box]) -> Iterator[tuple[Box, Way]]:
    """Every way that leads to another box, with the box where it begins."""
    for box in boxes:
        yield from ((box, way) for way in box.ways if way.to)


def _line(route: Route, ends: tuple[Box, Way], most: int) -> str:
    """A line, as thick as the share of callers who came this way; it names its ends' boxes."""
    box, way = ends
    share = way.count.calls / most if way.count and most else 0
    kind = "flow-line flow-line-back" if route.is_back else "flow-line"
    return (
        f'<path class="{kind}" d="{route.path}" stroke-width="{1.25 + 3.75 * share:.2f}"'
        f' data-from="{escape(box.id)}" data-to="{escape(way.to)}"/>'
    )


def _box(box: Box, place: Place, look: Look) -> str:
    inside = [
        f'<rect class="flow-card" width="{place.width:.0f}" height="{place.height:.0f}" rx="8"/>',
        _mark(box, place, look),
        *_titles(box, place),
        *(
            _row(way, drop_of(box, at), place, look.icons)
            for at, way in enumerate(box.ways)
            if has_rows(box)
        ),
        _finding(box, place, look),
    ]
    kind = f"flow-box flow-{box.kind.value}"
    if box.id == look.opened:
        kind += " is-open"
    group = f'<g class="{kind}" transform="translate({place.x:.1f} {place.y:.1f})">'
    drawn = group + "".join(inside) + "</g>"
    url = look.urls.get(box.id)
    if not url:
        return drawn
    return f'<a href="{escape(url)}" data-flow="{escape(box.id)}">{drawn}</a>'


def _mark(box: Box, place: Place, look: Look) -> str:
    """A menu's colour as a band at its left, else an icon for its kind."""
    if box.kind is Kind.MENU:
        height = place.height - 16
        return (
            f'<rect class="flow-band" x="8" y="8" width="4" height="{height:.0f}" rx="2"'
            f' fill="{box.color}"/>'
        )
    y = (_head_of(box) - 18) / 2
    return _icon(look.icons, SHAPES[box.kind].icon, 12, y, 18)


def _icon(icons: str, name: str, x: float, y: float, size: int) -> str:
    return (
        f'<svg class="flow-icon" x="{x:.0f}" y="{y:.0f}" width="{size}" height="{size}"'
        f' viewBox="0 0 24 24"><use href="{escape(icons)}#{name}"/></svg>'
    )


def _titles(box: Box, place: Place) -> list[str]:
    left = 20 if box.kind is Kind.MENU else 38
    room = place.width - left - 12
    if box.count and box.count.calls:
        room -= 44
    middle = _head_of(box) / 2
    title, facts = shortened(box.title, room, BOLD), shortened(box.facts, room, 11)
    said = []
    if (title, facts) != (box.title, box.facts):
        said.append(f"<title>{escape(f'{box.title}: {box.facts}'.removesuffix(': '))}</title>")
    top = middle - 3 if box.facts else middle + 4
    said.append(_text("flow-title", left, top, title))
    if box.facts:
        said.append(_text("flow-facts", left, middle + 13, facts))
    if box.count and box.count.calls:
        right = place.width - 12
        said.append(_text("flow-count", right, top, f"{box.count.calls:,}", end=True))
    return said


def _row(way: Way, middle: float, place: Place, icons: str) -> str:
    """A key with what it does and how many callers pressed it, or a menu's hours."""
    mark, left = _row_mark(way, middle, icons)
    counts, right = _row_counts(way.count, middle, place.width - 12)
    shown = shortened(way.words, right - left, 12)
    told = _told(way)
    title = f"<title>{escape(told)}</title>" if told != shown else ""
    return f"<g>{title}{mark}{_text('flow-words', left, middle + 4, shown)}{counts}</g>"


def _row_mark(way: Way, middle: float, icons: str) -> tuple[str, float]:
    """A row's key, or clock, or colour, and where its words begin."""
    if way.mark == NO_KEY:
        return _icon(icons, "clock", 22, middle - 8, 16), 48
    if way.mark:
        cap = f'<rect class="flow-key" x="20" y="{middle - 10:.1f}" width="20" height="20" rx="5"/>'
        return cap + _text("flow-digit", 30, middle + 4, way.mark.replace("*", "✱")), 48
    if way.color:
        y = f"{middle - 5:.1f}"
        return f'<rect x="20" y="{y}" width="10" height="10" rx="3" fill="{way.color}"/>', 38
    return "", 20


def _row_counts(count: Count | None, middle: float, right: float) -> tuple[str, float]:
    """How many pressed and how many of them left, and where room for words ends."""
    if count is None or not count.calls:
        return "", right
    drawn = ""
    if count.left:
        left = f"\N{MINUS SIGN}{count.left:,}"
        drawn = _text("flow-left", right, middle + 4, left, end=True)
        right -= 7 * len(left) + 5
    pressed = f"{count.calls:,}"
    drawn += _text("flow-count", right, middle + 4, pressed, end=True)
    return drawn, right - 7 * len(pressed) - 8


def _told(way: Way) -> str:
    if way.count is None or not way.count.calls:
        return way.words
    return (
        f"{way.words}. Pressed by {way.count.calls:,} callers in 30 days;"
        f" {way.count.left:,} hung up there."
    )


def _finding(box: Box, place: Place, look: Look) -> str:
    finding = look.findings.get(box.id)
    if not finding:
        return ""
    return (
        f'<g class="flow-finding" transform="translate({place.width - 10:.0f} -8)">'
        f"<title>{escape(finding)}</title>"
        f'<circle cx="9" cy="9" r="9"/><path d="M9 4.5v5.5M9 13v.2"/></g>'
    )


def _text(kind: str, x: float, y: float, words: str, *, end: bool = False) -> str:
    anchor = ' text-anchor="end"' if end else ""
    return f'<text class="{kind}" x="{x:.0f}" y="{y:.1f}"{anchor}>{escape(words)}</text>'
