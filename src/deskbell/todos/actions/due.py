"""What is due: schedules make runs, in batches, and runs that nobody ends are looked at.

A run and its job are written in the transaction that moves its schedule on, so that none is lost
and none comes twice; nothing is sent here. Source: design, portal API, "To Dos".
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Min

from deskbell.platform.tenancy import system_scope

from ..models import Run, RunState, Schedule
from ..queueing import queue
from ..rules import next_after, times_due
from .ending import GIVEN_UP_ON, RETAKEN_AFTER, end_lost

log = logging.getLogger(__name__)
BATCH: Final = 200
# After weeks without a worker nobody reads of each single run.
MOST_MISSED: Final = 100
_MISSED: Final = "Deskbell was not running when it was due"


@dataclass(frozen=True, slots=True)
class _Turn:
    """A schedule that is due: the instants at which it was, and when it is next."""

    schedule: Schedule
    due: Sequence[datetime]
    following: datetime | None


def run_due(at: datetime) -> int:
    """Makes every run that is due at `at`, of all accounts, and queues them; sends nothing.

    What another worker holds is left to it. A run over an hour late is kept as missed. Runs that
    were never ended are ended as unknown. Gives how many runs it made.
    """
    made = 0
    with system_scope("To Dos of all accounts are due"):
        while taken := _take_batch(at):
            made += taken
        while _look(at):
            pass
    return made


def next_due() -> datetime | None:
    """When a To Do is next due, or a run to be looked at; None where nothing is. Two indexed
    reads."""
    with system_scope("when To Dos of any account are due"):
        schedules = Schedule.objects.filter(next_occurrence__isnull=False)
        runs = Run.objects.filter(look_at__isnull=False)
        found = (
            schedules.aggregate(first=Min("next_occurrence"))["first"],
            runs.aggregate(first=Min("look_at"))["first"],
        )
    return min((each for each in found if each is not None), default=None)


def _take_batch(at: datetime) -> int:
    """Makes the runs of some schedules that are due; gives how many schedules those were."""
    with transaction.atomic():
        rows = Schedule.objects.filter(next_occurrence__lte=at).order_by("next_occurrence", "pk")
        rows = rows.select_related("account", "to_do").select_for_update(
            of=("self",), skip_locked=True
        )
        turns = [_turn(schedule, at) for schedule in rows[:BATCH]]
        turns.sort(key=lambda each: each.schedule.account_id)  # so that a job has few accounts
        if turns:
            _move_on(turns, at)
            _make_runs(turns, at)
    return len(turns)


def _turn(schedule: Schedule, at: datetime) -> _Turn:
    """When a schedule was due, and is next; one that cannot be read runs once more, and no more."""
    first = schedule.next_occurrence or at
    try:
        zone = ZoneInfo(schedule.account.time_zone)
        known = schedule.rule, schedule.times, schedule.first_day, zone
        due = [first, *times_due(*known, after=first, until=at)]
        return _Turn(schedule, due[-MOST_MISSED:], next_after(*known, max(at, first)))
    except Exception:
        log.exception("The schedule %s cannot be read; it stands still", schedule.pk)
        return _Turn(schedule, [first], None)


_MOVE = """
WITH moved AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(previous)s::timestamptz[],
                         %(following)s::timestamptz[]) AS moved (id, previous, following)
)
UPDATE todos_schedule AS schedule
SET previous_occurrence = moved.previous, next_occurrence = moved.following
FROM moved WHERE schedule.id = moved.id
"""
_BEGIN = """
UPDATE todos_todo SET is_sending = true, run_at = %(at)s
WHERE id IN (
    SELECT id FROM todos_todo WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE
)
"""


def _move_on(turns: Sequence[_Turn], at: datetime) -> None:
    begun = [each.schedule.to_do_id for each in turns if not _is_missed(each.due[-1], at)]
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVE,
            {
                "ids": [each.schedule.pk for each in turns],
                "previous": [each.due[-1] for each in turns],
                "following": [each.following for each in turns],
            },
        )
        cursor.execute(_BEGIN, {"ids": begun, "at": at})


_MAKE = """
WITH made AS (
    SELECT * FROM unnest(%(accounts)s::bigint[], %(to_dos)s::bigint[], %(due)s::timestamptz[])
        WITH ORDINALITY AS made (account_id, to_do_id, due_at, place)
)
INSERT INTO todos_run (account_id, to_do_id, due_at, state, ended_at, look_at, tries, provider_id,
                       answer)
SELECT account_id, to_do_id, due_at, %(state)s, %(ended_at)s, %(look_at)s, 0, '', %(answer)s
FROM made ORDER BY place
ON CONFLICT (to_do_id, due_at) DO NOTHING
RETURNING id, to_do_id
"""


def _make_runs(turns: Sequence[_Turn], at: datetime) -> None:
    pairs = [(each.schedule, due) for each in turns for due in each.due]
    missed = [pair for pair in pairs if _is_missed(pair[1], at)]
    waiting = [pair for pair in pairs if not _is_missed(pair[1], at)]
    _insert(missed, RunState.MISSED, ended_at=at, look_at=None, answer=_MISSED)
    made = _insert(waiting, RunState.WAITING, ended_at=None, look_at=at + RETAKEN_AFTER, answer="")
    kinds = {each.schedule.to_do_id: each.schedule.to_do.delivery_type for each in turns}
    queue((kinds[to_do_id], run_id) for run_id, to_do_id in made)


def _insert(
    pairs: Sequence[tuple[Schedule, datetime]], state: RunState, **columns: Any
) -> list[tuple[int, int]]:
    """Keeps runs, but those that there are already; the ids of the new ones and their To Dos'."""
    if not pairs:
        return []
    values = columns | {
        "state": state.value,
        "accounts": [schedule.account_id for schedule, _ in pairs],
        "to_dos": [schedule.to_do_id for schedule, _ in pairs],
        "due": [due for _, due in pairs],
    }
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, values)
        return list(cursor.fetchall())


def _is_missed(due: datetime, at: datetime) -> bool:
    return at - due >= GIVEN_UP_ON


def _look(at: datetime) -> int:
    """Ends runs that nobody ends, and queues those that nobody took; gives how many."""
    with transaction.atomic():
        rows = Run.objects.select_related("to_do").filter(look_at__lte=at)
        rows = rows.order_by("look_at", "pk").select_for_update(of=("self",), skip_locked=True)
        found = list(rows[:BATCH])
        waiting = [each for each in found if each.state == RunState.WAITING]
        if waiting:
            log.warning("%s runs of To Dos were not moving; queued them again", len(waiting))
            ids = [each.pk for each in waiting]
            Run.objects.filter(pk__in=ids).update(look_at=at + RETAKEN_AFTER)
            queue((each.to_do.delivery_type, each.pk) for each in waiting)
    for each in found:
        if each.state == RunState.SENDING:
            end_lost(each, at)
    return len(found)
