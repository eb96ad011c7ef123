"""People who sign in, whatever accounts they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.text import checked_text

from ..errors import EmailTaken, PasswordTooWeak, UserElsewhere, UserNotFound
from ..models import Account, Membership, Staff, User, UserStatus

MAX_NAME = 200
MAX_EMAIL = 254
MAX_PASSWORD = 128


class UserFields(TypedDict, total=False):
    """What can be changed of a person; `status` is ACTIVE, SUSPENDED or DELETED."""

    name: str
    email: str
    password: str
    status: str


def check_password(password: str, *, user: User | None = None) -> None:
    """Raises PasswordTooWeak where a password does not meet the portal's rule, saying why.

    The rule of `passwords`, none of the 20,000 that everybody tries first, and nothing that is
    like the name or address of `user`.
    """
    try:
        checked_text(password, field="password", most=MAX_PASSWORD)
        validate_password(password, user)
    except InvalidInput as error:
        raise PasswordTooWeak(str(error), field="password") from error
    except ValidationError as error:
        raise PasswordTooWeak(" ".join(error.messages), field="password") from error


def add_user(
    *,
    email: str,
    name: str,
    password: str | None,
    at: datetime,
    staff: str = "",
    status: str = UserStatus.ACTIVE,
    by: str = "",
) -> User:
    """A new person who can sign in; in no account yet.

    With None as password the person first follows "Forgotten your password?". Raises InvalidInput,
    PasswordTooWeak, EmailTaken.
    """
    user = User(staff=Staff(staff), created_by=by, created_at=at, updated_at=at)
    _set(user, {"email": email, "name": name, "status": status})
    if password is None:
        user.set_unusable_password()
    else:
        _set(user, {"password": password})
    _save(user)
    return user


def edit_user(
    *, user: User, at: datetime, account: Account | None = None, **fields: Unpack[UserFields]
) -> User:
    """Changes the given fields and leaves the others; `user` is brought up to date.

    `account` is the account in whose name it happens; leave it out for the person's own change
    and the operator's. Suspended and deleted users cannot sign in anywhere from then on, neither
    with sessions nor with tokens; a new password ends the person's sessions. Raises InvalidInput,
    PasswordTooWeak, EmailTaken, UserNotFound, and UserElsewhere where the person belongs to
    another account as well or is staff: one account cannot take over who works in another.
    Source: seed 002, "Update User".
    """
    with transaction.atomic():
        hold_user(user)
        if account is not None:
            check_own(user, account)
        _set(user, fields)
        user.updated_at = at
        _save(user, [*fields, "updated_at"])
    return user


def hold_user(user: User) -> None:
    """Locks the person's row and reads it again. Raises UserNotFound for one that is gone."""
    try:
        user.refresh_from_db(from_queryset=User.objects.select_for_update(no_key=True))
    except User.DoesNotExist as error:
        raise UserNotFound("There is no such user", sid=user.sid) from error


def check_own(user: User, account: Account) -> None:
    """Raises UserNotFound or UserElsewhere where a person is not this account's alone."""
    theirs = set(Membership.objects.filter(user=user).values_list("account_id", flat=True))
    if account.pk not in theirs:
        raise UserNotFound(f"There is no user {user.sid} in this account", sid=user.sid)
    if user.is_staff_member or len(theirs) > 1:
        raise UserElsewhere(
            f"{user.email} belongs to another account too; only the operator can change it",
            sid=user.sid,
        )


def record_sign_in(*, user: User) -> None:
    """Keeps when this person signed in before now, for "Last Login". Call it before signing in."""
    user.previous_login = user.last_login
    user.save(update_fields=["previous_login"])


def _set(user: User, fields: UserFields) -> None:
    if "name" in fields:
        user.name = checked_text(fields["name"], field="name", most=MAX_NAME)
    if "email" in fields:
        user.email = _checked_email(fields["email"])
    if "status" in fields:
        if fields["status"] not in UserStatus.values:
            taken = ", ".join(UserStatus.values)
            raise InvalidInput(f"status takes {taken}; not {fields['status']!r}", field="status")
        user.status = fields["status"]
    if "password" in fields:
        check_password(fields["password"], user=user)
        user.set_password(fields["password"])


def _checked_email(email: str) -> str:
    checked_text(email, field="email", most=MAX_EMAIL)
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidInput(
            f"{email!r} is not an email address; one looks like name@example.com", field="email"
        ) from error
    return email


def _save(user: User, names: Sequence[str] | None = None) -> None:
    try:
        with transaction.atomic():
            user.save(update_fields=names)
    except IntegrityError as error:
        raise EmailTaken(
            f"Somebody with the email address {user.email} is registered;"
            " deleted users keep their address"
        ) from error
