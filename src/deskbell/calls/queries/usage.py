"""Reads of what accounts used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, Sum

from deskbell.accounts.models import Account

from ..models import UsageOfDay
from ..rules import Usage


@dataclass(frozen=True, slots=True)
class DayUsed:
    """What an account used on one day, on all of its numbers."""

    day: date
    usage: Usage


def usage(since: date, until: date, *, number: str = "") -> QuerySet[UsageOfDay]:
    """What was used from one day to another, both inside, by day and number.

    In the scope of an account. `number` leaves all others out.
    """
    found = UsageOfDay.objects.filter(day__gte=since, day__lte=until, calls__gt=0)
    if number:
        found = found.filter(number=number)
    return found.order_by("day", "number")


def by_day(since: date, until: date) -> list[DayUsed]:
    """Each day from one to another, both inside, with what was used on all numbers. One read."""
    sums = usage(since, until).order_by("day").values("day")
    rows = sums.annotate(
        n=Sum("calls"),
        a=Sum("assisted_calls"),
        s=Sum("standard_seconds"),
        t=Sum("assisted_seconds"),
    )
    found = {row["day"]: Usage(row["n"], row["a"], row["s"], row["t"]) for row in rows}
    days = (since + timedelta(n) for n in range((until - since).days + 1))
    return [DayUsed(day, found.get(day, Usage())) for day in days]


def monthly(account: Account, at: datetime) -> Sequence[DayUsed]:
    """The month to date in the account's time zone, a day for each day until today. One read."""
    today = at.astimezone(ZoneInfo(account.time_zone)).date()
    return by_day(today.replace(day=1), today)
