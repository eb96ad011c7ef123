"""Who belongs to an account, and as what. Source: seed 000, "My Accounts"; seed 002, "Users"."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, Unpack

from django.db import transaction

from deskbell.foundation.errors import InvalidInput, NotAllowed

from ..errors import EmailTaken, UserElsewhere, UserNotFound
from ..hooks import AccessEvent, access_changed
from ..locks import lock_account
from ..models import Account, Membership, Role, Staff, User, UserStatus
from ..queries.people import rights
from ..rules import ACCESSES, DEFAULT_ACCESSES, Place, Right, beyond, folded
from .people import UserFields, add_user, check_own, edit_user
from .proving import doubt_email
from .staying import check_administrator_stays, hold_user, hold_with_accounts

ONLY_ADMINISTRATORS = "Only administrators of the account may change who is in it."


def join(
    *, user: User, account: Account, role: str = "", accesses: Iterable[str] = DEFAULT_ACCESSES
) -> Membership:
    """Makes a person a member of an account, or changes how it is one, whoever asks.

    People's own ways are `accept_invitation` and `set_access`. Raises InvalidInput.
    """
    found, _ = Membership.objects.update_or_create(
        user=user,
        account=account,
        defaults={
            "role": checked_role(role),
            "accesses": checked_accesses(accesses),
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
    """A new person who belongs to the account, in one transaction; the address is proved by whoever
    follows a link that is mailed there (`prove_email`).

    Raises InvalidInput, PasswordTooWeak, EmailTaken for an address of this account's, and
    UserElsewhere for one of another's. Source: seed 002, "Create User".
    """
    with transaction.atomic():
        try:
            user = add_user(email=email, name=name, password=password, at=at, status=status, by=by)
        except EmailTaken as error:
            if Membership.objects.filter(account=account, user__email=folded(email)).exists():
                raise
            raise UserElsewhere(f"{email} signs in to another account already") from error
        doubt_email(user=user)
        join(user=user, account=account, role=role)
    return user


def edit_member(
    *,
    user: User,
    account: Account,
    at: datetime,
    role: str | None = None,
    by: str = "",
    is_operator: bool = False,
    **fields: Unpack[UserFields],
) -> User:
    """Changes a member: the given fields as `edit_user` does, and the role where one is given.

    Accesses stay. An address, and a password that another person sets, make the address one that
    nobody proved. The caller checked who asks; `is_operator` may also change who belongs elsewhere
    too. Raises what `edit_user` does, UserNotFound for somebody who does not belong to the account,
    and LastOne where its last active administrator would have another role. Source: seed 002,
    "Update User".
    """
    with transaction.atomic():
        hold_with_accounts(user)
        own = None if is_operator else account
        before = user.email
        edit_user(user=user, at=at, account=own, by=by, **fields)
        if user.email != before or ("password" in fields and by != before):
            doubt_email(user=user)
        if role is not None:
            found = member_of(user, account)
            _place(found, Place(checked_role(role), _accesses_of(found)), by=by, at=at)
    return user


def set_access(
    *, user: User, account: Account, role: str, accesses: Iterable[str], by: User, at: datetime
) -> Membership:
    """Gives a member a role and accesses in an account.

    Raises InvalidInput; UserNotFound for somebody who does not belong to the account; NotAllowed
    where `by` may not manage its people, or would give what they have not themselves; LastOne
    where the last active administrator would be none.
    """
    wanted = Place(checked_role(role), frozenset(map(Right, checked_accesses(accesses))))
    with transaction.atomic():
        lock_account(account.pk)
        found = member_of(user, account)
        check_gives(by, account, had=Place(found.role, _accesses_of(found)), wanted=wanted)
        _place(found, wanted, by=by.email, at=at)
    return found


def rename_member(*, user: User, account: Account, name: str, by: User, at: datetime) -> User:
    """Another name for a member, who belongs to this account alone.

    Raises InvalidInput, NotAllowed, UserNotFound, UserElsewhere.
    """
    with transaction.atomic():
        lock_account(account.pk)
        check_manages(by, account)
        own = None if by.staff == Staff.OPERATOR else account
        return edit_user(user=user, at=at, account=own, by=by.email, name=name)


def suspend(*, user: User, by: User, at: datetime) -> User:
    """Keeps a person from signing in anywhere until they are made active again.

    Raises NotAllowed where `by` is neither an operator nor an administrator of the person's one
    account, UserElsewhere where the person belongs to others too or is staff, LastOne for the last
    operator, and for the last active administrator of an account where `by` is no operator. Whom an
    operator suspends, an operator alone makes active again.
    """
    return _switch(user, UserStatus.SUSPENDED, by, at)


def reactivate(*, user: User, by: User, at: datetime) -> User:
    """Lets a suspended or deleted person sign in again. Raises as `suspend` does, and NotAllowed
    for an account's administrator where an operator suspended them."""
    return _switch(user, UserStatus.ACTIVE, by, at)


def remove_member(*, user: User, account: Account, by: User, at: datetime) -> None:
    """Takes a person out of an account; they stay in others, and can be invited again.

    Who was suspended or deleted by the last account that they were in may sign in again, or nobody
    could ever let them in anywhere.
    Everybody may leave by themselves. Raises UserNotFound for somebody who does not belong there,
    NotAllowed where `by` is neither that person nor may manage the account's people, and LastOne
    for its last active administrator.
    """
    with transaction.atomic():
        lock_account(account.pk)
        found = member_of(user, account)
        if by.pk != user.pk:
            check_manages(by, account)
        hold_user(user)
        check_administrator_stays(account, without=user)
        found.delete()
        _let_go(user, at)
        what: Literal["left", "removed"] = "left" if by.pk == user.pk else "removed"
        access_changed.fire(AccessEvent(user.pk, account.pk, what, by.email, at))


def check_manages(by: User, account: Account) -> frozenset[Right]:
    """The rights of `by`, as they are now. Raises NotAllowed where USERS is not among them."""
    now_is = User.objects.filter(pk=by.pk, status=UserStatus.ACTIVE).first()
    held = rights(now_is, account) if now_is else frozenset()
    if Right.USERS not in held:
        raise NotAllowed(ONLY_ADMINISTRATORS)
    return held


def check_gives(by: User, account: Account, *, had: Place, wanted: Place) -> None:
    """Raises NotAllowed where `by` may not manage people, or gives what they have not."""
    unheld = beyond(check_manages(by, account), had, wanted)
    if unheld:
        first = min(unheld, key=list(Right).index)
        name = ACCESSES[first].name if first in ACCESSES else "administration"
        raise NotAllowed(f"You cannot give {name}, which you do not have yourself.")


def member_of(user: User, account: Account) -> Membership:
    """How a person belongs to an account. Raises UserNotFound."""
    found = Membership.objects.filter(user=user, account=account).first()
    if found is None:
        raise UserNotFound(f"There is no user {user.sid} in this account", sid=user.sid)
    return found


def checked_accesses(accesses: Iterable[str]) -> list[str]:
    """Accesses as they are kept. Raises InvalidInput for a name that is none."""
    wanted = {str(each) for each in accesses}
    unknown = wanted - {str(each) for each in ACCESSES}
    if unknown:
        raise InvalidInput(f"There is no access {sorted(unknown)[0]!r}", field="accesses")
    return sorted(wanted)


def checked_role(role: str) -> Role:
    """A role as it is kept. Raises InvalidInput."""
    try:
        return Role(role)
    except ValueError as error:
        taken = " or ".join(name for name in Role.values if name)
        raise InvalidInput(f"role takes {taken}; not {role!r}", field="role") from error


def _accesses_of(found: Membership) -> frozenset[Right]:
    return frozenset(map(Right, found.accesses))


def _place(found: Membership, wanted: Place, *, by: str, at: datetime) -> None:
    """Writes another place, where it is another. Needs the account's lock."""
    if wanted == Place(found.role, _accesses_of(found)):
        return
    hold_user(found.user)
    if wanted.role != Role.BG_ADMIN:
        check_administrator_stays(found.account, without=found.user)
    found.role, found.accesses = wanted.role, sorted(wanted.accesses)
    found.save(update_fields=["role", "accesses"])
    access_changed.fire(AccessEvent(found.user_id, found.account_id, "changed", by, at))


def _switch(user: User, status: UserStatus, by: User, at: datetime) -> User:
    if by.staff == Staff.OPERATOR:
        _check_operator(by)
        return edit_user(user=user, at=at, by=by.email, overrules=True, status=status)
    with transaction.atomic():
        theirs = Account.objects.filter(memberships__user=user).order_by("number")
        account = theirs.filter(memberships__user=by).first() or theirs.first()
        if account is None:
            raise NotAllowed(ONLY_ADMINISTRATORS)
        lock_account(account.pk)
        check_manages(by, account)
        check_own(user, account)
        return edit_user(user=user, at=at, account=account, by=by.email, status=status)


def _let_go(user: User, at: datetime) -> None:
    """Nobody but an operator is left who could make the person active again."""
    is_theirs = user.held_by_operator or user.is_staff_member
    if not (user.is_active or is_theirs or user.memberships.exists()):
        user.status, user.updated_at = UserStatus.ACTIVE, at
        user.save(update_fields=["status", "updated_at"])


def _check_operator(by: User) -> None:
    active = User.objects.filter(pk=by.pk, staff=Staff.OPERATOR, status=UserStatus.ACTIVE)
    if not active.exists():
        raise NotAllowed("This is for operators.")
