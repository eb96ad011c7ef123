"""The week as a picture: a row per day, hours from left to right, painted with menus' colours.

The script that paints (assets/schedules.ts) redraws the blocks with the same measures, which it
reads from the picture's attributes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from deskbell.attendant.rules.schedule import WeekSpan

from ..flow.colours import ink_on
from ..flow.words import WEEKDAYS, shortened

LEFT: Final = 48
TOP: Final = 24
HOUR: Final = 40
DAY: Final = 36
GAP: Final = 4
_MINUTES: Final = 24 * 60
_WIDTH: Final = LEFT + 24 * HOUR + 24
_HEIGHT: Final = TOP + 7 * (DAY + GAP) + 4


@dataclass(frozen=True, slots=True)
class Brush:
    """A menu to paint with: its sid, name, colour, the ink that reads on it, and its hours a
    week."""

    sid: str
    name: str
    color: str
    hours: str = ""

    @property
    def ink(self) -> str:
        """Black or white, whichever reads on the colour."""
        return ink_on(self.color)


@dataclass(frozen=True, slots=True)
class Block:
    """Part of one day: minutes from its midnight, `end` outside."""

    day: int
    start: float
    end: float
    menu: str


def blocks_of(week: Iterable[WeekSpan]) -> Iterator[Block]:
    """The week cut at midnights, so that every block is within a day."""
    for span in week:
        first, after = (second / 60 for second in span.seconds)
        while first < after:
            midnight = (first // _MINUTES + 1) * _MINUTES
            end = min(after, midnight)
            day = int(first // _MINUTES) % 7 + 1
            start = first % _MINUTES
            yield Block(day, start, start + end - first, span.menu)
            first = end


def week_svg(
    week: Iterable[WeekSpan], brushes: Mapping[str, Brush], local: datetime | None = None
) -> SafeString:
    """The picture; `local` is the time of the system's clock, where it is to be marked."""
    drawn = [
        (
            f'<svg class="week" id="week" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
            f' aria-label="The week, painted; the table below says the same"'
            f' data-left="{LEFT}" data-top="{TOP}" data-hour="{HOUR}" data-day="{DAY}"'
            f' data-gap="{GAP}">'
        ),
        (
            '<defs><pattern id="week-holes" width="8" height="8" patternUnits="userSpaceOnUse"'
            ' patternTransform="rotate(45)"><path class="week-hatch" d="M0 0V8"/></pattern></defs>'
        ),
        *_hours(),
        *_days(),
        '<g id="week-blocks">',
        *(_block(block, brushes.get(block.menu)) for block in blocks_of(week)),
        "</g>",
        _now(local) if local else "",
        "</svg>",
    ]
    return mark_safe("".join(drawn))  # noqa: S308 every word in it went through escape()


def _hours() -> Iterator[str]:
    for hour in range(25):
        x = LEFT + hour * HOUR
        if hour % 3 == 0:
            words = f"{hour % 12 or 12} {'AM' if hour % 24 < 12 else 'PM'}"
            yield f'<text class="week-hour" x="{x}" y="14" text-anchor="middle">{words}</text>'


def _days() -> Iterator[str]:
    for day, name in enumerate(WEEKDAYS):
        y = TOP + day * (DAY + GAP)
        yield f'<text class="week-name" x="0" y="{y + DAY / 2 + 4:.0f}">{name[:3]}</text>'
        yield (
            f'<rect class="week-day" x="{LEFT}" y="{y}" width="{24 * HOUR}" height="{DAY}"'
            f' rx="4" fill="url(#week-holes)"/>'
        )
        for hour in range(3, 24, 3):
            x = LEFT + hour * HOUR
            yield f'<path class="week-line" d="M{x} {y}v{DAY}"/>'


def _block(block: Block, brush: Brush | None) -> str:
    if brush is None:
        return ""
    x = LEFT + block.start * HOUR / 60
    y = TOP + (block.day - 1) * (DAY + GAP)
    width = (block.end - block.start) * HOUR / 60
    said = shortened(brush.name, width - 12, 12) if width > 36 else ""
    return (
        f'<g><title>{escape(brush.name)}</title><rect class="week-block" x="{x + 0.5:.1f}" y="{y}"'
        f' width="{width - 1:.1f}" height="{DAY}" rx="4" fill="{brush.color}"/>'
        f'<text class="week-said" x="{x + 8:.1f}" y="{y + DAY / 2 + 4:.0f}" fill="{brush.ink}">'
        f"{escape(said)}</text></g>"
    )


def _now(local: datetime) -> str:
    x = LEFT + (local.hour * 60 + local.minute) * HOUR / 60
    y = TOP + local.weekday() * (DAY + GAP)
    return (
        f'<g class="week-now"><title>Now</title><path d="M{x:.1f} {y - 2}v{DAY + 4}"/>'
        f'<circle cx="{x:.1f}" cy="{y - 2}" r="3.5"/></g>'
    )
