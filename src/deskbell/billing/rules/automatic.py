"""When a statement is paid by itself. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

# A deployment that was down on the day itself still pays; what is older, somebody looks at first.
LATE_BY: Final = timedelta(days=3)


def is_to_be_paid(due_on: date, at: datetime, *, agreed_at: datetime, zone: str) -> bool:
    """Whether a statement is taken at `at`: on its due day in the account's zone or the three
    days after, unless it was due before anybody agreed."""
    here = ZoneInfo(zone)
    today = at.astimezone(here).date()
    return due_on <= today <= due_on + LATE_BY and agreed_at.astimezone(here).date() <= due_on
