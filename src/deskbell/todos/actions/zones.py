"""To Dos of an account that lives by another time zone from now on."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from deskbell.accounts.models import Account
from deskbell.platform.beat import wake

from ..models import Schedule
from ..rules import next_after


def follow_zone(*, account_id: int, at: datetime) -> None:
    """Has To Dos that are still to run keep their times of day, in the zone of the account now.

    One whose times of today are over in the new zone keeps the instant that it had: it is not lost.
    Needs the account's scope, or a system scope.
    """
    with transaction.atomic():
        zone = ZoneInfo(Account.objects.get(pk=account_id).time_zone)
        rows = Schedule.objects.filter(account_id=account_id).exclude(next_occurrence=None)
        for schedule in rows.order_by("pk").select_for_update(of=("self",)):
            coming = next_after(schedule.rule, schedule.times, schedule.first_day, zone, at)
            if coming is not None and schedule.times:
                schedule.next_occurrence = coming
                schedule.save(update_fields=["next_occurrence"])
        wake()
