"""Reads of plans, and of which account has which."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from deskbell.accounts.models import Account

from ..errors import PlanNotFound
from ..models import Plan, Subscription


def plan_of(account: Account, on: date) -> Plan | None:
    """The plan that an account has on a day; None before its first one.

    Needs the account's scope or a system scope.
    """
    found = subscriptions(account).filter(begins_on__lte=on).first()
    return found.plan if found else None


def plans_on(accounts: Iterable[int], on: date) -> dict[int, Plan]:
    """The plan that each account has on a day, by the account's id; one query.

    Accounts without one are left out. Needs a system scope.
    """
    rows = Subscription.objects.filter(account_id__in=list(accounts), begins_on__lte=on)
    latest = rows.order_by("account_id", "-begins_on").distinct("account_id")
    return {row.account_id: row.plan for row in latest.select_related("plan")}


def subscriptions(account: Account) -> QuerySet[Subscription]:
    """All plans that an account has, had and will have, the latest first."""
    rows = Subscription.objects.filter(account=account).select_related("plan")
    return rows.order_by("-begins_on")


def one_plan(plan_id: int) -> Plan:
    """One plan. Raises PlanNotFound."""
    found = Plan.objects.filter(pk=plan_id).first()
    if found is None:
        raise PlanNotFound
    return found


def offered() -> QuerySet[Plan]:
    """The plans that accounts can be given, by name."""
    return Plan.objects.filter(is_offered=True)


def plans_with_counts(on: date) -> QuerySet[Any]:
    """All plans by name, each with how many accounts have it on a day (`accounts`), and how many
    will (`to_come`). Needs a system scope."""
    later = Subscription.objects.filter(
        account_id=OuterRef("subscriptions__account_id"),
        begins_on__gt=OuterRef("subscriptions__begins_on"),
        begins_on__lte=on,
    )
    has_begun = Q(subscriptions__begins_on__lte=on)
    return Plan.objects.annotate(
        accounts=Count("subscriptions", filter=has_begun & Q(~Exists(later)), distinct=True),
        to_come=Count("subscriptions", filter=Q(subscriptions__begins_on__gt=on), distinct=True),
    )
