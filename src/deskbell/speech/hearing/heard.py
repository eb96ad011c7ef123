"""What an ear tells of its caller."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard, so far or at last.

    `text` is one of the hints (or free speech where there were none); empty in a final one where
    nothing was understood, empty in the first of all, which only says that somebody speaks.
    `confidence` is from 0 to 1. `alternatives` are what else it may have been, likeliest first,
    each with its own confidence, without `text` itself.
    """

    text: str
    confidence: float
    is_final: bool
    alternatives: tuple[tuple[str, float], ...] = ()
