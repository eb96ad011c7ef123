"""Who wants yesterday in a mail, and at what time."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from deskbell.accounts.models import Account, User
from deskbell.foundation.errors import NotAllowed

from ..models import DailySummary
from ..rules.schedules import DAILY, Rhythm, next_after


def choose_summary(*, account: Account, user: User, time: time, at: datetime) -> DailySummary:
    """Has a person mailed every day at a time on the account's clock, from the next one on.

    Raises NotAllowed for somebody who does not belong to the account.
    """
    if not user.memberships.filter(account=account).exists():
        raise NotAllowed("Only people of the account can have its summary.")
    next_at = next_after(Rhythm(DAILY, time), ZoneInfo(account.time_zone), at)
    chosen, _ = DailySummary.objects.update_or_create(
        account=account, user=user, defaults={"time": time, "next_at": next_at}
    )
    return chosen


def end_summary(*, account_id: int, user_id: int) -> None:
    """Mails no more summaries of the account to the person; twice is no harm."""
    DailySummary.objects.filter(account_id=account_id, user_id=user_id).delete()


def follow_zone_with_summaries(*, account_id: int, at: datetime) -> None:
    """Has summaries keep their times of day in the zone that the account has now."""
    rows = DailySummary.objects.filter(account_id=account_id, next_at__gt=at)
    with transaction.atomic():
        for each in rows.select_related("account").order_by("pk").select_for_update(of=("self",)):
            zone = ZoneInfo(each.account.time_zone)
            each.next_at = next_after(Rhythm(DAILY, each.time), zone, at)
            each.save(update_fields=["next_at"])
