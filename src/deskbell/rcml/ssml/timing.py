"""How long a pause is."""

from __future__ import annotations

import re
from typing import Final

LONGEST_BREAK: Final = 10.0
PARAGRAPH_SECONDS: Final = 0.5
STRENGTHS: Final = {
    "none": 0.0,
    "x-weak": 0.1,
    "weak": 0.25,
    "medium": 0.5,
    "strong": 0.8,
    "x-strong": 1.2,
}
_TIME: Final = re.compile(r"\+?(\d{1,6}(?:\.\d{1,6})?)(ms|s)", re.ASCII)


def seconds_of(text: str) -> float | None:
    """`500ms`, `1.5s` in seconds; None for anything else."""
    found = _TIME.fullmatch(text.strip())
    return float(found[1]) / (1000 if found[2] == "ms" else 1) if found else None


def break_seconds(time: str, strength: str) -> float:
    """A break's length by its attributes, at most LONGEST_BREAK; its strength only alone."""
    seconds = seconds_of(time)
    if seconds is None:
        return STRENGTHS.get(strength or "medium", STRENGTHS["medium"])
    return min(seconds, LONGEST_BREAK)
