"""What the dashboard counts. Source: seed 000, "Dashboard".

Usage is what `calls` has counted: with a receptionist the time before them is standard, and theirs
is operator-assisted; without one all of it is standard. Last month stands behind this one, day by
day, so that one sees whether a month is a usual one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Q

from deskbell.accounts.models import Account
from deskbell.calls.queries import DayUsed, by_day
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
    """The month to date in an account's time zone, a day for each day until today.

    `last_month` has all days of the month before.
    """

    first: datetime
    days: Sequence[Day]
    last_month: Sequence[Day] = ()

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

    @property
    def before(self) -> datetime:
        """A day of last month, for its name."""
        return self.first - timedelta(days=1)

    @property
    def whole_before(self) -> float:
        """All minutes of last month."""
        return sum(day.total for day in self.last_month)

    @property
    def so_far_before(self) -> float:
        """The minutes of last month until the same day of it."""
        return sum(day.total for day in self.last_month[: len(self.days)])

    @property
    def beside(self) -> Sequence[tuple[int, Day | None, Day | None]]:
        """Each day of either month: its number, and it in this month and in the last."""
        pairs = zip_longest(self.days, self.last_month)
        return [(number, now, then) for number, (now, then) in enumerate(pairs, start=1)]


def usage_to_date(account: Account, at: datetime) -> Usage:
    """The minutes of the account's calls that are over, by day of this month and the last.

    One query.
    """
    local = at.astimezone(ZoneInfo(account.time_zone))
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    last_first = (first - timedelta(days=1)).date().replace(day=1)
    found = by_day(last_first, local.date())
    here = [each for each in found if each.day >= first.date()]
    return Usage(first, _days(here), _days(found[: len(found) - len(here)]))


def _days(found: Sequence[DayUsed]) -> list[Day]:
    return [
        Day(
            each.day.day,
            each.usage.standard_seconds / SECONDS,
            each.usage.assisted_seconds / SECONDS,
        )
        for each in found
    ]


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
