"""Logging for every process: one line an event, and never a secret.

`./deskbell up` puts the process's name before each line; alone, a process writes to standard error.
As JSON, a line is an object with `at`, `level`, `logger` and `message`; what belongs to a call has
its sid in `call`, and its parts beside it.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Final

_SECRET = re.compile(
    r"(?i)\b(password|passwd|token|secret|authorization|signature|api_key)(['\"]?\s*[=:]\s*['\"]?)"
    r"(?:(?:bearer|basic)\s+)?[^\s'\"&,;]+"
)

# Links that are keys for whoever has them: an acknowledgement, a password, a calendar, a call.
_KEY_IN_PATH = re.compile(r"(/(?:ack|calendars|deliveries|password/[^/\s]+)/)[^/\s'\"?]{12,}")
_CALL_SID: Final = re.compile(r"\bCA[0-9a-f]{32}\b")
_PLAIN: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def without_secrets(text: str) -> str:
    """`text` with keys in links, and the values of anything named like a secret, as dots."""
    return _KEY_IN_PATH.sub(r"\1…", _SECRET.sub(r"\1\2…", text))


class _QuietFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_secrets(message),
        }
        if call := _call_of(record, message):
            line["call"] = call
        if event := getattr(record, "event", ""):
            facts = getattr(record, "facts", {})
            line["event"] = event
            line["facts"] = {name: without_secrets(str(value)) for name, value in facts.items()}
        if record.exc_info:
            line["error"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def _call_of(record: logging.LogRecord, message: str) -> str:
    """The sid of the call that a record is about, by its parts or its words; or empty."""
    found = _CALL_SID.search(message)
    return str(getattr(record, "sid", "")) or (found.group() if found else "")


def set_up_logging(*, debug: bool = False, as_json: bool = False) -> None:
    """Sends this process's log to standard error, time first, secrets taken out."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonFormatter() if as_json else _QuietFormatter(_PLAIN))
    logging.basicConfig(level=logging.DEBUG if debug else logging.INFO, handlers=[handler])
    for noisy in ("httpx", "httpcore", "aiosipua", "pgqueuer", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
