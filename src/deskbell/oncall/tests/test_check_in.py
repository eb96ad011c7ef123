"""Messages that nobody is to be told of: kept for check-in, or about a call and nothing more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from deskbell.accounts.models import Account
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery.models import Delivery
from deskbell.messages import actions as messages
from deskbell.messages.models import Message, MessageStatus
from deskbell.oncall import actions, queries
from deskbell.oncall.models import EscalationLevel

DAY = timedelta(days=1)
KINDS = ({"is_for_check_in": True}, {"non_message_type": "Wrong number"})


@pytest.fixture
def level(
    add_level: Callable[..., EscalationLevel],
    way: Callable[[str], DeliveryMethod],
    always: Callable[..., None],
) -> EscalationLevel:
    made = add_level("On call")
    always(made, way("Bob"))
    return made


def take(account: Account, at: datetime, **fields: Any) -> Message:
    taken = messages.Taken("It can wait", **fields)
    return messages.take(account_id=account.pk, taken=taken, at=at)


def let_a_day_pass(at: datetime) -> None:
    for hour in range(25):
        actions.run_due(at + timedelta(hours=hour))


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_told(
    level: EscalationLevel, in_acme: Account, at: datetime, kind: dict[str, Any]
) -> None:
    message = take(in_acme, at, **kind)
    let_a_day_pass(at)
    message.refresh_from_db()
    assert (message.status, message.next_escalation_at) == (MessageStatus.NEW, None)
    assert not Delivery.objects.exists()
    assert actions.next_due(at + DAY, patience=actions.Patience()) is None
    assert queries.health(at + DAY).is_well


def test_a_message_beside_it_goes_its_way(
    level: EscalationLevel, in_acme: Account, at: datetime
) -> None:
    take(in_acme, at, is_for_check_in=True)
    told = take(in_acme, at)
    let_a_day_pass(at)
    assert set(Delivery.objects.values_list("message_id", flat=True)) == {told.pk}


@pytest.mark.parametrize("kind", KINDS)
def test_undoing_its_acknowledgement_tells_nobody(
    level: EscalationLevel, in_acme: Account, at: datetime, kind: dict[str, Any]
) -> None:
    message = take(in_acme, at, **kind)
    messages.acknowledge(message=message, by="Alice", at=at, through="portal")
    messages.undo_acknowledgement(message=message, by="Alice", at=at + timedelta(seconds=5))
    let_a_day_pass(at)
    assert not Delivery.objects.exists()


def test_it_can_be_sent_to_a_level_all_the_same(
    level: EscalationLevel, in_acme: Account, at: datetime
) -> None:
    message = take(in_acme, at, is_for_check_in=True)
    actions.send_to(message_id=message.pk, level=level, at=at)
    actions.run_due(at)
    assert Delivery.objects.filter(message=message).count() == 1
