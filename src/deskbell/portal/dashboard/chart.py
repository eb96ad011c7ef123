"""The chart of the month to date, with last month behind it."""

from __future__ import annotations

from datetime import datetime

from ..charts import Chart, Minutes, stacked
from .figures import Day, Usage


def chart_of(usage: Usage, days_in_month: int) -> Chart:
    """The chart of a month; days to come have room but no bar.

    It is as wide as the longer of the two months.
    """
    days = max(days_in_month, len(usage.last_month))
    return stacked(
        [_minutes(usage.first, day) for day in usage.days],
        [str(day) if day % 5 == 0 or day == 1 else "" for day in range(1, days + 1)],
        [_minutes(usage.before, day) for day in usage.last_month],
    )


def _minutes(month: datetime, day: Day) -> Minutes:
    return Minutes(f"{month:%b} {day.number}", day.standard, day.assisted)
