"""The only writes to accounts, users, memberships, tokens and phone numbers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import IntegrityError, transaction

from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.numbers import digits_of, national_digits, to_e164

from .errors import EmailTaken, NumberTaken
from .models import (
    Account,
    ApiToken,
    Membership,
    PhoneNumber,
    Role,
    Staff,
    User,
    UserToken,
)
from .rules import Right
from .tokens import hash_of, new_token

MAX_EXTENSION_DIGITS = 12


def check_time_zone(name: str) -> str:
    """The name as given. Raises InvalidInput where it is not an IANA time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInput(
            f"{name!r} is not a time zone; an IANA name is, as America/New_York",
            field="time_zone",
        ) from error
    return name


def open_account(
    *, number: str, name: str, time_zone: str, at: datetime, client_id: str = ""
) -> Account:
    """A new account. Raises InvalidInput for an unknown time zone or a number in use."""
    account = Account(
        number=number,
        name=name,
        client_id=client_id,
        time_zone=check_time_zone(time_zone),
        created_at=at,
    )
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise InvalidInput(f"There is an account {number} already", field="number") from error
    return account


def add_user(*, email: str, name: str, password: str, at: datetime, staff: str = "") -> User:
    """A new person who can sign in. Raises EmailTaken.

    The password is not checked against the portal's rule here: forms and APIs do that, so that
    they can say it next to the field.
    """
    user = User(email=email, name=name, staff=Staff(staff), created_at=at, updated_at=at)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise EmailTaken(f"Somebody with the email address {email} is registered") from error
    return user


def join(
    *, user: User, account: Account, role: str = "", accesses: Iterable[Right] = ()
) -> Membership:
    """Makes a person a member of an account, or changes how it is one."""
    held = set(accesses)
    found, _ = Membership.objects.update_or_create(
        user=user,
        account=account,
        defaults={
            "role": Role(role),
            "account_management": Right.ACCOUNT_MANAGEMENT in held,
            "oncall_calendar": Right.ONCALL_CALENDAR in held,
            "call_recording": Right.CALL_RECORDING in held,
        },
    )
    return found


def record_sign_in(*, user: User) -> None:
    """Keeps when this person signed in before now, for "Last Login". Call it before signing in."""
    user.previous_login = user.last_login
    user.save(update_fields=["previous_login"])


def make_user_token(*, user: User, at: datetime) -> str:
    """A token for the user's sid:token pair; only its hash is kept, so this is the one look."""
    token = new_token()
    UserToken.objects.create(user=user, token_hash=hash_of(token), created_at=at)
    return token


def make_api_token(*, account: Account, name: str, scopes: Iterable[str], at: datetime) -> str:
    """A bearer token for /api/v2; only its hash is kept, so this is the one look at it."""
    token = new_token()
    ApiToken.objects.create(
        account=account, name=name, token_hash=hash_of(token), scopes=list(scopes), created_at=at
    )
    return token


def add_number(
    *,
    account: Account,
    number: str,
    at: datetime,
    extension: str = "",
    spoken_name: str = "",
    company_name: str = "",
    by: str = "",
) -> PhoneNumber:
    """A new number of an account; an extension where `extension` is given (1 to 12 digits).

    Needs the account's scope. Raises InvalidInput for a number without digits or an extension
    that is none, NumberTaken for one in use anywhere.
    """
    if not digits_of(number):
        raise InvalidInput(f"{number!r} has no digits; a phone number has", field="number")
    if extension and not (extension.isdigit() and len(extension) <= MAX_EXTENSION_DIGITS):
        raise InvalidInput("An extension number has 1 to 12 digits", field="extension")
    made = PhoneNumber(
        account=account,
        number=number,
        digits=national_digits(number),
        e164=to_e164(number, region=account.country),
        is_extension=bool(extension),
        extension=extension,
        extension_spoken_name=spoken_name,
        company_name=company_name,
        created_by=by,
        created_at=at,
        updated_at=at,
    )
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise NumberTaken(f"The number {number} or its extension is in use") from error
    return made
