"""Opening accounts."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.text import checked_text
from deskbell.foundation.zones import is_time_zone

from ..models import Account


def check_time_zone(name: str) -> str:
    """The name as given. Raises InvalidInput where it is not an IANA time zone."""
    if not is_time_zone(name):
        raise InvalidInput(
            f"{name!r} is not a time zone; an IANA name is, as America/New_York",
            field="time_zone",
        )
    return name


def open_account(
    *, number: str, name: str, time_zone: str, at: datetime, client_id: str = ""
) -> Account:
    """A new account. Raises InvalidInput for an unknown time zone or a number in use."""
    account = Account(
        number=checked_text(number, field="number", most=16, needed=True),
        name=checked_text(name, field="name", most=200, needed=True),
        client_id=checked_text(client_id, field="client_id", most=16),
        time_zone=check_time_zone(time_zone),
        created_at=at,
    )
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise InvalidInput(f"There is an account {number} already", field="number") from error
    return account
