"""Sids: the ids that API clients see, two or three letters and 32 hex digits."""

from __future__ import annotations

import re
import uuid
from typing import Final

_SID: Final = re.compile(r"^[A-Z]{2,3}[0-9a-f]{32}$")


def new_sid(prefix: str) -> str:
    """A fresh sid, e.g. `CA` + 32 hex digits; `prefix` is two or three capital letters."""
    return prefix + uuid.uuid4().hex


def is_sid(text: str, prefix: str) -> bool:
    """Whether `text` is a well-formed sid that starts with `prefix`."""
    return text.startswith(prefix) and len(text) == len(prefix) + 32 and bool(_SID.match(text))
