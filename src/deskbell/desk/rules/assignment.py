"""Who is rung for whom: pure, and quick for a thousand callers and a hundred receptionists.

Source: design, voice, "The desk on these verbs".
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A caller; who has the lower rank comes first. `needs_number`: only telephones can be rung."""

    id: int
    rank_at: datetime
    skill_id: int | None = None
    preferred_id: int | None = None
    needs_number: bool = False


@dataclass(frozen=True, slots=True)
class Free:
    """A receptionist who is available, or whose phone rings for one of the callers."""

    id: int
    skills: frozenset[int]
    since: datetime
    has_number: bool = True


@dataclass(frozen=True, slots=True)
class Assignment:
    """Rings to begin and to end, each a caller's and a receptionist's id."""

    start: tuple[tuple[int, int], ...] = ()
    stop: tuple[tuple[int, int], ...] = ()


def assign(
    callers: Sequence[Waiting],
    receptionists: Sequence[Free],
    ringing: Sequence[tuple[int, int]] = (),
    resting: Collection[tuple[int, int]] = (),
) -> Assignment:
    """Who is rung for whom from now on."""
    raise NotImplementedError
