"""Months of an account's own time zone, and which plan held on which of their days. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from typing import Final
from zoneinfo import ZoneInfo

_DAY: Final = timedelta(days=1)
# Calls that are under way at midnight belong to the month that ends, and end first.
SETTLED: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan says; cents a month and a minute."""

    name: str
    base_cents: int
    included_minutes: int
    overage_cents: int
    increment_seconds: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of one month, both inside, on which a plan holds."""

    terms: Terms
    first_day: date
    last_day: date


def month_of(day: date) -> date:
    """The first day of the day's month."""
    return day.replace(day=1)


def month_after(day: date) -> date:
    """The first day of the month after the day's."""
    return month_of(month_of(day) + timedelta(days=31))


def month_before(day: date) -> date:
    """The first day of the month before the day's."""
    return month_of(month_of(day) - _DAY)


def last_day_of(day: date) -> date:
    """The last day of the day's month."""
    return month_after(day) - _DAY


def end_of(month: date, zone: str) -> datetime:
    """When a month is over on the clocks of a zone (IANA name)."""
    return datetime.combine(month_after(month), time(), ZoneInfo(zone))


def newest_month(at: datetime, zone: str) -> date:
    """The newest month that can be stated at an instant: it has been over for `SETTLED`."""
    return month_before(month_of((at - SETTLED).astimezone(ZoneInfo(zone)).date()))


def stretches(begun: Sequence[tuple[date, Terms]], month: date) -> list[Stretch]:
    """The days of a month that each plan holds for, in their order.

    `begun` has every plan of the account with its first day, in any order; the days before the
    first of them belong to no stretch. A plan that follows itself is one stretch.
    """
    last, found = last_day_of(month), list[Stretch]()
    plans = sorted((each for each in begun if each[0] <= last), key=itemgetter(0))
    ends = [*(day - _DAY for day, _ in plans[1:]), last]
    for (begins, terms), ends_on in zip(plans, ends, strict=False):
        if ends_on < month:
            continue
        if found and found[-1].terms == terms:
            found[-1] = Stretch(terms, found[-1].first_day, ends_on)
        else:
            found.append(Stretch(terms, max(begins, month), ends_on))
    return found
