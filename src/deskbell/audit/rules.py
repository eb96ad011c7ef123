"""What an entry may hold: no secret, nothing that is too long, nothing that cannot be kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

LONGEST_VALUE: Final = 500
MOST_CHANGES: Final = 60
HIDDEN: Final = "(hidden)"
_SECRET: Final = re.compile(
    r"password|passwd|passphrase|secret|token|hash|otp|totp|credential|authorization|cookie|signature"
    r"|(^|_|\b)(api_?)?keys?($|_|\b)|(^|_|\b)(pin|code|codes|seed)($|_|\b)",
    re.IGNORECASE,
)
_URL: Final = re.compile(r"([a-z][a-z0-9+.-]{1,30})://\S*", re.IGNORECASE)
_CONTROL: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+"
)
_BEFORE_CAPITALS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Door(StrEnum):
    """By which way something was done."""

    PORTAL = "portal"
    API_V2 = "api_v2"
    AUTOATTENDANT = "autoattendant"
    ADMIN = "admin"


DOORS: Final = {
    Door.PORTAL: "Portal",
    Door.API_V2: "API v2",
    Door.AUTOATTENDANT: "Auto Attendant API",
    Door.ADMIN: "Admin",
}
_STARTS: Final = (
    ("/api/v2/", Door.API_V2),
    ("/autoattendant/", Door.AUTOATTENDANT),
    ("/admin/", Door.ADMIN),
)


def door_of(path: str) -> Door:
    """The door that an address belongs to."""
    return next((door for start, door in _STARTS if path.startswith(start)), Door.PORTAL)


def clean(text: str, most: int) -> str:
    """One line of at most `most` characters.

    Without control characters, and without those that turn the direction of what follows: the log
    is read by people who decide by it.
    """
    found = " ".join(_CONTROL.sub(" ", text[: 4 * most]).split())
    return found if len(found) <= most else f"{found[: most - 1]}…"


def is_secret(field: str) -> bool:
    """Whether a field's name says that its value is nobody's to read."""
    return _SECRET.search(_BEFORE_CAPITALS.sub("_", field)) is not None


def shown(field: str, value: object) -> Any:
    """A value as an entry keeps it: JSON, short, and without what opens something.

    Of an address in the web only its host is kept: what is behind it is often the key.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if is_secret(field):
        return HIDDEN
    return clean(_URL.sub(_host_alone, _text(field, value)), LONGEST_VALUE)


def _text(field: str, value: object) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {shown(str(name), each)}" for name, each in value.items())
    if isinstance(value, bytes | bytearray | memoryview):
        return "(a file)"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(str(shown(field, each)) for each in value)
    return str(value)


def _host_alone(found: re.Match[str]) -> str:
    scheme = found[1].lower()
    try:
        host = urlsplit(found[0]).hostname if scheme in {"http", "https"} else ""
    except ValueError:
        host = ""
    return f"{scheme}://{host}/…" if host else f"{scheme}://…"


def kept_changes(changes: Mapping[str, Iterable[object]]) -> dict[str, list[Any]]:
    """Changes as an entry keeps them: by field, what was there and what is there now."""
    kept: dict[str, list[Any]] = {}
    for name, (old, new) in list(changes.items())[:MOST_CHANGES]:
        field = clean(str(name), 100)
        kept[field] = (
            [HIDDEN, HIDDEN] if is_secret(field) else [shown(field, old), shown(field, new)]
        )
    return kept


def changes_of(
    before: Mapping[str, object], after: Mapping[str, object]
) -> dict[str, tuple[object, object]]:
    """The fields whose values differ, each with what was there and what is there now.

    Of a secret only that it changed is kept.
    """
    names = list(dict.fromkeys([*before, *after]))
    return {
        name: (HIDDEN, HIDDEN) if is_secret(name) else (before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    }
