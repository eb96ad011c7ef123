"""Tests of a level: sent on time, passed where somebody acknowledges, else an alarm."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from deskbell.foundation.errors import InvalidInput
from deskbell.messages.actions import acknowledge
from deskbell.messages.models import Message
from deskbell.oncall import actions, alarms
from deskbell.oncall.models import EscalationLevel, SelfTest
from deskbell.oncall.tests.story import Always, Way, attempts, drive

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def alarmed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the alarms."""
    told: list[str] = []

    def tell(title: str, text: str, *, account_id: int = 0) -> None:
        told.append(text)

    monkeypatch.setattr("deskbell.oncall.actions.self_tests.alarm", tell)
    monkeypatch.setattr(alarms, "_memory", alarms._Memory())
    return told


@pytest.fixture
def level(add_level: Any, way: Way, always: Always, at: datetime) -> EscalationLevel:
    """Bob; a minute later Alice. Tested every day, with ten minutes."""
    manager = add_level("Manager", wait_seconds=60)
    made: EscalationLevel = add_level("Weekday", wait_seconds=60, next_level=manager, position=0)
    always(made, way("Bob"))
    always(manager, way("Alice"))
    actions.add_self_test(level=made, every_seconds=86400, within_seconds=600, at=at)
    return made


def test_a_test_goes_the_whole_chain_and_passes_once_somebody_acknowledges(
    level: EscalationLevel, at: datetime, alarmed: list[str]
) -> None:
    assert actions.run_self_tests(at) == 1
    assert actions.run_self_tests(at + MINUTE) == 0
    drive(at, at + MINUTE)
    assert attempts(at) == [(0, "Weekday", 1, "Bob"), (60, "Manager", 1, "Alice")]
    message = Message.objects.get()
    assert (message.origin, message.content.partition(" for ")[0]) == (
        "self-test",
        "This is a self-test of Deskbell",
    )
    acknowledge(message=message, by="Alice", at=at + 2 * MINUTE, through="sms")
    actions.run_self_tests(at + 3 * MINUTE)
    test = SelfTest.objects.get()
    assert (test.passed_at, test.failed_at, test.message_id) == (
        at + 2 * MINUTE,
        None,
        message.pk,
    )
    assert alarmed == []


@pytest.mark.parametrize("minutes", [None, 11])
def test_the_operator_is_alarmed_once_where_nobody_acknowledges_in_time(
    level: EscalationLevel, at: datetime, alarmed: list[str], minutes: int | None
) -> None:
    actions.run_self_tests(at)
    if minutes is not None:
        acknowledge(
            message=Message.objects.get(), by="Bob", at=at + minutes * MINUTE, through="sms"
        )
    if minutes is None:
        actions.run_self_tests(at + 9 * MINUTE)
        assert alarmed == []
    for late in (12, 13, 14):
        actions.run_self_tests(at + late * MINUTE)
    [told] = alarmed
    assert told == (
        "Nobody acknowledged the self-test of Weekday (Acme Dental (W0411)) within 10 minutes; it"
        " was sent at 2026-03-04 15:00 UTC."
    )
    test = SelfTest.objects.get()
    assert (test.passed_at, test.failed_at) == (None, at + 12 * MINUTE)

    assert actions.run_self_tests(at + DAY) == 1
    newest = Message.objects.order_by("-id")[0]
    acknowledge(message=newest, by="Bob", at=at + DAY, through="sms")
    actions.run_self_tests(at + DAY + MINUTE)
    assert SelfTest.objects.get().passed_at == at + DAY
    assert len(alarmed) == 1


def test_a_test_keeps_its_time_of_day_and_misses_are_not_made_up_for(
    level: EscalationLevel, at: datetime
) -> None:
    assert actions.run_self_tests(at + 3 * DAY + MINUTE) == 1
    assert SelfTest.objects.get().next_at == at + 4 * DAY


def test_one_level_has_one_test_and_it_can_end(level: EscalationLevel, at: datetime) -> None:
    actions.add_self_test(level=level, every_seconds=3600, within_seconds=60, at=at)
    assert SelfTest.objects.get().every_seconds == 3600
    assert actions.remove_self_test(level=level)
    assert not actions.remove_self_test(level=level)
    assert actions.run_self_tests(at) == 0
    assert actions.send_self_test(level=level, at=at).origin == "self-test"


@pytest.mark.parametrize(
    ("every", "within", "words"),
    [(599, 60, "10 minutes to 31 days"), (3600, 59, "at least a minute"), (3600, 3601, "until")],
)
def test_tests_too_often_or_too_short_are_refused(
    level: EscalationLevel, at: datetime, every: int, within: int, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        actions.add_self_test(level=level, every_seconds=every, within_seconds=within, at=at)
