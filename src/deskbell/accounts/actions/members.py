"""Who belongs to an account, and as what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from deskbell.foundation.errors import InvalidInput

from ..errors import EmailTaken, UserElsewhere, UserNotFound
from ..models import Account, Membership, Role, User, UserStatus
from ..rules import Right
from .people import add_user


def join(
    *, user: User, account: Account, role: str = "", accesses: Iterable[Right] = ()
) -> Membership:
    """Makes a person a member of an account, or changes how it is one. Raises InvalidInput."""
    held = set(accesses)
    found, _ = Membership.objects.update_or_create(
        user=user,
        account=account,
        defaults={
            "role": _checked_role(role),
            "account_management": Right.ACCOUNT_MANAGEMENT in held,
            "oncall_calendar": Right.ONCALL_CALENDAR in held,
            "call_recording": Right.CALL_RECORDING in held,
        },
    )
    return found


def add_member(
    *,
    account: Account,
    email: str,
    name: str,
    password: str | None,
    role: str,
    at: datetime,
    status: str = UserStatus.ACTIVE,
    by: str = "",
) -> User:
    """A new person who belongs to the account, in one transaction.

    Raises InvalidInput, PasswordTooWeak, EmailTaken for an address of this account's, and
    UserElsewhere for one of another's. Source: seed 002, "Create User".
    """
    with transaction.atomic():
        try:
            user = add_user(email=email, name=name, password=password, at=at, status=status, by=by)
        except EmailTaken as error:
            if Membership.objects.filter(account=account, user__email__iexact=email).exists():
                raise
            raise UserElsewhere(f"{email} signs in to another account already") from error
        join(user=user, account=account, role=role)
    return user


def edit_member(*, user: User, account: Account, role: str) -> Membership:
    """Gives a member another role, and leaves its accesses.

    Raises InvalidInput, and UserNotFound for somebody who does not belong to the account.
    """
    checked = _checked_role(role)
    if not Membership.objects.filter(user=user, account=account).update(role=checked):
        raise UserNotFound(f"There is no user {user.sid} in this account", sid=user.sid)
    return Membership.objects.get(user=user, account=account)


def _checked_role(role: str) -> Role:
    try:
        return Role(role)
    except ValueError as error:
        taken = " or ".join(name for name in Role.values if name)
        raise InvalidInput(f"role takes {taken}; not {role!r}", field="role") from error
