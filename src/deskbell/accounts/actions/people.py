"""People who sign in, whatever accounts they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypedDict, Unpack

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from deskbell.foundation.errors import InvalidInput, NotAllowed
from deskbell.foundation.text import checked_text

from .. import hooks
from ..errors import EmailTaken, PasswordTooWeak, UserElsewhere, UserNotFound
from ..hooks import AccessEvent, PersonEvent, access_changed, password_changed
from ..models import Account, EmailChange, Invitation, Membership, Staff, User, UserStatus
from .staying import check_stays, hold_user, hold_with_accounts

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
    *,
    user: User,
    at: datetime,
    account: Account | None = None,
    by: str = "",
    overrules: bool = False,
    **fields: Unpack[UserFields],
) -> User:
    """Changes the given fields and leaves the others; `user` is brought up to date.

    `account` is the account in whose name it happens; leave it out for the person's own change
    and the operator's. Suspended and deleted users cannot sign in anywhere from then on, neither
    with sessions nor with tokens. A new password ends the person's sessions and is told to them;
    it and an address withdraw changes of address that were asked for and not confirmed. Raises
    InvalidInput, PasswordTooWeak, EmailTaken, UserNotFound; LastOne for the last operator and,
    unless somebody `overrules` it, for an account's last active administrator; NotAllowed where an
    account would make somebody active whom an operator switched off; and UserElsewhere where the
    person belongs to another account as well or is staff: one account cannot take over who works in
    another.
    Source: seed 002, "Update User".
    """
    with transaction.atomic():
        if "status" in fields:
            hold_with_accounts(user)
        else:
            hold_user(user)
        if account is not None:
            check_own(user, account)
        before = user.status
        _check_not_held(user, fields, account)
        email_before = user.email
        _set(user, fields)
        if before != user.status != UserStatus.ACTIVE:
            check_stays(user, is_overruled=overrules)
        user.updated_at = at
        _save(user, [*fields, "typed_email", "held_by_operator", "updated_at"])
        _follow(user, fields, at)
        if user.email != email_before:
            Invitation.objects.filter(invited_by=email_before).update(invited_by=user.email)
            hooks.email_changed.fire(hooks.EmailChanged(user.pk, email_before, user.email, at))
        if before != user.status:
            access_changed.fire(_switched(user, by, at))
    return user


def _check_not_held(user: User, fields: UserFields, account: Account | None) -> None:
    """An operator's word on whether somebody may sign in stands until an operator takes it back."""
    if "status" not in fields:
        return
    if account is None:
        user.held_by_operator = fields["status"] != UserStatus.ACTIVE
    elif user.held_by_operator and fields["status"] == UserStatus.ACTIVE:
        raise NotAllowed(f"The operator suspended {user}, and alone can make them active again.")


def _follow(user: User, fields: UserFields, at: datetime) -> None:
    if "password" in fields:
        follow_new_password(user=user, at=at)
    elif "email" in fields:
        withdraw_email_changes(user=user, at=at)


def follow_new_password(*, user: User, at: datetime) -> None:
    """What comes with another password, however it was set: open changes of address end, and the
    person is told."""
    with transaction.atomic():
        withdraw_email_changes(user=user, at=at)
        password_changed.fire(PersonEvent(user.pk, at))


def withdraw_email_changes(*, user: User, at: datetime) -> int:
    """Ends the person's open changes of address; says how many there were."""
    waiting = EmailChange.objects.filter(user=user, used_at=None, withdrawn_at=None)
    return waiting.update(withdrawn_at=at)


def _switched(user: User, by: str, at: datetime) -> AccessEvent:
    what: Literal["reactivated", "switched off"] = (
        "reactivated" if user.is_active else "switched off"
    )
    return AccessEvent(user.pk, None, what, by, at)


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
        user.email, user.typed_email = checked_email(fields["email"]), fields["email"]
    if "status" in fields:
        if fields["status"] not in UserStatus.values:
            taken = ", ".join(UserStatus.values)
            raise InvalidInput(f"status takes {taken}; not {fields['status']!r}", field="status")
        user.status = fields["status"]
    if "password" in fields:
        check_password(fields["password"], user=user)
        user.set_password(fields["password"])


def checked_email(email: str) -> str:
    """The address in small letters, as signing in looks it up. Raises InvalidInput."""
    email = email.lower()
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
