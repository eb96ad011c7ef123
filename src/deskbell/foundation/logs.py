"""Logging for every process: one line an event, and never a secret.

`./deskbell up` puts the process's name before each line; alone, a process writes to standard error.
"""

from __future__ import annotations

import logging
import re
import sys

_SECRET = re.compile(
    r"(?i)\b(password|passwd|token|secret|authorization|signature|api_key)(['\"]?\s*[=:]\s*['\"]?)"
    r"(?:(?:bearer|basic)\s+)?[^\s'\"&,;]+"
)

# Links that act for whoever has them: an acknowledgement, a new password.
_KEY_IN_PATH = re.compile(r"(/ack/|/password/[^/\s]+/)[^/\s'\"?]{12,}")


def without_secrets(text: str) -> str:
    """`text` with keys in links, and the values of anything named like a secret, as dots."""
    return _KEY_IN_PATH.sub(r"\1…", _SECRET.sub(r"\1\2…", text))


class _QuietFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


def set_up_logging(*, debug: bool = False) -> None:
    """Sends this process's log to standard error, time first, secrets taken out."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_QuietFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.DEBUG if debug else logging.INFO, handlers=[handler])
    for noisy in ("httpx", "httpcore", "aiosipua", "pgqueuer", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
