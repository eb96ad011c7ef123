"""Who has a daily summary."""

from __future__ import annotations

from ..models import DailySummary


def summary_of(account_id: int, user_id: int) -> DailySummary | None:
    """The person's summary of an account; None where they have none."""
    return DailySummary.objects.filter(account_id=account_id, user_id=user_id).first()
