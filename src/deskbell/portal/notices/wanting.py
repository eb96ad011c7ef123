"""Who wants which notice, and in which minute messages are told of together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from deskbell.accounts.models import Membership, User, UserStatus
from deskbell.accounts.notices import Notice

TOGETHER: Final = timedelta(minutes=1)
# A message that was taken in the minute is written by then.
SETTLED: Final = timedelta(seconds=10)


def people_who_want(account_id: int, notice: Notice) -> QuerySet[User]:
    """The account's people who may sign in and chose the notice."""
    theirs = User.objects.filter(memberships__account_id=account_id, status=UserStatus.ACTIVE)
    return theirs.filter(notices__contains=[notice]).order_by("pk")


def accounts_where_wanted(account_ids: Iterable[int], notice: Notice) -> set[int]:
    """Those of the accounts in which somebody chose the notice; one query."""
    found = Membership.objects.filter(
        account_id__in=set(account_ids),
        user__status=UserStatus.ACTIVE,
        user__notices__contains=[notice],
    )
    return set(found.values_list("account_id", flat=True))


def minute_of(at: datetime) -> datetime:
    """The beginning of the minute in which something happened."""
    return at.replace(second=0, microsecond=0)
