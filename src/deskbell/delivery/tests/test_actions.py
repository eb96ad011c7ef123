"""What a delivery goes through: made, claimed, sent, tried again, given up, stopped, found again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from deskbell.accounts.models import Account
from deskbell.contacts.actions import add_contact, add_method, remove_method
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery import actions, hooks, queries, registry
from deskbell.delivery.hooks import DeliveryEvent
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.delivery.transport import (
    Field,
    Meaning,
    Outcome,
    Parcel,
    Reply,
    delivered,
    lasting_failure,
    passing_failure,
)
from deskbell.foundation.errors import InvalidInput
from deskbell.messages.actions import Taken, acknowledge, take
from deskbell.messages.models import Activity, Message, MessageStatus
from deskbell.platform.tenancy import account_scope
from django.db import connection, transaction

SECONDS = timedelta(seconds=1)


@dataclass
class Pigeon:
    """A transport that does what the test says, and remembers what it was given."""

    outcomes: list[Outcome] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    kind: str = "pigeon"
    label: str = "Pigeon"
    has_secret: bool = True
    fields: tuple[Field, ...] = ()

    def check_address(self, text: str) -> str:
        if "tower" not in text:
            raise InvalidInput("A pigeon flies to a tower", field="address")
        return text.strip()

    def send(self, parcel: Parcel) -> Outcome:
        self.parcels.append(parcel)
        return self.outcomes.pop(0) if self.outcomes else delivered("It came back")

    def read_reply(self, text: str) -> Reply:
        return Reply(Meaning.NOTHING)


@pytest.fixture
def pigeon(monkeypatch: pytest.MonkeyPatch) -> Pigeon:
    made = Pigeon()
    monkeypatch.setitem(registry.transports(), made.kind, made)
    return made


@pytest.fixture(autouse=True)
def scope(acme: Account) -> Iterator[None]:
    with account_scope(acme.pk):
        yield


@pytest.fixture(autouse=True)
def failures(monkeypatch: pytest.MonkeyPatch) -> list[DeliveryEvent]:
    """What the rooms above are told; they themselves are left out."""
    told: list[DeliveryEvent] = []
    monkeypatch.setattr(hooks.delivery_failed, "_handlers", [told.append])
    return told


@pytest.fixture
def method(acme: Account, at: datetime) -> DeliveryMethod:
    contact = add_contact(account_id=acme.pk, name="Alice", at=at)
    return add_method(contact=contact, kind="pigeon", address="north tower", at=at, secret="s")


@pytest.fixture
def message(acme: Account, at: datetime) -> Message:
    taken = Taken(content="The pump is broken", phone="+12125550187", answers={"Unit": "4b"})
    return take(account_id=acme.pk, taken=taken, at=at)


def make(message: Message, method: DeliveryMethod, at: datetime, attempt: int = 1) -> Delivery:
    [made] = actions.deliver(
        message=message,
        methods=[method],
        level_id=7,
        level_name="Days",
        attempt=attempt,
        at=at,
    )
    return made


def fresh(delivery: Delivery) -> Delivery:
    return Delivery.objects.get(pk=delivery.pk)


def jobs_of(delivery: Delivery) -> list[float]:
    """The waits, in seconds, of the jobs that are queued for a delivery."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT convert_from(payload, 'UTF8'), extract(epoch FROM execute_after - now())"
            " FROM pgqueuer WHERE entrypoint = 'delivery.send' ORDER BY id"
        )
        rows: Sequence[tuple[str, float]] = cursor.fetchall()
    return [float(wait) for text, wait in rows if json.loads(text)["delivery_id"] == delivery.pk]


def texts(message: Message) -> list[str]:
    return list(
        Activity.objects.filter(message=message).order_by("id").values_list("text", flat=True)
    )


def test_a_message_is_delivered_and_says_so(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    delivery = make(message, method, at)
    actions.send(delivery_id=delivery.pk, at=at)
    [parcel] = pigeon.parcels
    assert (parcel.content, parcel.contact_name, parcel.answers) == (
        "The pump is broken",
        "Alice",
        {"Unit": "4b"},
    )
    assert parcel.idempotency_key == str(delivery.idempotency_key)
    done = fresh(delivery)
    assert (done.state, done.tries, done.answer) == ("delivered", 1, "It came back")
    message.refresh_from_db()
    assert (message.status, message.delivered_to) == (MessageStatus.DELIVERED, "Alice")
    assert message.contact_id == method.contact_id
    assert texts(message)[-1] == "Pigeon to Alice delivered"


def test_a_rollback_takes_the_deliveries_and_their_jobs_with_it(
    message: Message, method: DeliveryMethod, at: datetime
) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        delivery = make(message, method, at)
        assert len(jobs_of(delivery)) == 1
        raise ZeroDivisionError
    assert jobs_of(delivery) == []
    assert not Delivery.objects.filter(pk=delivery.pk).exists()
