"""Django's notices, remembering what a request was told: who is told why not did nothing.

What tells that something was done also says to what, where the view does not.
"""

from __future__ import annotations

from django.contrib.messages import constants
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest

_KEPT = "audit_notices"


class Storage(FallbackStorage):
    """As Django's own."""

    def add(self, level: int, message: str, extra_tags: str | None = "") -> None:
        """As Django's, and keeps it at the request."""
        told = _told(self.request)
        setattr(self.request, _KEPT, [*told, (level, str(message))])
        super().add(level, message, extra_tags)


def is_refused(request: HttpRequest) -> bool:
    """Whether somebody was told that something was not done, and of nothing that was."""
    levels = [level for level, _ in _told(request)]
    return bool(levels) and constants.SUCCESS not in levels and max(levels) >= constants.WARNING


def done_words(request: HttpRequest) -> str:
    """What somebody was told that was done; empty where nothing was said."""
    said = (words for level, words in _told(request) if level == constants.SUCCESS)
    return next(said, "")


def _told(request: HttpRequest) -> list[tuple[int, str]]:
    told: list[tuple[int, str]] = getattr(request, _KEPT, [])
    return told
