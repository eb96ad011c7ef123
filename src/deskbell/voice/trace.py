"""A call's trace: everything that was heard, pressed and decided, one log line each.

Lines start with the call's sid and go on as `name=value`, so that both people and tools read them.
Each is a log record that carries its parts as well: `traces/` keeps them on disk by these, and the
JSON log shows them as fields.
"""

from __future__ import annotations

import json
import logging
from typing import Final

LOGGER: Final = "deskbell.voice.trace"
log = logging.getLogger(LOGGER)


class Trace:
    """The trace of the call `sid`."""

    __slots__ = ("sid",)

    def __init__(self, sid: str) -> None:
        self.sid = sid

    def note(self, event: str, **facts: object) -> None:
        """Writes one line: `event` is a single word, `facts` are what belongs to it."""
        self._write(logging.INFO, event, facts)

    def warn(self, event: str, **facts: object) -> None:
        """As `note`, for what went wrong."""
        self._write(logging.WARNING, event, facts)

    def web(self, method: str, url: str, *, status: int, seconds: float) -> None:
        """Notes a request to the web side and its answer; `status` 0 says that none came."""
        level = logging.INFO if 0 < status < 400 else logging.WARNING
        facts = {"method": method, "url": url, "status": status, "seconds": seconds}
        self._write(level, "web", facts)

    def _write(self, level: int, event: str, facts: dict[str, object]) -> None:
        if log.isEnabledFor(level):
            parts = {"sid": self.sid, "event": event, "facts": facts}
            log.log(level, "%s %s%s", self.sid, event, _written(facts), extra=parts)


def _written(facts: dict[str, object]) -> str:
    return "".join(f" {name.rstrip('_')}={_value(value)}" for name, value in facts.items())


def _value(value: object) -> str:
    text = f"{value:.2f}" if isinstance(value, float) else str(value)
    plain = text and text.isprintable() and not any(mark in text for mark in ' "=')
    return text if plain else json.dumps(text)
