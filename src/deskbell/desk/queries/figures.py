"""How soon callers were answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """Of the callers who came to the desk in a span: how many, and what became of them.

    `in_time` are those answered within their number's target; `wait_seconds` is how long those who
    were answered waited, in the middle (mean).
    """

    callers: int = 0
    answered: int = 0
    in_time: int = 0
    abandoned: int = 0
    voicemail: int = 0
    lost: int = 0
    wait_seconds: float = 0.0

    @property
    def percent(self) -> int | None:
        """In time, of those who were answered or gave up; None where there were none."""
        over = self.answered + self.abandoned + self.voicemail + self.lost
        return round(100 * self.in_time / over) if over else None


def service_level(since: datetime, until: datetime, account_id: int | None = None) -> ServiceLevel:
    """Of callers (no calls out) who came from `since` to before `until`; one statement, in a system
    scope of its own."""
    raise NotImplementedError
