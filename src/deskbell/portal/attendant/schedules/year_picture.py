"""A year's special days as a picture: twelve small months, days painted with menus' colours."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from html import escape
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from deskbell.attendant.rules.schedule import DateSpan

from .week_picture import Brush

CELL: Final = 26
_ROWS: Final = 6
_WIDTH: Final = 7 * CELL
_HEIGHT: Final = 46 + _ROWS * CELL


def month_svgs(
    year: int, dates: Iterable[DateSpan], brushes: Mapping[str, Brush], today: date
) -> list[SafeString]:
    """The twelve months of a year. Days that are over are dimmed, today has a ring."""
    painted = dict(_painted(year, dates, brushes))
    return [_month(year, month, painted, today) for month in range(1, 13)]


def _painted(
    year: int, dates: Iterable[DateSpan], brushes: Mapping[str, Brush]
) -> Iterator[tuple[date, Brush]]:
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    for span in dates:
        brush = brushes.get(span.menu)
        if brush is not None:
            start, end = max(span.start.toordinal(), first), min(span.end.toordinal(), last)
            yield from ((date.fromordinal(day), brush) for day in range(start, end + 1))


def _month(year: int, month: int, painted: Mapping[date, Brush], today: date) -> SafeString:
    name = f"{calendar.month_name[month]} {year}"
    drawn = [
        (
            f'<svg class="month" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
            f' aria-label="{name}: {_told(year, month, painted)}">'
        ),
        f'<text class="month-name" x="4" y="14">{calendar.month_name[month]}</text>',
        *(
            f'<text class="month-week" x="{(column + 0.5) * CELL:.0f}" y="36">{letter}</text>'
            for column, letter in enumerate("MTWTFSS")
        ),
        *_cells(year, month, painted, today),
        "</svg>",
    ]
    return mark_safe("".join(drawn))  # noqa: S308 every word in it went through escape()


def _told(year: int, month: int, painted: Mapping[date, Brush]) -> str:
    days = [(day.day, brush.name) for day, brush in painted.items() if day.month == month]
    told = ", ".join(f"{day} {escape(name)}" for day, name in sorted(days))
    return told if days and painted and year else "no special days"


def _cells(year: int, month: int, painted: Mapping[date, Brush], today: date) -> Iterator[str]:
    first_column, length = calendar.monthrange(year, month)
    for number in range(1, length + 1):
        row, column = divmod(first_column + number - 1, 7)
        day = date(year, month, number)
        yield _cell(day, column * CELL, 46 + row * CELL, painted.get(day), today)


def _cell(day: date, x: int, y: int, brush: Brush | None, today: date) -> str:
    kinds = ["month-day"] + ["is-past"] * (day < today) + ["is-today"] * (day == today)
    fill = f' fill="{brush.color}"' if brush else ""
    ink = f' fill="{brush.ink}"' if brush else ""
    kinds += ["is-painted"] * bool(brush)
    title = f"<title>{escape(brush.name)}</title>" if brush else ""
    return (
        f'<g class="{" ".join(kinds)}" data-date="{day.isoformat()}">{title}'
        f'<rect x="{x + 1}" y="{y + 1}" width="{CELL - 2}" height="{CELL - 2}" rx="5"{fill}/>'
        f'<text x="{x + CELL / 2:.0f}" y="{y + CELL / 2 + 4:.0f}"{ink}>{day.day}</text></g>'
    )
