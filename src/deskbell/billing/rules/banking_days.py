"""Days on which banks of the United States settle. Pure.

Source: the Federal Reserve's holiday schedule, as the library `holidays` computes it.
"""

from __future__ import annotations

import functools
from datetime import date, timedelta

import holidays


def is_banking_day(day: date) -> bool:
    """Whether the Federal Reserve's banks are open."""
    return day.weekday() < 5 and day not in _closed(day.year)


def banking_day_after(day: date, count: int = 1) -> date:
    """The day that is so many banking days later."""
    while count:
        day += timedelta(days=1)
        count -= is_banking_day(day)
    return day


@functools.lru_cache(maxsize=8)
def _closed(year: int) -> frozenset[date]:
    # Holidays on a Saturday are not moved to the Friday before: the banks are open then.
    every = holidays.country_holidays("US", years=year, observed=True)
    named = holidays.country_holidays("US", years=year, observed=False)
    sundays = {day + timedelta(days=1) for day in named if day.weekday() == 6}
    return frozenset(day for day in every if day in named or day in sundays)
