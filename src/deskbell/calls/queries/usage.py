"""Reads of what accounts used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import F, Func, Max, Q, QuerySet, Sum

from deskbell.accounts.models import Account, PhoneNumber

from ..models import UsageOfDay
from ..rules import Usage


class By(StrEnum):
    """What usage can be told apart by; a week is known by its Monday."""

    DAY = "day"
    WEEK = "week"
    NUMBER = "number"
    KIND = "kind"
    AGENT = "agent_id"


class Who(StrEnum):
    """Receptionists whom no id names."""

    ANYBODY = "anybody"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class UsageWanted:
    """Which usage: from one day to another, both inside; what is empty leaves nothing out.

    `agent` is a receptionist's id, or whether there was one.
    """

    since: date
    until: date
    number: str = ""
    kind: str = ""
    agent: int | Who | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """What was used by those who have in common what they were asked to be told apart by.

    The rest is empty. `agent_id` 0: no receptionist.
    """

    usage: Usage
    day: date | None = None
    number: str = ""
    kind: str = ""
    agent_id: int | None = None
    agent_name: str = ""


@dataclass(frozen=True, slots=True)
class DayUsed:
    """What an account used on one day, on all of its numbers."""

    day: date
    usage: Usage


_FIGURES: Final = (
    "calls",
    "assisted_calls",
    "standard_seconds",
    "assisted_seconds",
    "half_minutes",
    "whole_minutes",
)
_WEEK: Final = "date_trunc('week', %(expressions)s)::date"


def usage(wanted: UsageWanted, first: By, *more: By) -> list[Used]:
    """What was used, by day, number and so on, in the order that is asked for; one read.

    In the scope of an account.
    """
    by = (first, *more)
    rows = _rows(wanted).annotate(week=Func(F("day"), template=_WEEK))
    names = {"name_now": Max("agent_name")} if By.AGENT in by else {}
    sums = {f"sum_of_{name}": Sum(name) for name in _FIGURES}
    found = rows.order_by(*by).values(*by).annotate(**sums, **names)
    return [_used(row) for row in found]


def has_used(number: str) -> bool:
    """Whether a number is the account's, or was when it used something. Two reads at most."""
    return (
        UsageOfDay.objects.filter(number=number).exists()
        or PhoneNumber.objects.filter(Q(e164=number) | Q(number=number)).exists()
    )


def has_worked(agent_id: int) -> bool:
    """Whether a receptionist ever had a call of the account. One read."""
    return agent_id > 0 and UsageOfDay.objects.filter(agent_id=agent_id).exists()


def by_day(since: date, until: date) -> list[DayUsed]:
    """Each day from one to another, both inside, with what was used on all numbers. One read."""
    found = {each.day: each.usage for each in usage(UsageWanted(since, until), By.DAY)}
    days = (since + timedelta(n) for n in range((until - since).days + 1))
    return [DayUsed(day, found.get(day, Usage())) for day in days]


def monthly(account: Account, at: datetime) -> Sequence[DayUsed]:
    """The month to date in the account's time zone, a day for each day until today. One read."""
    today = at.astimezone(ZoneInfo(account.time_zone)).date()
    return by_day(today.replace(day=1), today)


def _rows(wanted: UsageWanted) -> QuerySet[UsageOfDay]:
    rows = UsageOfDay.objects.filter(day__gte=wanted.since, day__lte=wanted.until, calls__gt=0)
    if wanted.number:
        rows = rows.filter(number=wanted.number)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.agent is Who.ANYBODY:
        return rows.exclude(agent_id=0)
    if wanted.agent is not None:
        return rows.filter(agent_id=0 if wanted.agent is Who.NOBODY else wanted.agent)
    return rows


def _used(row: dict[str, Any]) -> Used:
    return Used(
        Usage(*(row[f"sum_of_{name}"] for name in _FIGURES)),
        day=row.get("day") or row.get("week"),
        number=row.get("number", ""),
        kind=row.get("kind", ""),
        agent_id=row.get("agent_id"),
        agent_name=row.get("name_now", ""),
    )
