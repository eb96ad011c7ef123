"""What the gateways say of themselves, asked all at once and not more often than needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.conf import settings

from deskbell.foundation.errors import DeskbellError
from deskbell.voice import client

from ...shared import Shared

_SECONDS: Final = 1.0
_KEPT_SECONDS: Final = 5
_MOST_AT_ONCE: Final = 8
_asked: Final[Shared[Sequence[Gateway]]] = Shared(2)


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway's address, and what it says, or in words why it says nothing."""

    url: str
    said: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""


def gateways(at: datetime) -> Sequence[Gateway]:
    """Every gateway of `DESKBELL_VOICE_URLS`, as it was within the last five seconds.

    All who ask in that time share one answer. Reads only.
    """
    urls = settings.ENVIRONMENT.voice_urls
    return _asked.get((urls, int(at.timestamp()) // _KEPT_SECONDS), lambda: ask(urls))


def ask(urls: Sequence[str]) -> Sequence[Gateway]:
    """Asks gateways now, side by side; each has a second."""
    if not urls:
        return ()
    with ThreadPoolExecutor(min(len(urls), _MOST_AT_ONCE)) as threads:
        return tuple(threads.map(_one, urls))


def _one(url: str) -> Gateway:
    try:
        return Gateway(url, client.health(url, timeout=_SECONDS))
    except DeskbellError as error:
        return Gateway(url, error=str(error).rstrip("."))
