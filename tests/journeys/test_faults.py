"""Workers that die at any moment, a database that goes away, providers that hang, two at once.

Whatever happens, every delivery that is due arrives, what may have arrived twice says so, and one
person takes a message.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from psycopg import sql

from deskbell.accounts.models import Account
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.delivery.queueing import MANY
from deskbell.foundation.clock import now
from deskbell.messages.actions import acknowledge
from deskbell.messages.errors import AlreadyAcknowledged
from deskbell.messages.models import Activity, ActivityKind, Message, MessageStatus
from deskbell.messages.queries import activities_of
from tests.workers import Hook, Worker, leave_message, level_of, status_of, until

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
StartWorker = Callable[..., Worker]
MORTAL = ("-m", "tests.mortal_worker")
ONE_BY_ONE = (
    "a step is about to be written",
    "a delivery is claimed",
    "a step is written",
    "a delivery's job is taken",
    "a step is committed",
    "a delivery is sent",
    "a result is written",
    "a result is committed",
)
IN_A_STORM = (
    "a storm is claimed",
    "a storm is sent",
    "a storm's results are written",
)


def test_a_worker_may_die_at_every_step(
    in_acme: Account, hook: Hook, start_worker: StartWorker
) -> None:
    repeat = len(ONE_BY_ONE)
    level_of(in_acme, hook, "Weekday", "Bob", repeat=repeat, repeat_seconds=1, wait_seconds=1)
    worker = start_worker(*MORTAL, *ONE_BY_ONE)
    message = leave_message(in_acme)
    until(lambda: deaths(worker) == len(ONE_BY_ONE), 60)
    until(lambda: status_of(message) == MessageStatus.EXHAUSTED, 60)
    until(lambda: not unfinished(), 60)

    made = list(Delivery.objects.order_by("id"))
    assert [each.attempt for each in made] == list(range(1, repeat + 2))  # none lost, none twice
    assert {each.state for each in made} == {DeliveryState.DELIVERED}
    assert_all_heard(hook, made)
    assert any(each.sent_again for each in made)
    steps = activities_of(message).filter(kind=ActivityKind.ESCALATION)
    assert [each.text for each in steps] == [
        f"Attempt {number} on Weekday: external API to Bob" for number in range(1, repeat + 2)
    ]


def test_a_worker_may_die_in_a_storm(
    in_acme: Account, hook: Hook, start_worker: StartWorker
) -> None:
    level_of(in_acme, hook, "Weekday", "Bob", wait_seconds=3600)
    worker = start_worker(*MORTAL, *IN_A_STORM)
    for number in range(1, len(IN_A_STORM) + 1):
        with transaction.atomic():  # all are due as one
            for _ in range(MANY):
                leave_message(in_acme)
        until(partial(has_died, worker, number), 60)
        until(lambda: not unfinished(), 60)

    made = list(Delivery.objects.all())
    assert len(made) == Message.objects.count() == MANY * len(IN_A_STORM)
    assert {each.state for each in made} == {DeliveryState.DELIVERED}
    assert_all_heard(hook, made)
    assert any(each.sent_again for each in made)


def test_a_database_that_goes_away_takes_nothing_with_it(
    in_acme: Account, hook: Hook, start_worker: StartWorker
) -> None:
    level_of(in_acme, hook, "Weekday", "Bob", repeat=4, repeat_seconds=1, wait_seconds=1)
    start_worker(*MORTAL)
    message = leave_message(in_acme)
    until(hook.paths)
    with database_away():
        time.sleep(1.5)  # longer than the wait between two attempts: one falls into it
    until(lambda: status_of(message) == MessageStatus.EXHAUSTED, 60)
    until(lambda: not unfinished(), 60)
    made = list(Delivery.objects.order_by("id"))
    assert [each.attempt for each in made] == [1, 2, 3, 4, 5]
    assert_all_heard(hook, made)


@contextmanager
def database_away() -> Iterator[None]:
    """Cuts all connections to the test's database but this process's, and lets none in."""
    connecting: dict[str, Any] = connection.get_connection_params()
    name = sql.Identifier(connecting["dbname"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = cursor.fetchone()[0]
    with psycopg.connect(
        host=connecting["host"], dbname="postgres", user=connecting["user"], autocommit=True
    ) as other:
        other.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        try:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND pid <> %s",
                [connecting["dbname"], own],
            )
            yield
        finally:
            other.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))


def test_a_provider_that_hangs_delays_nobody_else(
    in_acme: Account, hook: Hook, start_worker: StartWorker
) -> None:
    hook.hanging.add("/bob")
    level_of(in_acme, hook, "Weekday", "Bob", "Rita", repeat=1, repeat_seconds=1, wait_seconds=60)
    start_worker(*MORTAL)
    leave_message(in_acme)
    until(lambda: len(hook.keys("/rita")) == 2)
    until(lambda: Delivery.objects.filter(state=DeliveryState.RETRYING).count() == 2)
    hung = Delivery.objects.filter(contact_name="Bob")
    assert {each.answer for each in hung} == {"No answer within 1.5 s"}
    assert all(each.sent_again for each in hung)
    assert set(Delivery.objects.filter(contact_name="Rita").values_list("state", flat=True)) == {
        DeliveryState.DELIVERED
    }

    hook.hanging.clear()
    hook.release.set()
    until(lambda: not unfinished(), 30)
    assert_all_heard(hook, list(Delivery.objects.all()))


def test_two_workers_share_what_is_due_and_one_person_wins(
    in_acme: Account, hook: Hook, start_worker: StartWorker
) -> None:
    hook.acknowledging.update({"/alice", "/rita"})
    manager = level_of(in_acme, hook, "Manager", "Alice", "Rita", wait_seconds=60)
    level_of(
        in_acme,
        hook,
        "Weekday",
        "Bob",
        next_level=manager,
        position=0,
        repeat=1,
        repeat_seconds=1,
        wait_seconds=1,
    )
    for _ in range(2):
        start_worker()  # with the limits of every day: a slow moment makes nobody send again
    messages = [leave_message(in_acme) for _ in range(20)]
    early = messages[:5]
    until(lambda: Delivery.objects.filter(attempt=2).exists())
    for message in early:  # while the third step is on its way
        with suppress(AlreadyAcknowledged):
            acknowledge(message=message, by="Olivia", at=now(), through="portal")
    until(lambda: not Message.objects.exclude(status=MessageStatus.ACKNOWLEDGED).exists())
    until(lambda: not unfinished())

    heard = Counter(key for _, key, _ in hook.heard)
    assert set(heard.values()) == {1}  # nothing was sent twice
    said = Activity.objects.filter(kind=ActivityKind.ACKNOWLEDGED)
    assert Counter(said.values_list("message_id", flat=True)) == Counter(
        message.pk for message in messages
    )
    for message in messages:
        message.refresh_from_db()
        steps = [each.text for each in activities_of(message)]
        attempts = [text.partition(":")[0] for text in steps if text.startswith("Attempt")]
        whole = ["Attempt 1 on Weekday", "Attempt 2 on Weekday", "Attempt 1 on Manager"]
        assert attempts == whole[: len(attempts)]
        assert message.acknowledged_by in {"Alice", "Rita", "Olivia"}


def has_died(worker: Worker, times: int) -> bool:
    """Whether so many of a worker's lives are over."""
    return deaths(worker) == times


def deaths(worker: Worker) -> int:
    """How many of a worker's lives are over."""
    return worker.log.read_text().count(" ended when ")


def unfinished() -> bool:
    """Whether anything is due or on its way."""
    moving = Message.objects.filter(next_escalation_at__lte=now()).exists()
    over = (DeliveryState.DELIVERED, DeliveryState.FAILED, DeliveryState.STOPPED)
    return moving or Delivery.objects.exclude(state__in=over).exists()


def assert_all_heard(hook: Hook, made: list[Delivery]) -> None:
    """Each was heard, and what was heard twice is marked so."""
    heard = Counter(key for _, key, _ in hook.heard)
    assert set(heard) == {str(each.idempotency_key) for each in made}
    for each in made:
        assert heard[str(each.idempotency_key)] == 1 or each.sent_again
