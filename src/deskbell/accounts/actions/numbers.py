"""Phone numbers and how long an account had each. Source: seed 002, "Phone Number"."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction

from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.numbers import digits_of, national_digits, to_e164
from deskbell.foundation.text import checked_text

from ..errors import ExtensionTaken, NumberNotFound, NumberTaken
from ..hooks import NumberEvent, number_changed
from ..locks import lock_account
from ..models import Account, NumberSpan, PhoneNumber, check_owner

MAX_EXTENSION_DIGITS = 12
MAX_NUMBER = 32
MAX_NAME = 200


class NumberFields(TypedDict, total=False):
    """What can be changed of a number; the number itself never changes."""

    is_extension: bool
    extension: str
    spoken_name: str


def add_number(
    *,
    account: Account,
    number: str,
    at: datetime,
    is_extension: bool | None = None,
    extension: str = "",
    spoken_name: str = "",
    company_name: str = "",
    by: str = "",
) -> PhoneNumber:
    """A new number of an account, and the span in which it exists, which usage counts.

    Without `is_extension` it is an extension where `extension` is given (1 to 12 digits); an
    extension can be without an extension number. Needs the account's scope. Raises InvalidInput
    for a number without digits or an extension that cannot be, NumberTaken for a number in use
    anywhere, ExtensionTaken for an extension number of this account's.
    """
    checked_text(number, field="number", most=MAX_NUMBER)
    if not digits_of(number):
        raise InvalidInput(f"{number!r} has no digits; a phone number has", field="number")
    made = PhoneNumber(
        account=account,
        number=number,
        digits=national_digits(number),
        e164=to_e164(number, region=account.country),
        is_extension=bool(extension) if is_extension is None else is_extension,
        extension=extension,
        extension_spoken_name=spoken_name,
        company_name=checked_text(company_name, field="company_name", most=MAX_NAME),
        created_by=by,
        created_at=at,
        updated_at=at,
    )
    _check(made)
    with transaction.atomic():
        with _taken_in_words(made):
            made.save()
        NumberSpan.objects.create(
            account=account, number=number, phone_number_sid=made.sid, began_at=at
        )
    return made


def edit_number(
    *, number: PhoneNumber, at: datetime, **fields: Unpack[NumberFields]
) -> PhoneNumber:
    """Changes the given fields and leaves the others; `number` is brought up to date.

    An extension that becomes an attendant number loses its extension number and spoken name.
    Which systems the number is in after it has turned is said at
    `attendant.actions.follow_number`. Needs the account's scope. Raises InvalidInput,
    ExtensionTaken, NumberNotFound.
    """
    with transaction.atomic():
        _hold(number)
        if fields.get("is_extension") is False:
            number.extension = number.extension_spoken_name = ""
        number.is_extension = fields.get("is_extension", number.is_extension)
        number.extension = fields.get("extension", number.extension)
        number.extension_spoken_name = fields.get("spoken_name", number.extension_spoken_name)
        number.updated_at = at
        _check(number)
        with _taken_in_words(number):
            number.save(
                update_fields=["is_extension", "extension", "extension_spoken_name", "updated_at"]
            )
        number_changed.fire(_event(number, at))
    return number


def remove_number(*, number: PhoneNumber, at: datetime) -> None:
    """Takes a number from its account: it leads nowhere, its span ends, and it can be added anew.

    Calls and messages that came by it stay. Needs the account's scope. Raises NumberNotFound.
    """
    with transaction.atomic():
        _hold(number)
        number_changed.fire(_event(number, at, is_leaving=True))
        NumberSpan.objects.filter(phone_number_sid=number.sid, ended_at=None).update(ended_at=at)
        number.delete()


def _event(number: PhoneNumber, at: datetime, *, is_leaving: bool = False) -> NumberEvent:
    return NumberEvent(number.account_id, number.pk, number.is_extension, at, is_leaving)


def _hold(number: PhoneNumber) -> None:
    """Has nobody else edit the account, and reads the number again."""
    check_owner(number.account_id)
    lock_account(number.account_id)
    try:
        number.refresh_from_db()
    except PhoneNumber.DoesNotExist as error:
        raise NumberNotFound(
            f"There is no number {number.number} in this account", sid=number.sid
        ) from error


def _check(number: PhoneNumber) -> None:
    extension, name = number.extension, number.extension_spoken_name
    if extension and not (_is_digits(extension) and len(extension) <= MAX_EXTENSION_DIGITS):
        raise InvalidInput("An extension number has 1 to 12 digits", field="extension")
    checked_text(name, field="spoken_name", most=MAX_NAME)
    if not number.is_extension and (extension or name):
        raise InvalidInput(
            "Only an extension has an extension number and a spoken name; make it one as well",
            field="extension" if extension else "spoken_name",
        )


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


@contextmanager
def _taken_in_words(number: PhoneNumber) -> Iterator[None]:
    """Says which of the two that must be unique is in use."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        other = (
            PhoneNumber.objects.filter(
                account_id=number.account_id, extension=number.extension
            ).first()
            if number.extension
            else None
        )
        if other is None or other.digits == number.digits:
            raise NumberTaken(f"The number {number.number} is in use") from error
        raise ExtensionTaken(
            f"{other.number} has the extension number {number.extension} already", sid=other.sid
        ) from error
