"""To Dos paused, resumed, run by hand, and deleted; NotFound for one that is gone meanwhile."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from deskbell.foundation.errors import Conflict
from deskbell.platform.beat import wake
from deskbell.platform.jobs import enqueue

from .. import jobs
from ..caps import check_ahead
from ..models import DeliveryType, Run, RunState, ToDo
from ..queueing import queue
from ..rules import next_after
from .ending import PAUSED, RETAKEN_AFTER
from .locking import locked

_OPEN = (RunState.WAITING, RunState.SENDING)


def pause_to_do(*, to_do: ToDo, at: datetime) -> ToDo:
    """It runs no more until it is resumed; what waits is stopped, what is under way goes on."""
    with transaction.atomic():
        now = locked(to_do)
        schedule = now.schedule
        schedule.next_occurrence = None
        schedule.save(update_fields=["next_occurrence"])
        Run.objects.filter(to_do=now, state=RunState.WAITING).update(
            state=RunState.STOPPED, ended_at=at, look_at=None, answer=PAUSED
        )
        now.is_paused, now.updated_at = True, at
        now.is_sending = Run.objects.filter(to_do=now, state=RunState.SENDING).exists()
        now.save(update_fields=["is_paused", "is_sending", "updated_at"])
    return now


def resume_to_do(*, to_do: ToDo, at: datetime) -> ToDo:
    """It runs again, from its next occurrence after `at` on; none is made up for.

    Raises Conflict where the account has too many that are still to run.
    """
    with transaction.atomic():
        now = locked(to_do)
        schedule = now.schedule
        if now.is_paused:
            check_ahead(now.account_id)
        zone = ZoneInfo(now.account.time_zone)
        now.is_paused, now.updated_at = False, at
        now.save(update_fields=["is_paused", "updated_at"])
        schedule.next_occurrence = next_after(
            schedule.rule, schedule.times, schedule.first_day, zone, at
        )
        schedule.save(update_fields=["next_occurrence"])
        wake()
    return now


def run_now(*, to_do: ToDo, at: datetime) -> Run:
    """Runs it once, now, beside its schedule, also while it is paused.

    Writes the run and its job. Raises Conflict while another run is under way.
    """
    with transaction.atomic():
        now = locked(to_do)
        if Run.objects.filter(to_do=now, state__in=_OPEN).exists():
            raise Conflict("A run of this To Do is under way; wait until it has ended")
        run = Run.objects.create(
            account_id=now.account_id, to_do=now, due_at=at, look_at=at + RETAKEN_AFTER
        )
        now.is_sending, now.run_at = True, at
        now.save(update_fields=["is_sending", "run_at"])
        queue([(now.delivery_type, run.pk)])
    return run


def delete_to_do(*, to_do: ToDo) -> None:
    """Removes it with its runs; a call that rings for it is ended, one that speaks goes on."""
    with transaction.atomic():
        now = locked(to_do)
        if now.delivery_type == DeliveryType.CALL:
            _hang_up(now)
        now.delete()


def _hang_up(to_do: ToDo) -> None:
    calls = Run.objects.filter(to_do=to_do, state=RunState.SENDING).exclude(provider_id="")
    for run in calls:
        enqueue(jobs.hang_up, account_id=run.account_id, token=run.key, sid=run.provider_id)
