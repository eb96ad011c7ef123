"""What is due by the clock: exports that are scheduled, and daily summaries.

What is made and its job are written in the transaction that moves the row on, so that with several
workers each occurrence comes once. After a time in which none ran, only the newest is made.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from deskbell.accounts.models import Membership, Role, UserStatus
from deskbell.accounts.queries import accounts_of, rights
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.jobs import enqueue

from ..jobs.mails import send_trouble
from ..jobs.summaries import send_summary
from ..models import DailySummary, ScheduledExport
from ..queries import rhythm_of
from ..rules.kinds import RIGHTS
from ..rules.schedules import DAILY, Rhythm, turn_of
from .schedules import queue_export

_BATCH: Final = 50


def run_due(*, at: datetime) -> int:
    """Queues every export and summary that is due, of all accounts; gives how many rows were.

    What another worker holds is left to it. A schedule that cannot run pauses, and the account's
    administrators are mailed why. Needs a system scope.
    """
    count = 0
    while taken := _run_schedules(at) + _run_summaries(at):
        count += taken
    return count


def _run_schedules(at: datetime) -> int:
    with transaction.atomic():
        rows = ScheduledExport.objects.filter(next_at__lte=at).order_by("next_at", "pk")
        rows = rows.select_related("account", "created_by")
        found = list(rows.select_for_update(of=("self",), skip_locked=True)[:_BATCH])
        for each in found:
            _run(each, at)
    return len(found)


def _run(schedule: ScheduledExport, at: datetime) -> None:
    zone = ZoneInfo(schedule.account.time_zone)
    turn = turn_of(rhythm_of(schedule), zone, schedule.next_at or at, at)
    words = _refusal(schedule)
    if not words:
        try:
            if not schedule.exports.filter(due_at=turn.due).exists():
                queue_export(schedule, due_at=turn.due, at=at)
        except InvalidInput as error:
            words = f"What it asks for is no longer there: {error}"
    if words:
        _pause(schedule, words, at)
        return
    schedule.next_at, schedule.trouble = turn.following, _skipped(turn.skipped)
    schedule.save(update_fields=["next_at", "trouble"])


def _refusal(schedule: ScheduledExport) -> str:
    """Why it may not run any more; "" where it may."""
    person = schedule.created_by
    if person is None or person.status != UserStatus.ACTIVE:
        return "Whoever set it up can no longer sign in."
    held, needed = rights(person, schedule.account), RIGHTS[schedule.kind]
    if not accounts_of(person).filter(pk=schedule.account_id).exists():
        return f"{person}, who set it up, no longer belongs to the account."
    if needed and needed not in held:
        return f"{person}, who set it up, may no longer have this kind of export."
    return ""


def _pause(schedule: ScheduledExport, words: str, at: datetime) -> None:
    schedule.is_paused, schedule.next_at, schedule.trouble = True, None, f"Paused: {words}"[:300]
    schedule.save(update_fields=["is_paused", "next_at", "trouble"])
    people = Membership.objects.filter(account=schedule.account_id, role=Role.BG_ADMIN)
    for user_id in people.values_list("user_id", flat=True):
        enqueue(
            send_trouble,
            account_id=schedule.account_id,
            schedule_id=schedule.pk,
            user_id=user_id,
            since=at.isoformat(),
        )


def _skipped(count: int) -> str:
    if not count:
        return ""
    times = "time" if count == 1 else "times"
    return f"Deskbell was not running when it was due {count:,} {times} before: those were skipped."


def _run_summaries(at: datetime) -> int:
    with transaction.atomic():
        rows = DailySummary.objects.filter(next_at__lte=at).order_by("next_at", "pk")
        rows = rows.select_related("account")
        found = list(rows.select_for_update(of=("self",), skip_locked=True)[:_BATCH])
        for each in found:
            zone = ZoneInfo(each.account.time_zone)
            turn = turn_of(Rhythm(DAILY, each.time), zone, each.next_at, at)
            each.next_at = turn.following
            each.save(update_fields=["next_at"])
            day = turn.due.astimezone(zone).date()
            enqueue(
                send_summary,
                key=f"summary-{each.pk}-{day}",
                account_id=each.account_id,
                summary_id=each.pk,
                due_at=turn.due.isoformat(),
            )
    return len(found)
