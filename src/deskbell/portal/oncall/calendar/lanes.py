"""Where blocks that overlap stand beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

MOST_LANES: Final = 10
Lane = tuple[int, int]


def lanes(spans: Sequence[tuple[datetime, datetime]]) -> list[Lane]:
    """A lane from 0 for each span, and how many lanes there are where it stands.

    `spans` are in the order of their starts. Those that overlap, also by way of others, share the
    width; past the tenth they share the last lane.
    """
    placed: list[int] = []
    counts: list[int] = []
    free_at: list[datetime] = []
    group = 0
    for index, (start, end) in enumerate(spans):
        if free_at and start >= max(free_at):
            counts += [len(free_at)] * (index - group)
            group, free_at = index, []
        lane = next((number for number, until in enumerate(free_at) if until <= start), -1)
        if lane < 0 and len(free_at) < MOST_LANES:
            lane = len(free_at)
            free_at.append(end)
        free_at[lane] = max(free_at[lane], end)
        placed.append(lane % MOST_LANES)
    counts += [len(free_at)] * (len(spans) - group)
    return list(zip(placed, counts, strict=True))
