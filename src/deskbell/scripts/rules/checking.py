"""What is wrong with a script: refused when it is published, and found by the doctor."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from .content import Content


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    `where` is the part: `greeting`, `steps.0`, `closings.1`, `relays.0`, `faqs.2` (counted from 0
    in their order), or empty for the whole. `field` is the part's own field where the fault is in
    one. `words` say what is wrong and what would be right.
    """

    where: str
    words: str
    field: str = ""


def faults(content: Content, known_levels: Collection[int]) -> list[Fault]:
    """All that keeps a script from being published, in the script's order."""
    found = []
    if not content.closings:
        found.append(Fault("", "The script has no closing, so it cannot be finished; add one."))
    found += level_faults(content, known_levels)
    return found


def level_faults(content: Content, known_levels: Collection[int]) -> list[Fault]:
    """The closings and relay triggers whose escalation level is gone."""
    return [
        Fault(f"relays.{place}", "Its escalation level is gone; choose another.", "level_id")
        for place, relay in enumerate(content.relays)
        if relay.level_id is not None and relay.level_id not in known_levels
    ]
