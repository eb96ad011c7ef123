"""What whoever watches the deployment is told of the database, the queue and the workers."""

from __future__ import annotations

from datetime import datetime, timedelta

import psycopg
import pytest
from django.db import connection

from deskbell.foundation.clock import now
from deskbell.platform import standing
from deskbell.platform.jobs import enqueue, job

pytestmark = pytest.mark.django_db


@job("platform.test_standing")
def nothing() -> None:
    """Does nothing."""


def only(at: datetime) -> standing.Waiting:
    [found] = [each for each in standing.waiting(at) if each.job == nothing.name]
    return found


def test_the_database_says_what_it_is() -> None:
    assert standing.database_answers()
    found = standing.database()
    assert found.version[0].isdigit()
    assert found.size > 1_000_000
    assert 0 < found.connections <= found.most_connections


def test_what_is_due_counts_and_timers_do_not() -> None:
    enqueue(nothing)
    enqueue(nothing, after=timedelta(hours=1))
    found = only(now() + timedelta(seconds=1))
    assert (found.count, found.late, found.failing, found.held) == (1, 0, 0, 0)
    assert not found.is_stuck
    late = only(now() + timedelta(minutes=2))
    assert (late.count, late.late) == (1, 1)
    assert late.is_stuck
    assert late.waits_for > timedelta(minutes=1)


def test_what_fails_and_what_is_set_aside_is_stuck() -> None:
    for _ in range(3):
        enqueue(nothing, after=timedelta(minutes=5))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pgqueuer SET attempts = 3 WHERE id = (SELECT min(id) FROM pgqueuer)")
        cursor.execute(
            "UPDATE pgqueuer SET status = 'failed' WHERE id = (SELECT max(id) FROM pgqueuer)"
        )
    found = only(now())
    assert (found.count, found.failing, found.held) == (0, 1, 1)
    assert found.is_stuck


def test_nothing_waits_in_an_empty_queue() -> None:
    assert not [each for each in standing.waiting(now()) if each.job == nothing.name]


def test_workers_are_seen_by_their_lanes() -> None:
    parameters = connection.get_connection_params()
    options = {
        name: parameters[name]
        for name in ("dbname", "user", "password", "host", "port")
        if parameters.get(name)
    }
    with psycopg.connect(**options, application_name=f"{standing.WORKER}outside"):
        assert standing.workers()["outside"] == 1
