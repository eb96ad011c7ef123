"""Reads of accounts, users and tokens, which are no account's rows: they need no scope."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from deskbell.foundation.errors import NotSignedIn

from ..errors import AccountNotFound
from ..models import Account, ApiToken, Membership, User, UserToken
from ..rules import Right, Standing, rights_of
from ..tokens import hash_of

_USE_IS_KEPT_EVERY: Final = timedelta(minutes=1)


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
    if found is None:
        return frozenset()
    accesses = {
        Right.ACCOUNT_MANAGEMENT: found.account_management,
        Right.ONCALL_CALENDAR: found.oncall_calendar,
        Right.CALL_RECORDING: found.call_recording,
    }
    held = frozenset(right for right, has in accesses.items() if has)
    return rights_of(Standing(role=found.role, accesses=held, belongs=True))


def api_tokens(account: Account) -> QuerySet[ApiToken]:
    """The account's tokens of /api/v2, oldest first, revoked ones too."""
    return ApiToken.objects.filter(account=account).order_by("created_at", "id")


def user_by_token(sid: str, token: str, *, at: datetime) -> User:
    """The user of a sid:token pair; its use is kept, at most once a minute.

    Raises NotSignedIn; also for one who may not sign in.
    """
    found = (
        UserToken.objects.select_related("user")
        .filter(user__sid=sid, token_hash=hash_of(token), revoked_at=None)
        .first()
    )
    if found is None or not found.user.is_active:
        raise NotSignedIn("Authentication failed")
    before = Q(last_used_at=None) | Q(last_used_at__lte=at - _USE_IS_KEPT_EVERY)
    if found.last_used_at is None or found.last_used_at <= at - _USE_IS_KEPT_EVERY:
        UserToken.objects.filter(before, pk=found.pk).update(last_used_at=at)
    return found.user
