"""A message's way through its levels, driven over simulated time by `run_due(at)`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from deskbell.accounts.models import Account
from deskbell.delivery import actions as deliveries
from deskbell.delivery.hooks import DeliveryEvent, delivery_failed
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.messages.actions import Taken, acknowledge, take
from deskbell.messages.models import Activity, ActivityKind, Message, MessageStatus
from deskbell.oncall import actions, queries
from deskbell.oncall.tests.story import NO_MORE, Always, Take, Way, attempts, drive, jobs, story
from deskbell.platform.jobs import run_job


def test_a_chain_to_its_end_at_exact_times(
    add_level: Any, way: Way, always: Always, taken: Take, at: datetime
) -> None:
    manager = add_level("Manager", repeat=1, repeat_seconds=60, wait_seconds=0)
    weekday = add_level(
        "Weekday", repeat=2, repeat_seconds=10, wait_seconds=20, next_level=manager, position=0
    )
    always(weekday, way("Bob"), way("Rita"))
    always(manager, way("Alice"))
    message = taken()
    actions.escalate(message_id=message.pk, at=at)
    drive(at, at + timedelta(days=1))

    assert attempts(at) == [
        (0, "Weekday", 1, "Bob"),
        (0, "Weekday", 1, "Rita"),
        (10, "Weekday", 2, "Bob"),
        (10, "Weekday", 2, "Rita"),
        (20, "Weekday", 3, "Bob"),
        (20, "Weekday", 3, "Rita"),
        (40, "Manager", 1, "Alice"),
        (100, "Manager", 2, "Alice"),
    ]
    message.refresh_from_db()
    assert message.status == MessageStatus.EXHAUSTED
    assert message.updated_at == at + timedelta(seconds=400)  # five minutes where none is set
    assert (message.escalation_level_id, message.next_escalation_at) == (manager.pk, None)
    assert story(message) == [
        "Attempt 1 on Weekday: email to Bob, email to Rita",
        "Attempt 2 on Weekday: email to Bob, email to Rita",
        "Attempt 3 on Weekday: email to Bob, email to Rita",
        "Nobody acknowledged on Weekday within 20 s; went on to Manager",
        "Attempt 1 on Manager: email to Alice",
        "Attempt 2 on Manager: email to Alice",
        f"Nobody acknowledged on Manager within 5 minutes; {NO_MORE}",
    ]
    assert jobs("oncall.tell_operator") == 1

    acknowledge(message=message, by="Alice", at=at + timedelta(days=2), through="portal")


def test_five_levels_with_repeats_over_three_days(
    add_level: Any, way: Way, always: Always, taken: Take, at: datetime
) -> None:
    following = None
    for number in (5, 4, 3, 2, 1):
        following = add_level(
            f"Level {number}",
            repeat=3,
            repeat_seconds=3600,
            wait_seconds=4 * 3600,
            next_level=following,
            position=number,
        )
        always(following, way(f"Person {number}"))
    message = taken()
    actions.escalate(message_id=message.pk, at=at)
    drive(at, at + timedelta(days=3))

    hours = [seconds // 3600 for seconds, *_ in attempts(at)]
    assert hours == [7 * level + attempt for level in range(5) for attempt in range(4)]
    assert Message.objects.get().status == MessageStatus.EXHAUSTED


def test_acknowledging_stops_at_once(
    add_level: Any, way: Way, always: Always, taken: Take, at: datetime
) -> None:
    level = add_level("Weekday", repeat=5, repeat_seconds=10)
    always(level, way("Bob"))
    message = taken()
    actions.escalate(message_id=message.pk, at=at)
    drive(at, at + timedelta(seconds=10))
    acknowledge(message=message, by="Bob", at=at + timedelta(seconds=11), through="email")

    told = story(message)
    assert actions.run_due(at + timedelta(days=1)) == 0
    assert not actions.escalate(message_id=message.pk, at=at + timedelta(days=1))
    actions.escalate(message_id=message.pk, at=at + timedelta(days=1))
    assert story(message) == told
    assert {each.state for each in Delivery.objects.all()} == {DeliveryState.STOPPED}


def test_a_timer_that_comes_twice_early_or_late_does_nothing_more(
    add_level: Any, way: Way, always: Always, taken: Take, at: datetime
) -> None:
    always(add_level("Weekday", repeat=1, repeat_seconds=10), way("Bob"))
    message = taken()
    for _ in range(2):
        actions.escalate(message_id=message.pk, at=at)
    assert not actions.escalate(message_id=message.pk, at=at + timedelta(seconds=9))
    assert actions.escalate(message_id=message.pk, at=at + timedelta(seconds=10))
    assert not actions.escalate(message_id=message.pk, at=at + timedelta(seconds=10))
    assert not actions.escalate(message_id=message.pk + 1, at=at)
    assert [seconds for seconds, *_ in attempts(at)] == [0, 10]


def test_each_step_says_when_the_next_is_due(
    add_level: Any, way: Way, always: Always, taken: Take, at: datetime
) -> None:
    always(add_level("Weekday", repeat=1, repeat_seconds=600), way("Bob"))
    patience = actions.Patience()
    assert actions.next_due(at, patience=patience) is None
    message = taken()
    assert actions.next_due(at, patience=patience) == at
    actions.escalate(message_id=message.pk, at=at)
    assert actions.next_due(at, patience=patience) == at + timedelta(seconds=600)
    assert jobs("delivery.send") == 1


def fail(delivery: Delivery) -> None:
    """What the delivery room does where a delivery fails lastingly."""
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.FAILED)
    delivery_failed.fire(
        DeliveryEvent(
            account_id=delivery.account_id,
            message_id=delivery.message_id,
            delivery_id=delivery.pk,
            level_id=delivery.level_id,
            attempt=delivery.attempt,
        )
    )


def test_a_level_is_left_once_every_method_has_failed(
    add_level: Any, way: Way, always: Always, taken: Take, at: datetime
) -> None:
    manager = add_level("Manager")
    weekday = add_level("Weekday", repeat=3, next_level=manager, position=0)
    always(weekday, way("Bob"), way("Rita"))
    always(manager, way("Alice"))
    message = taken()
    actions.escalate(message_id=message.pk, at=at)
    first, second = Delivery.objects.order_by("id")
    soon = at + timedelta(seconds=2)

    fail(first)
    assert jobs("oncall.leave_failed") == 0
    attempt = {"message_id": message.pk, "level_id": weekday.pk, "attempt": 1}
    assert not actions.leave_failed(**attempt, at=soon)

    fail(second)
    assert jobs("oncall.leave_failed") == 1
    assert actions.leave_failed(**attempt, at=soon)
    assert not actions.leave_failed(**attempt, at=soon)
    assert story(message)[1:] == [
        "Nothing could be delivered on Weekday; went on to Manager",
        "Attempt 1 on Manager: email to Alice",
    ]


def test_a_message_that_is_rolled_back_leaves_no_job(
    add_level: Any, in_acme: Account, at: datetime
) -> None:
    add_level("Weekday")
    with pytest.raises(RuntimeError, match="changed our mind"), transaction.atomic():
        take(account_id=in_acme.pk, taken=Taken("The tooth hurts"), at=at)
        raise RuntimeError("changed our mind")
    assert not Message.objects.exists()
    assert actions.run_due(at) == 0


def test_a_step_that_fails_leaves_nothing_behind(
    add_level: Any,
    way: Way,
    always: Always,
    taken: Take,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    always(add_level("Weekday"), way("Bob"))
    message = taken()

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the deliveries cannot be made")

    monkeypatch.setattr(deliveries, "deliver_many", broken)
    with pytest.raises(RuntimeError, match="cannot be made"):
        actions.escalate(message_id=message.pk, at=at)
    assert story(message) == []
    assert not Delivery.objects.exists()
    assert jobs("delivery.send") == 0


def test_one_message_that_fails_does_not_stop_the_others(
    add_level: Any,
    way: Way,
    always: Always,
    taken: Take,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    level = add_level("Weekday", repeat=1, repeat_seconds=10)
    always(level, way("Bob"))
    messages = [taken() for _ in range(3)]
    for message in messages:
        actions.escalate(message_id=message.pk, at=at)
    deliver = deliveries.deliver_many
    broken = True

    def sometimes(orders: list[deliveries.Order], *, at: datetime) -> object:
        if broken and any(each.message.pk == messages[0].pk for each in orders):
            raise RuntimeError("no")
        return deliver(orders, at=at)

    monkeypatch.setattr(deliveries, "deliver_many", sometimes)
    patience, later = actions.Patience(), at + timedelta(seconds=10)
    assert actions.run_due(later, patience=patience) == 2
    assert f"Message {messages[0].pk} cannot move on" in caplog.text

    broken = False
    assert actions.run_due(later, patience=patience) == 0  # it has its wait
    assert actions.run_due(later + timedelta(seconds=1), patience=patience) == 1


def test_the_watchdog_moves_what_is_overdue_and_says_so(
    add_level: Any,
    way: Way,
    always: Always,
    taken: Take,
    at: datetime,
    caplog: pytest.LogCaptureFixture,
) -> None:
    always(add_level("Weekday", repeat=1, repeat_seconds=10), way("Bob"))
    actions.escalate(message_id=taken().pk, at=at)
    Delivery.objects.update(state=DeliveryState.DELIVERED)
    assert actions.watch(at + timedelta(seconds=14)) == 0  # its timer has five seconds
    assert actions.watch(at + timedelta(seconds=15)) == 1
    assert "1 escalation steps were due and not moving" in caplog.text


def test_a_message_that_no_beat_moved_sets_out_all_the_same(
    add_level: Any, way: Way, always: Always, taken: Take, at: datetime
) -> None:
    always(add_level("Weekday"), way("Bob"))
    message = taken()
    assert actions.watch(at + timedelta(seconds=5)) == 1
    assert story(message) == ["Attempt 1 on Weekday: email to Bob"]


def test_nobody_is_told_of_a_message_that_is_gone(
    add_level: Any, taken: Take, in_acme: Account, at: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    message = taken(add_level("Weekday"))
    actions.escalate(message_id=message.pk, at=at)
    told = b'{"account_id": %d, "message_id": %d}' % (in_acme.pk, message.pk)
    run_job("oncall.tell_operator", told)
    assert f"Nobody acknowledged message {message.pk} of Acme Dental (W0411)" in caplog.text
    caplog.clear()
    message.delete()
    run_job("oncall.tell_operator", told)  # what raises is tried again for ever
    assert not caplog.text


def test_health_tells_how_late_escalation_is(
    add_level: Any,
    way: Way,
    always: Always,
    taken: Take,
    at: datetime,
    django_assert_num_queries: Any,
) -> None:
    always(add_level("Weekday", repeat=1, repeat_seconds=10), way("Bob"))
    message = taken()
    assert not queries.health(at + timedelta(seconds=61)).is_well  # nobody has begun with it

    actions.escalate(message_id=message.pk, at=at)
    untested = queries.SelfTests(0, 0, 0, None)
    assert queries.health(at + timedelta(seconds=9)) == queries.Health(0, 0.0, untested)
    with django_assert_num_queries(2):
        assert queries.health(at + timedelta(seconds=70)) == queries.Health(1, 60.0, untested)
    assert queries.health(at + timedelta(seconds=70)).is_well
    assert not queries.health(at + timedelta(seconds=71)).is_well


def test_an_attempt_costs_the_same_for_many_methods(
    add_level: Any,
    way: Way,
    always: Always,
    taken: Take,
    at: datetime,
    django_assert_max_num_queries: Any,
) -> None:
    level = add_level("Weekday", repeat=5, repeat_seconds=10)
    always(level, *[way(f"Person {number}") for number in range(10)])
    actions.escalate(message_id=taken().pk, at=at)
    with django_assert_max_num_queries(20):
        actions.run_due(at + timedelta(seconds=10))
    assert Activity.objects.filter(kind=ActivityKind.ESCALATION).count() == 2
