"""The usage chart, as boxes that a template draws as SVG: no chart library, no inline style."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .figures import Day, Usage

STEP = 12
BAR = 8
HEIGHT = 100
_NICE = (1, 2, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True, slots=True)
class Bar:
    """A day's two boxes, stacked, in the chart's own units."""

    day: Day
    x: int
    standard_y: float
    standard_height: float
    assisted_y: float
    assisted_height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars of the days so far, and the marks at the left and below."""

    bars: Sequence[Bar]
    width: int
    marks: Sequence[int]
    labels: Sequence[str]


def chart_of(usage: Usage, days_in_month: int) -> Chart:
    """The chart of a month; days to come have room but no bar."""
    top = nice_top(max((day.total for day in usage.days), default=0))
    bars = [_bar(day, top) for day in usage.days]
    labels = [str(day) if day % 5 == 0 or day == 1 else "" for day in range(1, days_in_month + 1)]
    return Chart(bars, days_in_month * STEP, [top, top // 2, 0], labels)


def nice_top(most: float) -> int:
    """The round number of minutes, 10 at least, where the chart ends."""
    if most <= _NICE[-1]:
        return 10
    power = int(10 ** math.floor(math.log10(most)))
    return next(nice * power for nice in _NICE if nice * power >= most)


def _bar(day: Day, top: int) -> Bar:
    standard, assisted = (round(part / top * HEIGHT, 2) for part in (day.standard, day.assisted))
    return Bar(
        day,
        (day.number - 1) * STEP + (STEP - BAR) // 2,
        round(HEIGHT - standard, 2),
        standard,
        round(HEIGHT - standard - assisted, 2),
        assisted,
    )
