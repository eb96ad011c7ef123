"""What the demo's operator has at hand: plans, which account has which, and somebody who asks."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from deskbell.accounts.actions import ask_for_access
from deskbell.accounts.models import Account, User
from deskbell.billing.actions import add_plan, adjust, make_statements, subscribe
from deskbell.billing.models import Plan
from deskbell.billing.queries.waiting import months_to_make
from deskbell.billing.rules.months import end_of
from deskbell.platform.tenancy import account_scope, system_scope

from .cast import ACME, BUSINESSES


def add_operating(*, by: User, at: datetime) -> None:
    """Makes it where there is no plan yet."""
    if Plan.objects.exists():
        return
    with transaction.atomic():
        plans = [
            add_plan(
                name=name,
                base_cents=base,
                included_minutes=minutes,
                overage_cents=overage,
                increment_seconds=increment,
                at=at,
            )
            for name, base, minutes, overage, increment in (
                ("Standard 100", 12900, 100, 125, 60),
                ("Busy 500", 49900, 500, 105, 30),
            )
        ]
        for business, plan in zip(BUSINESSES, reversed(plans), strict=False):
            account = Account.objects.get(number=business.number)
            day = at.date() - timedelta(days=90)
            with account_scope(account.pk):
                subscribe(account=account, plan=plan, begins_on=day, by=by, at=at)
        ask_for_access(
            name="bob",
            email="bob@brook.example",
            company=ACME.name,
            phone="+12125550178",
            words="I work at the front desk as well, and would like to read our messages.",
            address="192.0.2.9",
            at=at - timedelta(hours=2),
        )
    _state_months(by=by, at=at)


def _state_months(*, by: User, at: datetime) -> None:
    """The statements of the months that are over, each as on the day after its month, and a credit
    for the next one."""
    with system_scope("the demo's accounts are stated as if it had always run"):
        months = months_to_make(at)
    for month in reversed(months):
        make_statements(month, min(at, end_of(month, "UTC") + timedelta(days=1)))
    account = Account.objects.get(number=ACME.number)
    with account_scope(account.pk):
        words = "Credit for the outage of your line"
        adjust(account=account, cents=-1500, words=words, by=by, at=at)
