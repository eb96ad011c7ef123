"""What people change of themselves. Source: seed 000, "My Profile"."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction

from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.numbers import to_e164
from deskbell.foundation.text import checked_text

from ..models import User
from ..notices import checked_notices
from ..pictures import Crop, Shape
from .accounts import check_time_zone
from .people import MAX_NAME, MAX_PASSWORD, check_password, follow_new_password
from .pictures import keep_picture
from .staying import hold_user

MOST_SECONDARY: Final = 10
MAX_NUMBER: Final = 40


def change_name(*, user: User, name: str, at: datetime) -> User:
    """Another full name. Raises InvalidInput for an empty one."""
    if not name.strip():
        raise InvalidInput("Type your first and last name.", field="name")
    checked = checked_text(name.strip(), field="name", most=MAX_NAME)
    return _change(user, at, name=checked)


def change_time_zone(*, user: User, time_zone: str, at: datetime) -> User:
    """The zone in which pages tell the person when things happened; "" for the account's.

    Raises InvalidInput.
    """
    return _change(user, at, time_zone=check_time_zone(time_zone) if time_zone else "")


def change_numbers(
    *, user: User, primary: str, secondary: Iterable[str], region: str, at: datetime
) -> User:
    """The person's numbers; without a country code they are of `region` (ISO 3166).

    Each is kept once, as E.164. Raises InvalidInput, with `field` "primary" or `secondary_N` from
    0, for what is no phone number, and where there are more than ten.
    """
    first = _checked_number(primary, "primary", region) if primary.strip() else ""
    others = [
        _checked_number(number, f"secondary_{place}", region)
        for place, number in enumerate(secondary)
        if number.strip()
    ]
    kept = [number for number in dict.fromkeys(others) if number != first]
    if len(kept) > MOST_SECONDARY:
        raise InvalidInput(
            f"There is room for {MOST_SECONDARY} secondary numbers.",
            field=f"secondary_{MOST_SECONDARY}",
        )
    return _change(user, at, primary_number=first, secondary_numbers=kept)


def choose_notices(*, user: User, notices: Iterable[str], at: datetime) -> User:
    """Which mails the person wants (`notices.Notice`). Raises InvalidInput."""
    return _change(user, at, notices=checked_notices(notices))


def change_picture(*, user: User, upload: bytes, at: datetime, crop: Crop | None = None) -> User:
    """Another picture of the person, cropped to a square. Raises InvalidInput."""
    kept = keep_picture(upload=upload, shape=Shape.PERSON, crop=crop, at=at)
    return _change(user, at, picture=kept)


def remove_picture(*, user: User, at: datetime) -> User:
    """Initials in place of the picture."""
    return _change(user, at, picture=None)


def check_current_password(*, user: User, password: str) -> None:
    """Raises InvalidInput, with `field` "current", where it is not the person's password.

    Somebody who never had one, as they sign in by another way, needs to type none.
    """
    if user.has_usable_password() and not user.check_password(password[: MAX_PASSWORD + 1]):
        words = "This is not your present password." if password else "Type your present password."
        raise InvalidInput(words, field="current")


def change_password(*, user: User, current: str, password: str, at: datetime) -> User:
    """Another password, which ends the person's sessions but those that the caller renews.

    A change of the email address that was asked for and not confirmed is withdrawn: it may have
    been asked for by whoever knew the old password. Raises InvalidInput where `current` is wrong or
    nothing changes, PasswordTooWeak.
    """
    with transaction.atomic():
        hold_user(user)
        check_current_password(user=user, password=current)
        check_password(password, user=user)
        if user.has_usable_password() and user.check_password(password):
            raise InvalidInput("This is your password already; choose another.", field="password")
        user.set_password(password)
        user.updated_at = at
        user.save(update_fields=["password", "updated_at"])
        follow_new_password(user=user, at=at)
    return user


def _change(user: User, at: datetime, **values: object) -> User:
    with transaction.atomic():
        hold_user(user)
        for name, value in values.items():
            setattr(user, name, value)
        user.updated_at = at
        user.save(update_fields=[*values, "updated_at"])
    return user


def _checked_number(number: str, field: str, region: str) -> str:
    written = checked_text(number.strip(), field=field, most=MAX_NUMBER)
    found = to_e164(written, region=region)
    if not found:
        raise InvalidInput(
            "This is not a phone number; one looks like (212) 555-0142 or +44 20 7946 0958.",
            field=field,
        )
    return found
