"""What would happen to a message that came at an instant and that nobody acknowledged.

It takes the engine's own decision step by step, so it says what the engine then does.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

from .chains import Board, Happening, Kind, Place, Rung, decide

M = TypeVar("M")


def follow(board: Board[M], place: Place, at: datetime) -> Iterator[tuple[datetime, Happening[M]]]:
    """Everything that happens from `at` on, each with its instant, until the chain ends.

    A message that is held goes on at its level's next shift: the looks in between are left out,
    since the board as it is now has nobody until then.
    """
    due: datetime | None = at
    held: Rung | None = None
    while due is not None:
        decision = decide(board, place, due)
        for each in decision.happenings:
            if each.kind is not Kind.HELD or each.rung != held:
                yield due, each
            held = each.rung if each.kind is Kind.HELD else None
        place, now, due = decision.place, due, decision.next_at
        if decision.last.kind is Kind.HELD:
            due = decision.last.until
            if due is not None and due <= now:  # a board that cannot be: it would go on for ever
                return
