"""Opening accounts, and what is changed of one as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypedDict, Unpack

import phonenumbers
from django.db import IntegrityError, transaction

from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.text import checked_text
from deskbell.foundation.zones import is_time_zone

from ..hooks import ZoneEvent, time_zone_changed
from ..locks import lock_account
from ..models import Account

MAX_ACCOUNT_NUMBER = 16
MAX_CLIENT_ID = 16
MAX_ACCOUNT_NAME = 200


class AccountFields(TypedDict, total=False):
    """What can be changed of an account as a whole."""

    number: str
    client_id: str
    name: str
    time_zone: str
    country: str
    requires_mfa: bool


def check_time_zone(name: str) -> str:
    """The name as given. Raises InvalidInput where it is not an IANA time zone."""
    if not is_time_zone(name):
        raise InvalidInput(
            f"{name!r} is not a time zone; an IANA name is, as America/New_York",
            field="time_zone",
        )
    return name


def check_country(code: str) -> str:
    """The code as given. Raises InvalidInput where it is no ISO 3166 code with telephones."""
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise InvalidInput(
            f"{code[:20]!r} is not a country; two capital letters are, as US", field="country"
        )
    return code


def open_account(
    *,
    number: str,
    name: str,
    time_zone: str,
    at: datetime,
    client_id: str = "",
    country: str = "US",
) -> Account:
    """A new account.

    Raises InvalidInput for an unknown time zone or country, or a number in use in any case.
    """
    account = Account(created_at=at)
    _set(
        account,
        {
            "number": number,
            "name": name,
            "client_id": client_id,
            "time_zone": time_zone,
            "country": country,
        },
    )
    with _taken_in_words(account):
        account.save(force_insert=True)
    return account


def edit_account(*, account: Account, at: datetime, **fields: Unpack[AccountFields]) -> Account:
    """Changes the given fields and leaves the others; `account` is brought up to date.

    A new time zone moves what is planned by the wall clock (`hooks.time_zone_changed`); what
    happened stays on the days it was counted on. SIP phones keep their user names when the
    account's number changes. Needs the account's scope or a system scope. Raises InvalidInput,
    AccountNotFound.
    """
    with transaction.atomic():
        lock_account(account.pk)
        account.refresh_from_db()
        zone_before = account.time_zone
        _set(account, fields)
        with _taken_in_words(account):
            account.save(update_fields=list(fields))
        if account.time_zone != zone_before:
            time_zone_changed.fire(ZoneEvent(account.pk, account.time_zone, at))
    return account


def _set(account: Account, fields: AccountFields) -> None:
    if "number" in fields:
        account.number = checked_text(
            fields["number"].strip(), field="number", most=MAX_ACCOUNT_NUMBER, needed=True
        )
    if "name" in fields:
        account.name = checked_text(
            fields["name"].strip(), field="name", most=MAX_ACCOUNT_NAME, needed=True
        )
    if "client_id" in fields:
        account.client_id = checked_text(
            fields["client_id"].strip(), field="client_id", most=MAX_CLIENT_ID
        )
    if "time_zone" in fields:
        account.time_zone = check_time_zone(fields["time_zone"])
    if "country" in fields:
        account.country = check_country(fields["country"])
    if "requires_mfa" in fields:
        account.requires_mfa = fields["requires_mfa"]


@contextmanager
def _taken_in_words(account: Account) -> Iterator[None]:
    taken = f"There is an account {account.number} already"
    others = Account.objects.exclude(pk=account.pk)
    if others.filter(number__iexact=account.number).exists():
        raise InvalidInput(taken, field="number")
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise InvalidInput(taken, field="number") from error
