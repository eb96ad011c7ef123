"""Who is to have a statement for a month, and has none yet."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Exists, Min, OuterRef

from deskbell.accounts.models import Account

from ..models import Adjustment, Statement, Subscription
from ..rules.months import end_of, last_day_of, month_before, newest_month


def zones_over(month: date | None, at: datetime) -> list[str]:
    """The time zones of accounts in which a month can be stated; all of them for None."""
    zones = Account.objects.order_by("time_zone").values_list("time_zone", flat=True).distinct()
    return [zone for zone in zones if month is None or month <= newest_month(at, zone)]


def months_to_make(at: datetime) -> list[date]:
    """Every month that can be stated somewhere, the newest first, to that of the first plan.

    Needs a system scope.
    """
    first = first_month()
    month = max((newest_month(at, zone) for zone in zones_over(None, at)), default=None)
    found: list[date] = []
    while first and month and month >= first:
        found.append(month)
        month = month_before(month)
    return found


def first_month() -> date | None:
    """The month in which the first plan of any account began. Needs a system scope."""
    found = Subscription.objects.aggregate(first=Min("begins_on"))["first"]
    return found.replace(day=1) if found else None


def waiting(month: date, zone: str) -> list[int]:
    """The accounts of a time zone that are to have a statement for a month and have none; one
    query. Needs a system scope.

    Who has no plan is stated only where there is a charge or a credit from before the month's end.
    """
    of_account = OuterRef("pk")
    plans = Subscription.objects.filter(account=of_account, begins_on__lte=last_day_of(month))
    adjusted = Adjustment.objects.filter(
        account=of_account, statement=None, created_at__lt=end_of(month, zone)
    )
    found = Account.objects.filter(
        Exists(plans) | Exists(adjusted),
        ~Exists(Statement.objects.filter(account=of_account, month=month)),
        time_zone=zone,
    )
    return list(found.order_by("pk").values_list("pk", flat=True))
