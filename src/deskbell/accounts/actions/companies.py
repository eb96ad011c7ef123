"""What accounts and their numbers say of the company. Source: seed 000, "My Accounts"."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import transaction

from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.text import checked_text
from deskbell.platform.changes import touch

from ..companies import FIELDS
from ..errors import NumberNotFound
from ..locks import lock_account
from ..models import Account, PhoneNumber, Picture, check_owner

LONGEST: Final = {
    "company_name": 200,
    "company_phone": 32,
    "company_email": 254,
    "website": 200,
    "address": 500,
    "about": 4000,
    "colour": 7,
}
COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
_WEB: Final = URLValidator(schemes=["http", "https"])


class CompanyFields(TypedDict, total=False):
    """What can be changed; `logo` None takes the logo away."""

    company_name: str
    company_phone: str
    company_email: str
    website: str
    address: str
    about: str
    colour: str
    logo: Picture | None


def edit_company(*, account: Account, **fields: Unpack[CompanyFields]) -> Account:
    """Changes the given company information of an account, which its numbers show by default.

    Raises InvalidInput, naming the field; AccountNotFound.
    """
    with transaction.atomic():
        locked = lock_account(account.pk)
        _set(locked, fields)
        touch(account.pk)
    return locked


def brand_number(
    *, number: PhoneNumber, at: datetime, **fields: Unpack[CompanyFields]
) -> PhoneNumber:
    """Changes the given company information of a number; what is blank is its account's.

    Needs the account's scope. Raises InvalidInput, naming the field; NumberNotFound.
    """
    check_owner(number.account_id)
    with transaction.atomic():
        lock_account(number.account_id)
        found = PhoneNumber.objects.filter(pk=number.pk).first()
        if found is None:
            raise NumberNotFound(
                f"There is no number {number.number} in this account", sid=number.sid
            )
        found.updated_at = at
        _set(found, fields, "updated_at")
        touch(number.account_id)
    return found


def require_mfa(*, account: Account, required: bool) -> Account:
    """Says whether everybody who enters the account needs a second factor."""
    with transaction.atomic():
        locked = lock_account(account.pk)
        locked.requires_mfa = required
        locked.save(update_fields=["requires_mfa"])
    return locked


def _set(row: Account | PhoneNumber, fields: CompanyFields, *also: str) -> None:
    for name in FIELDS:
        if name in fields:
            setattr(row, name, _checked(name, str(fields[name]).strip()))
    if "logo" in fields:
        row.logo = fields["logo"]
    row.save(update_fields=[*fields, *also])


def _checked(name: str, text: str) -> str:
    """A field as it is kept. Raises InvalidInput."""
    checked_text(text, field=name, most=LONGEST[name])
    if not text:
        return text
    fault = _fault(name, text)
    if fault:
        raise InvalidInput(fault, field=name)
    return text.lower() if name == "colour" else text


def _fault(name: str, text: str) -> str:
    checks: dict[str, tuple[Any, str]] = {
        "company_email": (
            validate_email,
            "This is no email address; one looks like a@example.com.",
        ),
        "website": (_WEB, "This is no web address; one looks like https://example.com."),
        "colour": (_check_colour, "This is no colour; one looks like #1f7a5c."),
        "company_phone": (_check_phone, "This is no phone number; one has 3 to 20 digits."),
    }
    check, words = checks.get(name, (None, ""))
    if check is None:
        return ""
    try:
        check(text)
    except ValidationError:
        return words
    return ""


def _check_colour(text: str) -> None:
    if not COLOUR.fullmatch(text):
        raise ValidationError("no colour")


def _check_phone(text: str) -> None:
    if not 3 <= sum(each.isdigit() for each in text) <= 20:
        raise ValidationError("no number")
