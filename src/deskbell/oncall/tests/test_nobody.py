"""Nobody is on call, or no level is there: the message goes on, or says why it does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deskbell.accounts.models import Account
from deskbell.delivery.models import Delivery
from deskbell.messages.models import Message, MessageStatus
from deskbell.oncall import actions
from deskbell.oncall.models import EscalationLevel
from deskbell.oncall.tests.story import NO_MORE, Always, Take, Way, attempts, drive, jobs, story


@pytest.mark.parametrize("fallback_of", ["level", "account"])
def test_the_fallback_is_reached_where_nobody_is_on_call(
    add_level: Any, way: Way, in_acme: Account, taken: Take, at: datetime, fallback_of: str
) -> None:
    alice = way("Alice").contact
    level = add_level("Weekday", fallback=alice if fallback_of == "level" else None)
    if fallback_of == "account":
        actions.set_defaults(account_id=in_acme.pk, fallback=alice)
    message = taken(level)
    actions.escalate(message_id=message.pk, at=at)
    assert story(message) == [
        "Nobody is on call on Weekday; attempt 1 goes to the fallback: email to Alice"
    ]
    assert attempts(at) == [(0, "Weekday", 1, "Alice")]


def test_levels_without_anyone_are_left_at_once(
    add_level: Any, way: Way, always: Always, taken: Take, at: datetime
) -> None:
    owner = add_level("Owner")
    manager = add_level("Manager", next_level=owner)
    weekday = add_level("Weekday", repeat=3, next_level=manager, position=0)
    always(owner, way("Alice"))
    message = taken(weekday)
    actions.escalate(message_id=message.pk, at=at)
    assert story(message) == [
        "Nobody is on call on Weekday; went on to Manager",
        "Nobody is on call on Manager; went on to Owner",
        "Attempt 1 on Owner: email to Alice",
    ]
    assert attempts(at) == [(0, "Owner", 1, "Alice")]


def test_nobody_anywhere_ends_at_once_and_the_operator_is_told(
    add_level: Any, taken: Take, at: datetime
) -> None:
    weekday = add_level("Weekday", next_level=add_level("Manager"), position=0)
    message = taken(weekday)
    actions.escalate(message_id=message.pk, at=at)
    assert story(message)[-1] == (f"Nobody is on call on Manager; {NO_MORE}")
    assert Message.objects.get().status == MessageStatus.EXHAUSTED
    assert jobs("oncall.tell_operator") == 1


def held_until_tomorrow(add_level: Any, way: Way, at: datetime) -> EscalationLevel:
    """A level that holds messages until Bob's shift, the day after `at` from nine to five."""
    level: EscalationLevel = add_level("Weekday", hold_until_on_call=True)
    actions.add_event(
        level=level,
        methods=[way("Bob")],
        starts=datetime.fromisoformat("2026-03-05 09:00"),
        ends=datetime.fromisoformat("2026-03-05 17:00"),
        at=at,
    )
    return level


def test_a_level_may_hold_until_somebody_is_on_call(
    add_level: Any, way: Way, taken: Take, at: datetime
) -> None:
    level = held_until_tomorrow(add_level, way, at)
    message = taken(level)
    actions.escalate(message_id=message.pk, at=at)
    drive(at, at + timedelta(days=1))
    assert story(message)[:2] == [
        "Nobody is on call on Weekday now; the message is held until somebody is",
        "Attempt 1 on Weekday: email to Bob",
    ]
    assert Delivery.objects.get().created_at == datetime(2026, 3, 5, 14, tzinfo=UTC)


def test_somebody_put_on_call_gets_what_is_held_before_the_next_shift(
    add_level: Any, way: Way, always: Always, taken: Take, at: datetime
) -> None:
    level = held_until_tomorrow(add_level, way, at)
    message = taken(level)
    drive(at, at + timedelta(minutes=12))
    always(level, way("Rita"))
    drive(at + timedelta(minutes=12), at + timedelta(minutes=15))
    assert story(message) == [
        "Nobody is on call on Weekday now; the message is held until somebody is",
        "Attempt 1 on Weekday: email to Rita",
    ]


def test_a_level_that_holds_without_a_shift_to_come_is_left(
    add_level: Any, taken: Take, at: datetime
) -> None:
    message = taken(add_level("Weekday", hold_until_on_call=True))
    actions.escalate(message_id=message.pk, at=at)
    assert Message.objects.get().status == MessageStatus.EXHAUSTED


def test_without_any_level_the_message_stays_new_and_says_why(taken: Take, at: datetime) -> None:
    message = taken()
    for _ in range(2):
        actions.escalate(message_id=message.pk, at=at)
    assert Message.objects.get().status == MessageStatus.NEW
    assert story(message) == [
        "No escalation level is set up, so nobody is called; the message waits in the portal"
    ]


def test_a_deleted_level_sends_its_messages_to_the_first(
    add_level: Any, way: Way, always: Always, taken: Take, at: datetime
) -> None:
    always(add_level("Weekday"), way("Bob"))
    doomed = add_level("Manager", wait_seconds=60)
    always(doomed, way("Alice"))
    message = taken(doomed)
    actions.escalate(message_id=message.pk, at=at)
    doomed.delete()
    drive(at, at + timedelta(seconds=60))
    assert story(message)[1:] == [
        "The escalation level was deleted; the message starts again",
        "Attempt 1 on Weekday: email to Bob",
    ]


def test_the_last_level_deleted_ends_the_way_and_the_operator_is_told(
    add_level: Any, way: Way, always: Always, taken: Take, at: datetime
) -> None:
    doomed = add_level("Manager", wait_seconds=60)
    always(doomed, way("Alice"))
    message = taken(doomed)
    actions.escalate(message_id=message.pk, at=at)
    doomed.delete()
    drive(at, at + timedelta(seconds=60))
    assert Message.objects.get().status == MessageStatus.EXHAUSTED
    assert jobs("oncall.tell_operator") == 1
