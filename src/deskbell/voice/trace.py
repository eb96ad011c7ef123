"""A call's trace: everything that was heard, pressed and decided, one log line each.

Lines start with the call's sid and go on as `name=value`, so that both people and tools read them.
"""

from __future__ import annotations

import json
import logging

log = logging.getLogger("deskbell.voice.trace")


class Trace:
    """The trace of the call `sid`."""

    __slots__ = ("sid",)

    def __init__(self, sid: str) -> None:
        self.sid = sid

    def note(self, event: str, **facts: object) -> None:
        """Writes one line: `event` is a single word, `facts` are what belongs to it."""
        log.info("%s %s%s", self.sid, event, _written(facts))

    def warn(self, event: str, **facts: object) -> None:
        """As `note`, for what went wrong."""
        log.warning("%s %s%s", self.sid, event, _written(facts))


def _written(facts: dict[str, object]) -> str:
    return "".join(f" {name}={_value(value)}" for name, value in facts.items())


def _value(value: object) -> str:
    text = f"{value:.2f}" if isinstance(value, float) else str(value)
    plain = text and text.isprintable() and not any(mark in text for mark in ' "=')
    return text if plain else json.dumps(text)
