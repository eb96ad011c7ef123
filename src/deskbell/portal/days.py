"""Days as people write them into a list's filters, in the current time zone."""

from __future__ import annotations

from django.utils import timezone

from deskbell.foundation import days
from deskbell.foundation.days import Days, read_day

__all__ = ["Days", "read_day", "read_days"]


def read_days(from_date: str, to_date: str, errors: dict[str, str]) -> Days:
    """The days between which a list is wanted. What is wrong is no end, and its reason stands in
    `errors` under `from_date` or `to_date`."""
    return days.read_days(from_date, to_date, errors, timezone.get_current_timezone())
