"""Two at the same instant: one comes first, and the other finds nothing left to do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.messages.actions import acknowledge
from deskbell.messages.errors import AlreadyAcknowledged
from deskbell.messages.models import ActivityKind, Message
from deskbell.messages.queries import activities_of
from deskbell.oncall import actions
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 8


def together(account_id: int, *works: Callable[[], Any]) -> list[Any]:
    """Runs the works in threads that start as one, each on a connection of its own."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            with account_scope(account_id):
                connection.ensure_connection()
                gate.wait(10)
                return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


@pytest.fixture(autouse=True)
def empty_queue() -> Iterator[None]:
    """The queue's tables have no models, so nobody else empties them after a test that commits."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE pgqueuer, pgqueuer_log")


@pytest.fixture
def on_its_way(
    way: Callable[[str], DeliveryMethod],
    always: Callable[..., None],
    taken: Callable[..., Message],
    at: datetime,
) -> Callable[[], Message]:
    """Takes a message and makes its first attempt; the next is ten seconds later."""
    bob = way("Bob")
    level = actions.add_level(
        account_id=bob.account_id, name="Weekday", at=at, repeat=1, repeat_seconds=10
    )
    always(level, bob)

    def make() -> Message:
        message = taken(level)
        actions.escalate(message_id=message.pk, at=at)
        return message

    return make


def test_an_acknowledgement_races_an_attempt(
    on_its_way: Callable[[], Message], at: datetime
) -> None:
    later = at + timedelta(seconds=10)
    for _ in range(ROUNDS):
        message = on_its_way()
        together(
            message.account_id,
            partial(acknowledge, message=message, by="Bob", at=later, through="email"),
            partial(actions.escalate, message_id=message.pk, at=later),
        )
        message.refresh_from_db()
        assert message.acknowledged_by == "Bob"
        assert message.next_escalation_at is None
        last = activities_of(message).order_by("id").last()
        assert last is not None
        assert last.kind == ActivityKind.ACKNOWLEDGED
        states = Delivery.objects.filter(message=message).values_list("state", flat=True)
        assert set(states) == {DeliveryState.STOPPED}


def test_two_timers_race(on_its_way: Callable[[], Message], at: datetime) -> None:
    later = at + timedelta(seconds=10)
    for _ in range(ROUNDS):
        message = on_its_way()
        moved = together(
            message.account_id,
            partial(actions.escalate, message_id=message.pk, at=later),
            partial(actions.escalate, message_id=message.pk, at=later),
            partial(actions.escalate, message_id=message.pk, at=later, wait=False),
        )
        assert moved.count(True) == 1
        assert Delivery.objects.filter(message=message, attempt=2).count() == 1


def test_two_people_acknowledge_and_one_wins(
    on_its_way: Callable[[], Message], at: datetime
) -> None:
    message = on_its_way()

    def press(by: str) -> str:
        try:
            acknowledge(message=message, by=by, at=at, through="email")
        except AlreadyAcknowledged as first:
            return first.by
        return by

    told = together(message.account_id, partial(press, "Bob"), partial(press, "Rita"))
    assert len(set(told)) == 1
