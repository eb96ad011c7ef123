"""Many deliveries at once: the same ends as one by one, in few statements."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from deskbell.accounts.models import Account
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery import actions, courier, results
from deskbell.delivery.actions import Order, deliver_many
from deskbell.delivery.models import Delivery, DeliveryState, Try
from deskbell.delivery.queueing import MANY, TOGETHER
from deskbell.delivery.tests.example import Pigeon
from deskbell.delivery.transport import Outcome, Parcel, delivered, passing_failure
from deskbell.messages.actions import Taken, acknowledge, take
from deskbell.messages.models import ActivityKind, Message, MessageStatus
from deskbell.messages.queries import activities_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("pigeon")]
Storm = Callable[[int], list[Delivery]]


@pytest.fixture
def storm(acme: Account, method: DeliveryMethod, at: datetime) -> Storm:
    """Takes so many messages and makes a delivery of each."""

    def make(count: int) -> list[Delivery]:
        method.limit = 0
        orders = [
            Order(
                take(account_id=acme.pk, taken=Taken(f"Storm {number}"), at=at),
                [method],
                None,
                "Days",
                1,
            )
            for number in range(count)
        ]
        return deliver_many(orders, at=at)

    return make


def send(made: list[Delivery], at: datetime) -> None:
    actions.send_many(delivery_ids=[each.pk for each in made], at=at)


def queued(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pgqueuer WHERE entrypoint = %s", [name])
        return int(cursor.fetchone()[0])


def test_few_have_jobs_of_their_own_and_many_go_together(storm: Storm) -> None:
    storm(MANY - 1)
    assert (queued("delivery.send"), queued("delivery.send_many")) == (MANY - 1, 0)
    storm(TOGETHER + 1)
    assert (queued("delivery.send"), queued("delivery.send_many")) == (MANY - 1, 2)


def test_they_end_as_they_would_one_by_one(storm: Storm, pigeon: Pigeon, at: datetime) -> None:
    made = storm(3)
    pigeon.outcomes = [delivered("Coo", provider_id="P1", sender="ours")] * 3
    send(made, at)
    for each in made:
        each.refresh_from_db()
        assert (each.state, each.tries, each.answer) == (DeliveryState.DELIVERED, 1, "Coo")
        assert (each.provider_id, each.sender) == ("P1", "ours")
        message = Message.objects.get(pk=each.message_id)
        assert (message.status, message.delivered_to) == (MessageStatus.DELIVERED, "Alice")
        assert message.delivered_at == each.finished_at
        said = [one.text for one in activities_of(message)]
        assert said == ["Message taken", "Pigeon to Alice delivered"]
        assert message.activities_count == 2
    tries = Try.objects.order_by("delivery_id").values_list("delivery_id", "number", "fate")
    assert list(tries) == [(each.pk, 1, "delivered") for each in made]


def test_what_fails_or_acknowledges_takes_the_longer_way(
    storm: Storm, pigeon: Pigeon, at: datetime
) -> None:
    made = storm(3)
    fates = {
        made[0].message_id: passing_failure("Fog"),
        made[1].message_id: delivered("Coo", acknowledged=True, by="Alice"),
    }

    def carry(parcel: Parcel) -> Outcome:
        return fates.get(parcel.message_id, delivered("Coo"))

    pigeon.send = carry  # type: ignore[method-assign]
    send(made, at)
    states = [Delivery.objects.get(pk=each.pk).state for each in made]
    assert states == [
        DeliveryState.RETRYING,
        DeliveryState.DELIVERED,
        DeliveryState.DELIVERED,
    ]
    statuses = [Message.objects.get(pk=each.message_id).status for each in made]
    assert statuses == [
        MessageStatus.NEW,
        MessageStatus.ACKNOWLEDGED,
        MessageStatus.DELIVERED,
    ]


def test_what_is_acknowledged_is_stopped_and_others_hands_are_left_alone(
    storm: Storm, pigeon: Pigeon, at: datetime
) -> None:
    made = storm(3)
    acknowledge(message=made[0].message, by="Rita", at=at, through="portal")
    Delivery.objects.filter(pk=made[0].pk).update(state=DeliveryState.QUEUED)
    Delivery.objects.filter(pk=made[1].pk).update(
        state=DeliveryState.SENDING, claimed_at=at, tries=1
    )
    before = queued("delivery.send")
    send(made, at)
    states = [Delivery.objects.get(pk=each.pk).state for each in made]
    assert states == [DeliveryState.STOPPED, DeliveryState.SENDING, DeliveryState.DELIVERED]
    assert len(pigeon.parcels) == 1
    assert queued("delivery.send") == before + 1  # somebody may have died over it


def test_one_that_hangs_keeps_no_other_waiting(
    storm: Storm, pigeon: Pigeon, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = storm(3)
    release, order = threading.Event(), []
    monkeypatch.setattr(courier, "_TOGETHER", 0.01)
    real = courier.Handover.__init__

    def hurried(self: Any, **_: Any) -> None:
        real(self, limit=timedelta(seconds=0.3))

    monkeypatch.setattr(courier.Handover, "__init__", hurried)

    def carry(parcel: Parcel) -> Outcome:
        if parcel.message_id == made[0].message_id:
            release.wait(10)
        return delivered("Coo")

    pigeon.send = carry  # type: ignore[method-assign]
    keep_many = results.keep_many

    def watched(outcomes: list[tuple[Delivery, Outcome]], *, at: datetime) -> None:
        keep_many(outcomes, at=at)
        order.append(sorted(delivery.pk for delivery, _ in outcomes))

    monkeypatch.setattr(results, "keep_many", watched)
    send(made, at)
    release.set()
    assert [pk for part in order for pk in part][-1] == made[0].pk
    hung = Delivery.objects.get(pk=made[0].pk)
    assert (hung.state, hung.answer) == (DeliveryState.RETRYING, "No answer within 0.3 s")
    assert hung.sent_again
    assert {Delivery.objects.get(pk=each.pk).state for each in made[1:]} == {"delivered"}
    kinds = activities_of(hung.message).values_list("kind", flat=True)
    assert list(kinds) == [ActivityKind.TAKEN, ActivityKind.RETRY]


def test_a_method_with_a_limit_has_its_storm_bundled(
    acme: Account, method: DeliveryMethod, at: datetime
) -> None:
    """All at one instant: so many go at once, the others together."""
    method.limit = 4
    method.save()
    orders = [
        Order(take(account_id=acme.pk, taken=Taken("Storm"), at=at), [method], None, "Days", 1)
        for _ in range(12)
    ]
    already = Delivery.objects.count()
    made = deliver_many(orders, at=at)
    at_once = [each for each in made if each.bundle is None]
    assert len(at_once) == max(4 - already, 0)
