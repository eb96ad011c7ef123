"""Accounts as the operator's list shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import localtime

from deskbell.accounts.models import Account, Membership, PhoneNumber, UserStatus
from deskbell.billing.models import Plan
from deskbell.billing.queries import plans_on
from deskbell.foundation.clock import now
from deskbell.foundation.numbers import digits_of

from ...attendant.listing import Column
from ..listing import Table, any_has

_LEAST_DIGITS: Final = 3


@dataclass(frozen=True, slots=True)
class Line:
    """An account in the list, with how much it has, and the plan of today."""

    account: Account
    people: int
    numbers: int
    plan: Plan | None

    @property
    def opened_at(self) -> datetime:
        """When it was opened."""
        return self.account.created_at


def all_accounts() -> QuerySet[Account]:
    """Every account, with how many people who may sign in and how many numbers it has."""
    return Account.objects.annotate(
        people=_counted(Membership.objects.filter(user__status=UserStatus.ACTIVE)),
        own_numbers=_counted(PhoneNumber.objects.all()),
    )


def _counted(rows: QuerySet[Any]) -> Coalesce:
    of_it = rows.filter(account_id=OuterRef("pk")).order_by().values("account_id")
    counted = of_it.annotate(there=Count("pk")).values("there")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _has(word: str) -> Q:
    found = any_has(word, "number", "client_id", "name", "time_zone", "company_name")
    digits = digits_of(word)
    if len(digits) >= _LEAST_DIGITS:
        owners = PhoneNumber.objects.filter(digits__contains=digits).values("account_id")
        found |= Q(pk__in=owners)
    return found


def _shown(accounts: Sequence[Any]) -> list[Line]:
    plans = plans_on((each.pk for each in accounts), localtime(now()).date())
    return [Line(each, each.people, each.own_numbers, plans.get(each.pk)) for each in accounts]


TABLE: Final[Table[Account, Line]] = Table(
    columns=[
        Column("name", "Name", lambda row: row.account.name),
        Column("number", "Number", lambda row: row.account.number),
        Column("client", "Client ID", lambda row: row.account.client_id),
        Column("zone", "Time zone", lambda row: row.account.time_zone),
        Column("numbers", "Phone numbers", lambda row: str(row.numbers), first="desc"),
        Column("people", "People", lambda row: str(row.people), first="desc"),
        Column(
            "opened", "Opened", lambda row: f"{localtime(row.opened_at):%Y-%m-%d}", first="desc"
        ),
    ],
    orders={
        "number": ["number"],
        "name": ["name"],
        "client": ["client_id"],
        "zone": ["time_zone"],
        "numbers": ["own_numbers"],
        "people": ["people"],
        "opened": ["created_at"],
    },
    has=_has,
    shown=_shown,
)
