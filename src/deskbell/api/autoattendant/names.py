"""The names that fields have here; the rooms below have their own for the same things."""

from __future__ import annotations

from typing import Final

from pydantic.alias_generators import to_camel

_OTHERS: Final = {
    "email": "emailId",
    "time_zone": "timezoneId",
    "spoken_name": "extensionSpokenName",
    "apology": "apologySid",
    "announcement": "announcementSid",
    "ringback_tone": "ringbackToneSid",
    "numbers": "aaNumbers",
}


def shown_name(field: str) -> str:
    """The API's name of a room's field: `timeout_seconds` is `timeoutSeconds`."""
    return _OTHERS.get(field, to_camel(field) if "_" in field else field)
