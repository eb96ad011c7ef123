"""The parts that all desks show alike, made once for all of them.

Where many call, the floor changes with every ring, and each open desk asks every second. So what
was made is shown for two seconds, whoever asks, but to a page that has something newer already.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

# What was made stays good so long at a new version, and at its own.
_AT_MOST_EVERY: Final = timedelta(seconds=2)
_KEPT: Final = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Made:
    """The parts as they were at a version of the floor."""

    version: int
    at: datetime
    html: bytes


class Together:
    """The parts that were made last; safe among threads."""

    def __init__(self, make: Callable[[], bytes]) -> None:
        self._make = make
        self._lock = Lock()
        self._made: Made | None = None

    def at(self, version: int, at: datetime, *, seen: int) -> Made:
        """The parts for a page that has those of the version `seen`, where the floor is at
        `version`. Raises whatever making them raises.
        """
        with self._lock:  # whoever asks meanwhile waits for the same
            made = self._made
            if made is None or not _is_good(made, version, at, seen):
                made = self._made = Made(version, at, self._make())
            return made

    def still_shows(self, seen: int, version: int, at: datetime) -> bool:
        """Whether a page that has the version `seen` gets nothing newer yet."""
        made = self._made
        if seen == version:
            return True
        return made is not None and made.version == seen and _is_good(made, version, at, seen)

    def forget(self) -> None:
        """Makes them anew for whoever asks next."""
        self._made = None


def _is_good(made: Made, version: int, at: datetime, seen: int) -> bool:
    """A database that was brought back from a backup counts from an older version on."""
    age = at - made.at
    if made.version == version:
        return age < _KEPT
    return seen <= made.version < version and age < _AT_MOST_EVERY
