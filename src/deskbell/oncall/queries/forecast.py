""" "What if a message came at …": the whole way it would go, with clock times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from deskbell.contacts.models import DeliveryMethod

from .. import words
from ..models import EscalationLevel
from ..rules.chains import Happening, Kind, Place
from ..rules.forecast import follow
from .board import AccountBoard


@dataclass(frozen=True, slots=True)
class ForecastStep:
    """One thing that would happen, and when.

    `kind` is "attempt" or "fallback" (by `methods`), "held" (until `until`), "skipped" (nobody is
    there, so it goes on at once), "left" (nobody acknowledged, so it goes on), "exhausted" (the
    end), or "nowhere" (there are no levels). `words` are those of the activity.
    """

    at: datetime
    level: EscalationLevel | None
    attempt: int
    kind: str
    methods: tuple[DeliveryMethod, ...]
    words: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """The steps in order; `is_whole` where they reach the end."""

    steps: tuple[ForecastStep, ...]
    is_whole: bool


def forecast(
    account_id: int, level: EscalationLevel | None, at: datetime, *, steps: int = 200
) -> Forecast:
    """What would happen to a message that came to `level` (None: to the account's first) at `at`
    and that nobody acknowledged, as calendars are now.

    Every delivery is taken to arrive. `steps` at most. A few queries for each step.
    """
    board = AccountBoard(account_id)
    place = Place(None if level is None else level.pk)
    found = [_step(board, *each) for each in islice(follow(board, place, at), steps + 1)]
    ended = bool(found) and found[-1].kind in (Kind.EXHAUSTED, Kind.NOWHERE)
    return Forecast(tuple(found[:steps]), is_whole=ended and len(found) <= steps)


def _step(board: AccountBoard, at: datetime, happening: Happening[DeliveryMethod]) -> ForecastStep:
    return ForecastStep(
        at=at,
        level=board.level(happening.rung.level_id) if happening.rung else None,
        attempt=happening.attempt,
        kind=happening.kind,
        methods=happening.methods,
        words=words.told(happening),
        until=happening.until,
    )
