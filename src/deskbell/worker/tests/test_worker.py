"""What the worker is made of; tests/journeys/test_queue.py runs it whole."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pgqueuer import PgQueuer
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.executors import EntrypointExecutorParameters
from pgqueuer.models import Job

from deskbell.config.settings import database
from deskbell.platform.jobs import known_jobs
from deskbell.worker import housekeeping, runner
from deskbell.worker.clockwork import TABLE
from deskbell.worker.crew import HEARTBEAT, LOOK, connection_options
from deskbell.worker.lanes import DESK, ENGINE, LANES, OUTSIDE, lane_of
from deskbell.worker.patience import PatientExecutor, wait_after


def test_what_waits_for_other_machines_has_threads_of_its_own() -> None:
    outside = {job.name for job in known_jobs() if lane_of(job.name) is OUTSIDE}
    assert outside == {
        "attendant.tell_gateway",
        "billing.pay_statement",
        "billing.refresh_payment",
        "delivery.answer_text",
        "delivery.dispatch",
        "delivery.recall",
        "delivery.send",
        "delivery.send_bundle",
        "delivery.send_code",
        "delivery.send_many",
        "delivery.send_note",
        "delivery.text_report",
        "portal.send_access",
        "portal.send_access_requests",
        "portal.send_automatic",
        "portal.send_email_changed",
        "portal.send_email_link",
        "portal.send_exhausted",
        "portal.send_invitation",
        "portal.send_new_device",
        "portal.send_password_changed",
        "portal.send_payment",
        "portal.send_reset_link",
        "portal.send_second_factor",
        "portal.send_statement",
        "portal.send_taken",
        "reports.send_export",
        "reports.send_failure",
        "reports.send_summary",
        "reports.send_trouble",
        "todos.hang_up",
        "todos.place_calls",
        "todos.send_mails",
        "todos.send_texts",
        "webhooks.send",
        "webhooks.send_slowly",
    }
    assert lane_of("oncall.leave_failed") is ENGINE
    assert lane_of("desk.ring") is DESK
    assert all(lane_of(job.name) in LANES for job in known_jobs())


def test_a_full_disk_does_not_stop_the_worker(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    with runner._announced(blocked / "worker.ready"):
        assert "cannot be said in a file" in caplog.text


def test_a_dead_workers_jobs_are_taken_over_within_half_a_minute() -> None:
    assert (HEARTBEAT + LOOK).total_seconds() < 20


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 1), (1, 2), (4, 16), (8, 256), (9, 300), (10_000, 300)]
)
def test_waits_grow_to_five_minutes_and_never_end(attempts: int, seconds: int) -> None:
    assert wait_after(attempts) == timedelta(seconds=seconds)


def test_a_job_that_fails_goes_back_into_the_queue(caplog: pytest.LogCaptureFixture) -> None:
    async def fail(_job: Job) -> None:
        raise OSError("the disk is full")

    executor = PatientExecutor(EntrypointExecutorParameters(0, fail))
    job = Job.model_construct(entrypoint="tests.fail", attempts=3)
    context: Any = None
    with pytest.raises(RetryRequested) as again:
        asyncio.run(executor.execute(job, context))
    assert again.value.delay == timedelta(seconds=8)
    assert "tests.fail failed; it is tried again in 0:00:08" in caplog.text
    assert "the disk is full" in caplog.text


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://deskbell@/deskbell?host=/tmp/sockets",
            {"host": "/tmp/sockets", "port": None, "user": "deskbell", "password": None},
        ),
        (
            "postgresql://bell:p%40ss@db.example.com:5433/deskbell?sslmode=require",
            {"host": "db.example.com", "port": 5433, "user": "bell", "password": "p@ss"},
        ),
        ("", {"host": None, "port": None, "user": None, "password": None}),
    ],
)
def test_both_drivers_connect_to_the_same_place(url: str, expected: dict[str, Any]) -> None:
    options = connection_options(database(url), ENGINE)
    assert options.items() >= expected.items()
    assert options["database"] == "deskbell"
    assert options["ssl"] == ("require" if "sslmode" in url else None)


def test_the_table_of_clockwork_can_be_read() -> None:
    for each in TABLE:
        PgQueuer.in_memory().schedule(each.name, each.cron)  # refuses what is no cron line
    assert len({each.name for each in TABLE}) == len(TABLE)
    assert [each.cron for each in TABLE if each.name == "oncall.watch"] == ["* * * * *"]


@pytest.mark.django_db
def test_jobs_that_were_set_aside_are_queued_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO pgqueuer (priority, status, entrypoint, dedupe_key, attempts) VALUES"
            " (0, 'failed', 'tests.aside', NULL, 9), (0, 'failed', 'tests.doubled', 'k', 9),"
            " (0, 'queued', 'tests.doubled', 'k', 0), (0, 'failed', 'tests.twice', 'l', 9),"
            " (0, 'failed', 'tests.twice', 'l', 9)"
        )
        housekeeping.release_held()
        cursor.execute(
            "SELECT entrypoint, status::text, attempts FROM pgqueuer"
            " WHERE entrypoint LIKE 'tests.%' ORDER BY id"
        )
        assert cursor.fetchall() == [
            ("tests.aside", "queued", 0),
            ("tests.doubled", "failed", 9),
            ("tests.doubled", "queued", 0),
            ("tests.twice", "queued", 0),
            ("tests.twice", "failed", 9),
        ]


@pytest.mark.django_db
def test_old_lines_of_the_queue_are_forgotten() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO pgqueuer_log (created, job_id, status, priority, entrypoint) VALUES"
            " (now() - interval '8 days', 1, 'successful', 0, 'tests.old'),"
            " (now() - interval '6 days', 2, 'successful', 0, 'tests.new')"
        )
        housekeeping.forget()
        cursor.execute("SELECT entrypoint FROM pgqueuer_log WHERE entrypoint LIKE 'tests.%'")
        assert cursor.fetchall() == [("tests.new",)]
