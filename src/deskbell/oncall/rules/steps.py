"""What escalation does next: decisions without a database.

Source: design, on call, "Escalation"; seed 000, "Repeat Escalation Levels", "Chain Escalation
Levels".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

LAST_WAIT_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Waits:
    """What a level says about time: `repeat` more attempts after the first, and its waits."""

    repeat: int
    repeat_seconds: int
    wait_seconds: int
    is_last: bool

    @property
    def leaving(self) -> int:
        """Seconds from the level's last attempt until it is left; five minutes where a terminating
        level has none set."""
        if self.is_last and not self.wait_seconds:
            return LAST_WAIT_SECONDS
        return self.wait_seconds


@dataclass(frozen=True, slots=True)
class Step:
    """What follows an attempt that nobody answers: another attempt, or leaving the level."""

    at: datetime
    again: bool


def next_step(waits: Waits, attempt: int, at: datetime) -> Step:
    """What follows attempt number `attempt` (from 1), made at `at`, and when."""
    if goes_again(waits, attempt):
        return Step(at + timedelta(seconds=waits.repeat_seconds), again=True)
    return Step(at + timedelta(seconds=waits.leaving), again=False)


def goes_again(waits: Waits, attempt: int) -> bool:
    """Whether the level has another attempt after number `attempt`."""
    return attempt <= waits.repeat
