"""A message goes on before its time: passed on, sent again, or its level deleted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from deskbell.accounts.models import Account
from deskbell.delivery.models import Delivery
from deskbell.delivery.replies import NOBODY_FOLLOWS, answer
from deskbell.delivery.transport import Meaning, Reply
from deskbell.foundation.errors import InvalidInput
from deskbell.messages.actions import acknowledge
from deskbell.messages.errors import AlreadyAcknowledged
from deskbell.messages.models import Message, MessageStatus
from deskbell.oncall import actions
from deskbell.oncall.models import EscalationLevel
from deskbell.oncall.tests.story import Always, Take, Way, attempts, drive, jobs, story
from deskbell.platform.tenancy import system_scope

Chain = tuple[EscalationLevel, EscalationLevel]


@pytest.fixture
def chain(add_level: Any, way: Way, always: Always) -> Chain:
    """Bob three times, ten seconds apart, then Alice."""
    manager = add_level("Manager", wait_seconds=60)
    weekday = add_level("Weekday", repeat=2, repeat_seconds=10, next_level=manager, position=0)
    always(weekday, way("Bob"))
    always(manager, way("Alice"))
    return weekday, manager


def test_a_key_passes_it_on_at_once(chain: Chain, taken: Take, at: datetime) -> None:
    message = taken()
    actions.escalate(message_id=message.pk, at=at)
    soon = at + timedelta(seconds=3)
    said = answer(
        delivery=Delivery.objects.get(),
        reply=Reply(Meaning.NEXT_LEVEL),
        at=soon,
        through="call",
        address="+12125550101",
    )
    assert said == "It went on to Manager: email to Alice."
    drive(soon, soon + timedelta(seconds=59))
    assert attempts(at) == [(0, "Weekday", 1, "Bob"), (3, "Manager", 1, "Alice")]
    assert story(message)[1:] == [
        "Bob, by a key in a call from +12125550101, passed it on from Weekday; went on to Manager",
        "Attempt 1 on Manager: email to Alice",
    ]
    message.refresh_from_db()
    assert message.next_escalation_at == soon + timedelta(seconds=60)


def test_the_last_level_keeps_what_it_would_pass_on(
    chain: Chain, taken: Take, at: datetime
) -> None:
    message = taken(chain[1])
    actions.escalate(message_id=message.pk, at=at)
    said = answer(
        delivery=Delivery.objects.get(), reply=Reply(Meaning.NEXT_LEVEL), at=at, through="sms"
    )
    assert said == NOBODY_FOLLOWS
    assert story(message)[-1] == "Alice, by text, would pass it on, but no level follows Manager"
    message.refresh_from_db()
    assert message.next_escalation_at == at + timedelta(seconds=60)


def test_what_is_acknowledged_is_not_passed_on(chain: Chain, taken: Take, at: datetime) -> None:
    message = taken()
    actions.escalate(message_id=message.pk, at=at)
    acknowledge(message=message, by="Rita", at=at, through="portal")
    told = story(message)
    passed = actions.pass_on(message_id=message.pk, by="Bob", through="sms", at=at)
    said = answer(
        delivery=Delivery.objects.get(), reply=Reply(Meaning.NEXT_LEVEL), at=at, through="sms"
    )
    assert (passed, said) == (None, "Rita has it already.")
    assert story(message) == told


def test_passed_on_where_nobody_else_is_there_the_operator_is_told(
    add_level: Any, way: Way, always: Always, taken: Take, at: datetime
) -> None:
    weekday = add_level("Weekday", next_level=add_level("Manager"), position=0)
    always(weekday, way("Bob"))
    message = taken(weekday)
    actions.escalate(message_id=message.pk, at=at)
    said = actions.pass_on(message_id=message.pk, by="Bob", through="sms", at=at)
    assert said == "Nobody else is on call; the operator is told."
    assert jobs("oncall.tell_operator") == 1


def test_a_message_that_is_gone_or_nowhere_is_not_passed_on(
    taken: Take, in_acme: Account, at: datetime
) -> None:
    message = taken()
    for message_id in (message.pk, message.pk + 1):
        assert actions.pass_on(message_id=message_id, by="Bob", through="sms", at=at) is None


@pytest.mark.parametrize("has_next", [True, False])
def test_messages_leave_a_level_before_it_is_deleted(
    chain: Chain, taken: Take, at: datetime, has_next: bool
) -> None:
    weekday, manager = chain
    doomed = weekday if has_next else manager
    messages = [taken(doomed) for _ in range(2)]
    actions.run_due(at)
    with transaction.atomic():
        assert actions.leave_deleted(level=doomed, at=at + timedelta(seconds=5)) == 2
        doomed.delete()
    drive(at, at + timedelta(days=1))
    last = [story(each)[1:] for each in messages]
    if has_next:
        assert last[0][:2] == [
            "The level Weekday is deleted; went on to Manager",
            "Attempt 1 on Manager: email to Alice",
        ]
    else:
        assert last[0] == [
            "The level Manager is deleted; no level follows, and the operator is told"
        ]
    assert last[0] == last[1]
    assert {each.status for each in Message.objects.all()} == {MessageStatus.EXHAUSTED}


def test_an_exhausted_message_starts_again_where_it_is_sent(
    chain: Chain, taken: Take, at: datetime
) -> None:
    weekday, manager = chain
    message = taken(manager)
    drive(at, at + timedelta(days=1))
    message.refresh_from_db()
    assert message.status == MessageStatus.EXHAUSTED
    later = at + timedelta(days=2)
    actions.send_to(message_id=message.pk, level=weekday, at=later, by="Alice")
    drive(later, later + timedelta(seconds=10))
    assert story(message)[-3:] == [
        "Sent to Weekday again by Alice",
        "Attempt 1 on Weekday: email to Bob",
        "Attempt 2 on Weekday: email to Bob",
    ]
    message.refresh_from_db()
    assert message.status == MessageStatus.NEW  # nothing has arrived anywhere


def test_sending_again_refuses_what_is_acknowledged_and_foreign_levels(
    chain: Chain, taken: Take, other: Account, at: datetime
) -> None:
    message = taken()
    with system_scope("another tenant's level"):
        foreign = actions.add_level(account_id=other.pk, name="Theirs", at=at)
    with pytest.raises(InvalidInput, match="no such escalation level"):
        actions.send_to(message_id=message.pk, level=foreign, at=at)
    acknowledge(message=message, by="Rita", at=at, through="portal")
    with pytest.raises(AlreadyAcknowledged):
        actions.send_to(message_id=message.pk, level=chain[0], at=at)
