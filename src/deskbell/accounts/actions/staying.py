"""Somebody stays who can let others in: an account's last administrator, the last operator.

Whoever takes one away holds the account first (`locks.lock_account`), then the person's row; so of
two who take each other away at once the second sees what the first did, and is refused.
"""

from __future__ import annotations

from typing import Final

from django.db import connection, transaction

from deskbell.foundation.errors import Conflict

from ..errors import LastOne, UserNotFound
from ..locks import lock_account
from ..models import Account, Membership, Staff, User, UserStatus
from ..queries.members import administrators

_STAFF_LOCK: Final = 0x6F70657261746F72  # any number of our own: "operator"


def hold_user(user: User) -> None:
    """Locks the person's row and reads it again. Raises UserNotFound for one that is gone."""
    try:
        user.refresh_from_db(from_queryset=User.objects.select_for_update(no_key=True))
    except User.DoesNotExist as error:
        raise UserNotFound("There is no such user", sid=user.sid) from error


def hold_with_accounts(user: User, *, joins_staff: bool = False) -> None:
    """Locks all accounts of a person, then the person; staff where they are or may become staff.

    Needs an open transaction. Raises UserNotFound, and Conflict where somebody else gives the
    person another account at this moment.
    """
    known = _accounts_of(user)
    for account_id in sorted(known):
        lock_account(account_id)
    if joins_staff or user.is_staff_member:
        hold_staff()
    hold_user(user)
    if not _accounts_of(user) <= known:
        raise Conflict(f"Somebody else is changing {user} at this moment; try again")


def hold_staff() -> None:
    """Waits until nobody else takes staff in or away. Needs an open transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A lock needs a transaction around it")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_STAFF_LOCK])


def check_administrator_stays(account: Account, *, without: User) -> None:
    """Raises LastOne where `without` is the account's last active BG_ADMIN.

    Needs the account's lock. Staff count for none: they come and go with the operator.
    """
    leading = administrators([account.pk])
    if leading.filter(user=without).exists() and not leading.exclude(user=without).exists():
        raise LastOne(
            f"{without} is the last active administrator of {account.name}."
            " Make somebody else an administrator first.",
            sid=without.sid,
        )


def check_stays(user: User, *, is_overruled: bool = False) -> None:
    """Raises LastOne where the person is the last active one that an account or the staff needs.

    `is_overruled` is for operators, who may switch an account's last administrator off, since they
    can let others in. Needs what `hold_with_accounts` holds.
    """
    if user.staff == Staff.OPERATOR:
        check_operator_stays(without=user)
    if is_overruled:
        return
    led = Account.objects.filter(
        memberships__in=administrators(_accounts_of(user)).filter(user=user)
    )
    for account in led:
        check_administrator_stays(account, without=user)


def check_operator_stays(*, without: User) -> None:
    """Raises LastOne where `without` is the last active operator. Needs `hold_staff`."""
    active = User.objects.filter(staff=Staff.OPERATOR, status=UserStatus.ACTIVE)
    if active.filter(pk=without.pk).exists() and not active.exclude(pk=without.pk).exists():
        raise LastOne(
            f"{without} is the last active operator. Make somebody else an operator first.",
            sid=without.sid,
        )


def _accounts_of(user: User) -> set[int]:
    return set(Membership.objects.filter(user=user).values_list("account_id", flat=True))
