"""Two at the same instant: each run leaves once, and nothing waits for ever."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from deskbell.delivery.transports.sms.tests.peer import Peer as Carrier
from deskbell.foundation.errors import Conflict
from deskbell.platform.tenancy import system_scope
from deskbell.todos import actions
from deskbell.todos.models import Run, Schedule, ToDo

Make = Callable[..., ToDo]
pytestmark = pytest.mark.django_db(transaction=True)
DAILY = {"frequency": "daily", "times": ["11:00 AM"]}
ROUNDS = 5


def together(*works: Callable[[], Any]) -> list[Any]:
    """Runs the works in threads that start as one, each on a connection of its own."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            with system_scope("a race of workers"):
                connection.ensure_connection()
                gate.wait(10)
                return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


def all_jobs() -> list[list[int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payload FROM pgqueuer WHERE entrypoint = 'todos.send_texts' ORDER BY id"
        )
        return [json.loads(bytes(payload))["run_ids"] for (payload,) in cursor.fetchall()]


def test_workers_share_what_is_due(make: Make, carrier: Carrier, at: datetime) -> None:
    for _ in range(25):
        make(DAILY)
    due = at + timedelta(hours=1)
    made = together(*[partial(actions.run_due, due)] * 3)
    assert sum(made) == 25
    assert sum(map(len, all_jobs())) == 25
    again = [partial(actions.send, run_ids=ids, at=due) for ids in all_jobs()] * 2
    together(*again)
    assert len(carrier.asked) == 25
    assert {each.state for each in Run.objects.all()} == {"sent"}


def test_a_run_is_claimed_by_one(make: Make, carrier: Carrier, at: datetime) -> None:
    for turn in range(ROUNDS):
        to_do = make()
        actions.run_due(at)
        run = Run.objects.get(to_do=to_do)
        together(*[partial(actions.send, run_ids=[run.pk], at=at)] * 4)
        assert len(carrier.asked) == turn + 1


def test_a_pause_races_the_workers(make: Make, carrier: Carrier, at: datetime) -> None:
    due = at + timedelta(hours=1)

    def run_all() -> None:
        actions.run_due(due)
        for ids in all_jobs():
            actions.send(run_ids=ids, at=due)

    for _ in range(ROUNDS):
        to_do = make(DAILY)
        together(run_all, partial(actions.pause_to_do, to_do=to_do, at=due))
        run_all()
        to_do.refresh_from_db()
        assert (to_do.is_paused, to_do.is_sending) == (True, False)
        assert Schedule.objects.get(to_do=to_do).next_occurrence is None
        assert set(Run.objects.filter(to_do=to_do).values_list("state", flat=True)) <= {
            "sent",
            "stopped",
        }


def test_a_deletion_races_the_workers(make: Make, carrier: Carrier, at: datetime) -> None:
    def run_all() -> None:
        actions.run_due(at)
        for ids in all_jobs():
            actions.send(run_ids=ids, at=at)

    for _ in range(ROUNDS):
        to_do = make()
        together(run_all, run_all, partial(actions.delete_to_do, to_do=to_do))
    assert not Run.objects.exists()


def test_two_who_press_run_now_make_one_run(make: Make, carrier: Carrier, at: datetime) -> None:
    def press(after: int) -> bool:
        try:
            actions.run_now(to_do=to_do, at=at + timedelta(milliseconds=after))
        except Conflict:
            return False
        return True

    for _ in range(ROUNDS):
        to_do = make(DAILY)
        assert sorted(together(partial(press, 1), partial(press, 2))) == [False, True]
        assert Run.objects.filter(to_do=to_do).count() == 1
