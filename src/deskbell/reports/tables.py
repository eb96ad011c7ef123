"""What an export is made of, whatever it is written as."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

# What a cell may hold; datetimes are wall-clock times without a zone.
Cell = str | int | datetime | None


@dataclass(frozen=True, slots=True)
class Table:
    """A title, the columns' labels, and rows with one cell for each; they can be read once.

    `count` is how many rows there will be, where that is known; a few may be gone by then.
    """

    title: str
    labels: Sequence[str]
    rows: Iterator[Sequence[Cell]]
    count: int | None = None
