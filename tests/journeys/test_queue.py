"""A real worker beside a real database: messages escalate in real time, and a killed worker
loses nothing."""

from __future__ import annotations

import itertools
import signal
from collections.abc import Callable

import pytest
from django.db import connection

from deskbell.accounts.models import Account
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.foundation.clock import now
from deskbell.messages.actions import acknowledge
from deskbell.messages.models import MessageStatus
from deskbell.oncall.models import EscalationLevel
from tests.workers import (
    Hook,
    Worker,
    held,
    jobs_waiting,
    leave_message,
    level_of,
    status_of,
    until,
    waited_for,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
StartWorker = Callable[..., Worker]


@pytest.fixture
def chain(in_acme: Account, hook: Hook) -> EscalationLevel:
    """Bob twice, a second apart; a second later Alice."""
    manager = level_of(in_acme, hook, "Manager", "Alice", wait_seconds=1)
    options = {"repeat": 1, "repeat_seconds": 1, "wait_seconds": 1}
    return level_of(in_acme, hook, "Weekday", "Bob", next_level=manager, position=0, **options)


def test_a_message_escalates_in_real_time(
    in_acme: Account, chain: EscalationLevel, hook: Hook, start_worker: StartWorker
) -> None:
    worker = start_worker()
    message = leave_message(in_acme)
    until(lambda: status_of(message) == MessageStatus.EXHAUSTED)
    until(lambda: len(hook.heard) == 3)
    assert hook.paths() == ["/bob", "/bob", "/alice"]
    assert len({key for _, key, _ in hook.heard}) == 3
    times = list(Delivery.objects.order_by("id").values_list("created_at", flat=True))
    waits = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(times)]
    assert all(1.0 <= wait < 5.0 for wait in waits), waits

    assert worker.end() == 0
    assert not worker.ready_file.exists()


def test_acknowledging_stops_it(
    in_acme: Account, chain: EscalationLevel, hook: Hook, start_worker: StartWorker
) -> None:
    start_worker()
    message = leave_message(in_acme)
    until(hook.paths)
    acknowledge(message=message, by="Bob", at=now(), through="portal")
    until(lambda: not jobs_waiting())
    assert hook.paths() == ["/bob"]
    assert status_of(message) == MessageStatus.ACKNOWLEDGED


def test_a_worker_killed_before_the_delivery_loses_nothing(
    in_acme: Account, chain: EscalationLevel, hook: Hook, start_worker: StartWorker
) -> None:
    worker = start_worker()
    with held("oncall_escalationlevel"):
        message = leave_message(in_acme)
        until(lambda: waited_for("oncall_escalationlevel"))  # it has it in hand, and cannot go on
        worker.end(signal.SIGKILL)
    assert not hook.heard

    start_worker()
    until(hook.paths)
    acknowledge(message=message, by="Bob", at=now(), through="portal")
    until(lambda: not jobs_waiting())
    assert hook.paths() == ["/bob"]
    delivery = Delivery.objects.earliest("id")  # a slow machine may have begun the next attempt
    assert (delivery.state, delivery.tries) == (DeliveryState.DELIVERED, 1)


def test_a_worker_that_loses_its_database_ends_for_its_supervisor(
    in_acme: Account, start_worker: StartWorker
) -> None:
    worker = start_worker()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name LIKE 'deskbell worker %' AND datname = current_database()"
        )
    assert worker.process.wait(10) == 1
    assert not worker.ready_file.exists()
    assert "connection to PostgreSQL is lost" in worker.log.read_text()
