"""What a To Do must have, in the order in which the API names the first fault.

Source: seed 000, "Create a To Do" (Request Parameters); design, portal API, "To Dos".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.delivery import texting
from deskbell.foundation.errors import InvalidInput, MissingInput
from deskbell.foundation.numbers import national_digits, to_e164
from deskbell.lines.models import Phone

from ..models import DeliveryType
from ..rules import When, read_when

LONGEST_INSTRUCTIONS: Final = 2000
LONGEST_EMAIL: Final = 100_000
_LONGEST: Final = {"contact": 320, "subject": 200, "sender_name": 200, "from_email": 320}
_NUMBER: Final = re.compile(r"\+?[0-9 ().\-]{7,30}")
_PHONE: Final = re.compile(r"[a-z0-9]{2,20}-[a-z0-9][a-z0-9_.-]{0,31}")
_UNKNOWN: Final = "A To Do goes out as sms, email or call"


@dataclass(frozen=True, slots=True)
class Fields:
    """What a To Do is made of, as people and programs give it; `sender` is `from` in the API."""

    delivery_type: str
    contact: str = ""
    sender: str = ""
    instructions: str = ""
    message_text: str = ""
    subject: str = ""
    sender_name: str = ""
    from_email: str = ""


# A schedule that was read, or one as an API request gives it, which is then read in its turn.
Given = When | object


@dataclass(frozen=True, slots=True)
class Checked:
    """Columns of a To Do that is in order, and when it runs."""

    columns: dict[str, Any]
    when: When


def check(
    account: Account, fields: Fields, when: Given, *, account_number: str | None = None
) -> Checked:
    """Checks all of a To Do. `account_number` is what an API request says; None where none asks.

    Two queries at most. Raises MissingInput or InvalidInput for the first fault in the order of the
    seed's table, with its name there as `field`.
    """
    phone = _phone_of(account, fields.sender)
    _check_account(account, account_number)
    kind = _type_of(fields.delivery_type)
    instructions = _instructions(kind, fields.instructions)
    contact = _contact(account, kind, fields.contact)
    message_text = _message_text(kind, fields.message_text)
    read = when if isinstance(when, When) else read_when(when)
    is_email = kind == DeliveryType.EMAIL
    sender_name = _line(fields.sender_name, "sender_name")
    from_email = _address(fields.from_email, "from_email") if fields.from_email.strip() else ""
    subject = _line(fields.subject, "subject")
    columns = {
        "phone": None if is_email else phone,
        "delivery_type": kind,
        "contact": contact,
        "from_number": phone.digits if phone and not is_email else None,
        "instructions": instructions or None,
        "message_text": message_text or None,
        "subject": (subject or None) if is_email else None,
        "sender_name": (sender_name or None) if is_email else None,
        "from_email": (from_email or None) if is_email else None,
    }
    return Checked(columns, read)


def _phone_of(account: Account, sender: str) -> PhoneNumber | None:
    """The account's number that is meant; None where none is named."""
    given = _kept(sender, "from").strip()
    if not given:
        return None
    e164 = to_e164(given, region=account.country)
    rows = PhoneNumber.objects.filter(account=account)
    found = rows.filter(digits=national_digits(given)).first()
    if found is None and e164:
        found = rows.filter(e164=e164).first()
    if found is None:
        raise InvalidInput("`from` is one of the account's own numbers", field="from")
    return found


def _check_account(account: Account, given: str | None) -> None:
    if given is None:
        return
    if not given.strip():
        raise MissingInput("Say whose To Do it is: the account's number", field="account_number")
    if given.strip() != account.number:
        raise InvalidInput("This is not the account's number", field="account_number")


def _type_of(given: str) -> DeliveryType:
    name = given.strip().lower()
    if not name:
        raise MissingInput(_UNKNOWN, field="delivery_type")
    if name not in DeliveryType.values:
        raise InvalidInput(_UNKNOWN, field="delivery_type")
    return DeliveryType(name)


def _instructions(kind: DeliveryType, given: str) -> str:
    if kind != DeliveryType.CALL:
        return ""
    text = _kept(given, "instructions").strip()
    if not text:
        raise MissingInput("Say what the call shall speak", field="instructions")
    if len(text) > LONGEST_INSTRUCTIONS:
        raise InvalidInput(
            f"A call speaks {LONGEST_INSTRUCTIONS} characters at most", field="instructions"
        )
    return text


def _contact(account: Account, kind: DeliveryType, given: str) -> str:
    text = _line(given, "contact")
    if not text:
        raise MissingInput("Say whom it goes to", field="contact")
    if kind == DeliveryType.EMAIL:
        return _address(text, "contact")
    number = to_e164(text, region=account.country) if _NUMBER.fullmatch(text) else ""
    if number:
        return text
    username = text.lower()
    if kind == DeliveryType.CALL and _PHONE.fullmatch(username):
        if Phone.objects.filter(account=account, username=username).exists():
            return username
        raise InvalidInput(f"The account has no phone {username}", field="contact")
    what = "A text" if kind == DeliveryType.SMS else "A call"
    raise InvalidInput(f"{what} goes to a phone number, as +1 212 555 0134", field="contact")


def _message_text(kind: DeliveryType, given: str) -> str:
    if kind == DeliveryType.CALL:
        return ""
    text = _kept(given, "message_text").strip()
    if not text:
        raise MissingInput("Say what is written", field="message_text")
    most = texting.LONGEST if kind == DeliveryType.SMS else LONGEST_EMAIL
    if len(text) > most:
        what = "A text" if kind == DeliveryType.SMS else "An email"
        raise InvalidInput(f"{what} takes {most:,} characters at most", field="message_text")
    return text


def _address(given: str, field: str) -> str:
    """One bare email address."""
    text = _line(given, field)
    try:
        validate_email(text)
    except ValidationError as error:
        raise InvalidInput(
            "This is not an email address; one looks like name@example.com", field=field
        ) from error
    return text


def _line(given: str, field: str) -> str:
    """One line, not too long."""
    text = _kept(given, field).strip()
    if not text.isprintable():
        raise InvalidInput(f"{field} is one line", field=field)
    if len(text) > _LONGEST[field]:
        raise InvalidInput(f"{field} takes {_LONGEST[field]} characters at most", field=field)
    return text


def _kept(text: str, field: str) -> str:
    """The text, as PostgreSQL can keep it."""
    if "\x00" in text or any("\ud800" <= mark <= "\udfff" for mark in text):
        raise InvalidInput(f"{field} holds characters that cannot be kept", field=field)
    return text
