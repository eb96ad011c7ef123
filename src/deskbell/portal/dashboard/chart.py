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
class Behind:
    """A day of last month, the whole width of a day and as high as all of its minutes."""

    day: Day
    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars of the days so far, those of last month behind them, and the marks beside."""

    bars: Sequence[Bar]
    width: int
    marks: Sequence[int]
    labels: Sequence[str]
    behind: Sequence[Behind] = ()


def chart_of(usage: Usage, days_in_month: int) -> Chart:
    """The chart of a month; days to come have room but no bar.

    It is as wide as the longer of the two months.
    """
    top = nice_top(max((day.total for day in [*usage.days, *usage.last_month]), default=0))
    bars = [_bar(day, top) for day in usage.days]
    behind = [_behind(day, top) for day in usage.last_month if day.total]
    days = max(days_in_month, len(usage.last_month))
    labels = [str(day) if day % 5 == 0 or day == 1 else "" for day in range(1, days + 1)]
    return Chart(bars, days * STEP, [top, top // 2, 0], labels, behind)


def nice_top(most: float) -> int:
    """The round number of minutes, 10 at least, where the chart ends."""
    if most <= _NICE[-1]:
        return 10
    power = int(10 ** math.floor(math.log10(most)))
    return next(nice * power for nice in _NICE if nice * power >= most)


def _behind(day: Day, top: int) -> Behind:
    height = round(day.total / top * HEIGHT, 2)
    return Behind(day, (day.number - 1) * STEP, round(HEIGHT - height, 2), height)


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
