"""Names and passwords of phones, and the sid by which a gateway knows an account. Pure."""

from __future__ import annotations

import re
import secrets
from typing import Final

from deskbell.foundation.errors import InvalidInput

MAX_NAME: Final = 32
PASSWORD_LENGTH: Final = 20
STAFF: Final = "staff-"  # what the user names of receptionists' phones begin with
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.-]*")
_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # none that are taken for another


def gateway_sid(account_sid: str) -> str:
    """The `AC…` sid of an account whose own is `EN…`: the same hex digits."""
    return "AC" + account_sid[-32:]


def own_sid(gateway_sid: str) -> str:
    """The `EN…` sid of the account that a gateway knows by `AC…`."""
    return "EN" + gateway_sid[-32:]


def checked_name(name: str, what: str) -> str:
    """The name of a trunk or phone. Raises InvalidInput."""
    if not _NAME.fullmatch(name) or len(name) > MAX_NAME:
        raise InvalidInput(
            f"{name[:40]!r} is no name of a {what}; right are up to {MAX_NAME} small letters, "
            f"digits and . _ -, as {'carrier' if what == 'trunk' else 'front-desk'}",
            field="name",
        )
    return name


def username_of(account_number: str, name: str) -> str:
    """What a phone registers as: its own in the whole deployment."""
    return f"{account_number.lower()}-{name}"


def staff_username_of(name: str) -> str:
    """What a receptionist's phone registers as; `client:` and this is what an order calls it."""
    return STAFF + name


def new_password() -> str:
    """A password of 100 bits, of letters that can be typed on a phone's keys."""
    return "".join(secrets.choice(_LETTERS) for _ in range(PASSWORD_LENGTH))
