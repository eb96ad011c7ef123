"""What the dashboard counts. Source: seed 000, "Dashboard".

Usage is what `calls` has counted: with a receptionist the time before them is standard, and theirs
is operator-assisted; without one all of it is standard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Q

from deskbell.accounts.models import Account
from deskbell.calls.queries import monthly
from deskbell.messages.models import Message
from deskbell.messages.queries import listed

SECONDS = 60


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the month so far, with its minutes of both kinds."""

    number: int
    standard: float = 0.0
    assisted: float = 0.0

    @property
    def total(self) -> float:
        """All minutes of the day."""
        return self.standard + self.assisted


@dataclass(frozen=True, slots=True)
class Usage:
    """The month to date in an account's time zone, a day for each day until today."""

    first: datetime
    days: Sequence[Day]

    @property
    def standard(self) -> float:
        """Minutes without a receptionist."""
        return sum(day.standard for day in self.days)

    @property
    def assisted(self) -> float:
        """Minutes with a receptionist."""
        return sum(day.assisted for day in self.days)

    @property
    def total(self) -> float:
        """All minutes."""
        return self.standard + self.assisted


def usage_to_date(account: Account, at: datetime) -> Usage:
    """The minutes of the account's calls that are over, by day of this month. One query."""
    local = at.astimezone(ZoneInfo(account.time_zone))
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    days = [
        Day(
            each.day.day,
            each.usage.standard_seconds / SECONDS,
            each.usage.assisted_seconds / SECONDS,
        )
        for each in monthly(account, at)
    ]
    return Usage(first, days)


@dataclass(frozen=True, slots=True)
class Age:
    """How many open messages have waited so long; `tone` is the colour of its bar."""

    label: str
    count: int
    tone: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The open messages by age, and the ones that have waited longest."""

    ages: Sequence[Age]
    longest: Sequence[Message]

    @property
    def most(self) -> int:
        """The highest bar, at least 1."""
        return max([1, *(age.count for age in self.ages)])


_AGES = [
    ("Under 15 minutes", timedelta(0), "low"),
    ("15 minutes to 1 hour", timedelta(minutes=15), "low"),
    ("1 to 4 hours", timedelta(hours=1), "middle"),
    ("4 to 24 hours", timedelta(hours=4), "high"),
    ("Over a day", timedelta(days=1), "high"),
]


def waiting(at: datetime) -> Waiting:
    """The open messages by age; two queries, in an account's scope."""
    starts = [start for _, start, _ in _AGES]
    counters = {}
    for index, start in enumerate(starts):
        span = Q(created_at__lte=at - start) if index else Q()
        if index + 1 < len(starts):
            span &= Q(created_at__gt=at - starts[index + 1])
        counters[f"age{index}"] = Count("pk", filter=span)
    open_ones = listed(tab="new", descending=False)
    found = open_ones.order_by().aggregate(oldest=Min("created_at"), **counters)
    ages = [Age(label, found[f"age{i}"], tone) for i, (label, _, tone) in enumerate(_AGES)]
    return Waiting(ages, list(open_ones[:5]) if found["oldest"] else [])
