"""Reads of accounts, users and tokens, which are no account's rows: they need no scope."""

from __future__ import annotations

from django.db.models import QuerySet

from ..errors import AccountNotFound
from ..models import Account, ApiToken, Membership, User
from ..rules import Right, Standing, rights_of


def account_by_sid(sid: str) -> Account:
    """The account (*enterprise* in the Auto Attendant API). Raises AccountNotFound.

    Whether somebody may enter it is for `rights` to say.
    """
    found = Account.objects.filter(sid=sid).first()
    if found is None:
        raise AccountNotFound("There is no such enterprise", sid=sid)
    return found


def accounts_of(user: User) -> QuerySet[Account]:
    """The accounts a person may enter, by number: staff all of them, others their own."""
    if user.is_staff_member:
        return Account.objects.order_by("number")
    return Account.objects.filter(memberships__user=user).order_by("number")


def membership(user: User, account: Account) -> Membership | None:
    """How a person belongs to an account, if at all."""
    return Membership.objects.filter(user=user, account=account).first()


def rights(user: User, account: Account) -> frozenset[Right]:
    """What a person may do in an account; one query, none for staff."""
    if user.is_staff_member:
        return rights_of(Standing(staff=user.staff))
    found = membership(user, account)
    return frozenset() if found is None else rights_in(found)


def entered(user: User, chosen: int | None) -> tuple[Account, frozenset[Right], str] | None:
    """The account that a person works in, their rights there, and as what they work, in words.

    One query where `chosen` stands.
    It is the chosen one if they may enter it now, else their first; None for who has none.
    """
    if user.is_staff_member:
        accounts = Account.objects.order_by("number")
        account = (accounts.filter(pk=chosen).first() if chosen else None) or accounts.first()
        serves = str(user.get_staff_display())
        return None if account is None else (account, rights(user, account), serves)
    theirs = Membership.objects.filter(user=user).select_related("account")
    found = theirs.filter(account=chosen).first() if chosen else None
    found = found or theirs.order_by("account__number").first()
    if found is None:
        return None
    return found.account, rights_in(found), str(found.get_role_display())


def rights_in(found: Membership) -> frozenset[Right]:
    """What a member may do in the account."""
    held = frozenset(Right(each) for each in found.accesses)
    return rights_of(Standing(role=found.role, accesses=held, belongs=True))


def api_tokens(account: Account) -> QuerySet[ApiToken]:
    """The account's tokens of /api/v2, oldest first, revoked ones too."""
    return ApiToken.objects.filter(account=account).order_by("created_at", "id")
