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
from deskbell.delivery import actions as deliveries
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.foundation.errors import Conflict
from deskbell.messages.actions import acknowledge, acknowledge_many, undo_acknowledgement
from deskbell.messages.errors import AlreadyAcknowledged
from deskbell.messages.models import ActivityKind, Message, MessageStatus
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


def undone(message: Message, at: datetime, by: str = "Bob") -> str:
    try:
        undo_acknowledgement(message=message, by=by, at=at)
    except Conflict as error:
        return str(error)
    return "undone"


def test_an_undoing_races_attempts_and_workers(
    on_its_way: Callable[[], Message], at: datetime
) -> None:
    later = at + timedelta(seconds=10)
    for _ in range(ROUNDS):
        message = on_its_way()
        acknowledge(message=message, by="Bob", at=later, through="portal")
        delivery = Delivery.objects.get(message=message)
        together(
            message.account_id,
            partial(undone, message, later),
            partial(actions.escalate, message_id=message.pk, at=later),
            partial(deliveries.send, delivery_id=delivery.pk, at=later),
        )
        actions.escalate(message_id=message.pk, at=later)
        message.refresh_from_db()
        assert message.escalation_counter == 2
        assert message.next_escalation_at is not None
        made = Delivery.objects.filter(message=message).order_by("attempt")
        assert [each.attempt for each in made] == [1, 2]
        assert DeliveryState.STOPPED not in {each.state for each in made}


def test_an_undoing_races_another_acknowledgement(
    on_its_way: Callable[[], Message], at: datetime
) -> None:
    """Whichever comes first, the message is somebody's, or it is still on its way."""
    later = at + timedelta(seconds=3)

    def press(message: Message) -> bool:
        try:
            acknowledge(message=message, by="Rita", at=later, through="email")
        except AlreadyAcknowledged:
            return False
        return True

    for _ in range(ROUNDS):
        message = on_its_way()
        acknowledge(message=message, by="Bob", at=later, through="portal")
        said, again, taken_by_rita = together(
            message.account_id,
            partial(undone, message, later),
            partial(undone, message, later),
            partial(press, message),
        )
        message.refresh_from_db()
        assert [said, again].count("undone") == 1
        if taken_by_rita:
            assert message.acknowledged_by == "Rita"
            assert message.next_escalation_at is None
        else:
            assert message.is_open
            assert message.next_escalation_at == at + timedelta(seconds=10)


def test_many_are_acknowledged_against_attempts(
    on_its_way: Callable[[], Message], at: datetime
) -> None:
    later = at + timedelta(seconds=10)
    found = [on_its_way() for _ in range(12)]
    together(
        found[0].account_id,
        partial(acknowledge_many, messages=found, by="Bob", at=later, through="portal"),
        partial(acknowledge_many, messages=found[::-1], by="Rita", at=later, through="portal"),
        partial(actions.run_due, later),
        partial(actions.run_due, later),
    )
    for message in found:
        message.refresh_from_db()
        assert message.status == MessageStatus.ACKNOWLEDGED
        assert message.next_escalation_at is None
        assert activities_of(message).filter(kind=ActivityKind.ACKNOWLEDGED).count() == 1
    assert len({message.acknowledged_by for message in found}) == 1
    states = Delivery.objects.values_list("state", flat=True)
    assert set(states) == {DeliveryState.STOPPED}
