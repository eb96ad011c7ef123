"""Charts of minutes, as boxes that templates draw as SVG: no chart library, no inline style."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

STEP = 12
BAR = 8
HEIGHT = 100
_NICE = (1, 2, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True, slots=True)
class Minutes:
    """What a bar stands for: minutes of both kinds, and what its title calls it."""

    words: str
    standard: float = 0.0
    assisted: float = 0.0

    @property
    def total(self) -> float:
        """Those of both kinds."""
        return self.standard + self.assisted


@dataclass(frozen=True, slots=True)
class Bar:
    """Two boxes, stacked, in the chart's own units."""

    of: Minutes
    x: int
    standard_y: float
    standard_height: float
    assisted_y: float
    assisted_height: float


@dataclass(frozen=True, slots=True)
class Behind:
    """What a bar is held against, the whole width of a step and as high as all of its minutes."""

    of: Minutes
    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars from left to right, those behind them, the marks beside and the labels below."""

    bars: Sequence[Bar]
    width: int
    marks: Sequence[int]
    labels: Sequence[str]
    behind: Sequence[Behind] = ()


def stacked(
    minutes: Sequence[Minutes], labels: Sequence[str], behind: Sequence[Minutes] = ()
) -> Chart:
    """A chart with a bar for each; there is room for each of the labels, bars or none."""
    top = nice_top(max((each.total for each in [*minutes, *behind]), default=0))
    bars = [_bar(each, place, top) for place, each in enumerate(minutes)]
    others = [_behind(each, place, top) for place, each in enumerate(behind)]
    return Chart(
        [bar for bar in bars if bar.of.total],
        len(labels) * STEP,
        [top, top // 2, 0],
        labels,
        [each for each in others if each.of.total],
    )


def nice_top(most: float) -> int:
    """The round number of minutes, 10 at least, where the chart ends."""
    if most <= _NICE[-1]:
        return 10
    power = int(10 ** math.floor(math.log10(most)))
    return next(nice * power for nice in _NICE if nice * power >= most)


def _behind(minutes: Minutes, place: int, top: int) -> Behind:
    height = round(minutes.total / top * HEIGHT, 2)
    return Behind(minutes, place * STEP, round(HEIGHT - height, 2), height)


def _bar(minutes: Minutes, place: int, top: int) -> Bar:
    both = minutes.standard, minutes.assisted
    standard, assisted = (round(part / top * HEIGHT, 2) for part in both)
    return Bar(
        minutes,
        place * STEP + (STEP - BAR) // 2,
        round(HEIGHT - standard, 2),
        standard,
        round(HEIGHT - standard - assisted, 2),
        assisted,
    )
