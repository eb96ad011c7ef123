"""Texts of any length in a panel: the start of a long one, and a way to all of it.

A message may have a megabyte. Up to some pages the page carries all of it, and the style shows the
first lines until somebody asks for more; beyond that only its start is sent, with a link.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MOST_LINES: Final = 12
MOST_MARKS: Final = 900
# What a panel carries of one text; and of a text that is longer than that.
LONGEST: Final = 20_000
START: Final = 3_000


@dataclass(frozen=True, slots=True)
class Clamped:
    """A text as a page shows it; it has `length` characters in all, and is folded or not."""

    text: str
    length: int
    is_folded: bool = False

    @property
    def is_cut(self) -> bool:
        """Whether the page has only its start."""
        return len(self.text) < self.length


def clamped(text: str, *, whole: bool = False) -> Clamped:
    """`text` for a panel; with `whole` all of it, whatever its length."""
    length = len(text)
    if whole:
        return Clamped(text, length)
    if length > LONGEST:
        return Clamped(_start(text), length, is_folded=True)
    is_folded = length > MOST_MARKS or text.count("\n") > MOST_LINES
    return Clamped(text, length, is_folded)


def _start(text: str) -> str:
    """The first `START` characters, ending after a word where one ends near there."""
    start = text[:START]
    cut = start.rfind(" ", START - 100)
    return (start[:cut] if cut > 0 else start).rstrip() + " …"
