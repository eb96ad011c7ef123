"""Taking a person's second factor away from outside: their device is lost, or somebody else's."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from deskbell.accounts.actions.staying import hold_user
from deskbell.accounts.models import Account, Role, Staff, User
from deskbell.foundation.errors import Conflict, NotAllowed
from deskbell.platform.jobs import enqueue

from .ending import end_all
from .jobs import tell
from .standing import has_mfa

OWN = "Your own MFA is on the page of your profile; another operator can remove it."
OPERATORS_ONLY = "Only an operator can remove the MFA of this person."
NONE = "{} has no MFA."


def reset(*, user: User, by: User | None, at: datetime) -> None:
    """Removes every second factor of a person, ends their sessions, and tells them by mail.

    `by` is the operator, or an administrator of the only account that the person belongs to; None
    is whoever runs a command on the machine. Raises NotAllowed, and Conflict where there is none.
    """
    if by is not None:
        _check(user, by)
    with transaction.atomic():
        hold_user(user)
        if not has_mfa(user):
            raise Conflict(NONE.format(user))
        drop(user=user, at=at)


def drop(*, user: User, at: datetime) -> None:
    """Removes the second factors that somebody else may have set up, and tells the person by
    mail where there were any; ends all sessions."""
    with transaction.atomic():
        hold_user(user)
        if has_mfa(user):
            enqueue(tell, user_id=user.pk, what="reset", at=at.isoformat(), detail="")
        Authenticator.objects.filter(user_id=user.pk).delete()
        end_all(user)


def may_reset(user: User, by: User) -> bool:
    """Whether `by` may remove the second factor of `user`."""
    if user.pk == by.pk:
        return False
    if by.staff == Staff.OPERATOR:
        return True
    if user.is_staff_member:
        return False
    accounts = list(Account.objects.filter(memberships__user=user)[:2])
    return (
        len(accounts) == 1
        and by.memberships.filter(account=accounts[0], role=Role.BG_ADMIN).exists()
    )


def _check(user: User, by: User) -> None:
    if user.pk == by.pk:
        raise NotAllowed(OWN)
    if not may_reset(user, by):
        raise NotAllowed(OPERATORS_ONLY)
