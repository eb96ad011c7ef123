"""Two at the same instant: one delivery goes out once, and an acknowledgement always stands."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import connections

from deskbell.accounts.models import Account
from deskbell.contacts.actions import add_contact, add_method, remove_contact
from deskbell.delivery import actions, hooks
from deskbell.delivery.actions import sending as tries
from deskbell.delivery.hooks import DeliveryEvent
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.delivery.queries import all_failed
from deskbell.delivery.tests.example import Pigeon
from deskbell.delivery.transport import lasting_failure
from deskbell.foundation.errors import Conflict
from deskbell.messages.actions import Taken, acknowledge, take
from deskbell.messages.models import Message, MessageStatus
from deskbell.platform.tenancy import account_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("scope")]


def make(acme: Account, at: datetime, count: int) -> list[Delivery]:
    message = take(account_id=acme.pk, taken=Taken(content="The pump is broken"), at=at)
    contact = add_contact(account_id=acme.pk, name="Alice", at=at)
    method = add_method(contact=contact, kind="pigeon", address="north tower", at=at)
    return actions.deliver(
        message=message, methods=[method] * count, level_id=7, level_name="Days", attempt=1, at=at
    )


def together(account: Account, *work: Callable[[], object]) -> None:
    """Runs each in a thread of its own, all at once. Raises what one of them raised."""
    start = threading.Barrier(len(work))
    raised: list[Exception] = []

    def run(each: Callable[[], object]) -> None:
        try:
            with account_scope(account.pk):
                start.wait()
                each()
        except Exception as error:  # noqa: BLE001 raised again below, in the test's own thread
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


def sending(delivery: Delivery, at: datetime) -> Callable[[], None]:
    return partial(actions.send, delivery_id=delivery.pk, at=at)


def test_two_workers_at_one_delivery_send_it_once(
    acme: Account, pigeon: Pigeon, at: datetime
) -> None:
    for delivery in make(acme, at, 5):
        together(acme, *[sending(delivery, at)] * 3)
    assert len(pigeon.parcels) == 5
    assert set(Delivery.objects.values_list("state", "tries")) == {(DeliveryState.DELIVERED, 1)}


@pytest.mark.parametrize("_again", range(8))
def test_an_acknowledgement_and_tries_at_once_never_lose_either(
    acme: Account, pigeon: Pigeon, at: datetime, _again: int
) -> None:
    made = make(acme, at, 3)
    message = made[0].message
    answer = partial(acknowledge, message=message, by="Bob", at=at, through="portal")
    together(acme, answer, *(sending(delivery, at) for delivery in made))
    states = list(Delivery.objects.values_list("state", flat=True))
    assert states.count(DeliveryState.DELIVERED) == len(pigeon.parcels)
    assert states.count(DeliveryState.STOPPED) == 3 - len(pigeon.parcels)
    assert Message.objects.get(pk=message.pk).status == MessageStatus.ACKNOWLEDGED


def test_of_failures_at_the_same_instant_exactly_one_is_told_that_it_is_the_last(
    acme: Account, pigeon: Pigeon, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    last: list[bool] = []

    def told(event: DeliveryEvent) -> None:
        last.append(all_failed(event.message_id, event.level_id, event.attempt))

    monkeypatch.setattr(hooks.delivery_failed, "_handlers", [told])
    pigeon.outcomes = [lasting_failure("No such tower")] * 4
    made = make(acme, at, 4)
    together(acme, *(sending(delivery, at) for delivery in made))
    assert sorted(last) == [False, False, False, True]


def test_the_watchdog_and_a_late_worker_at_once_send_it_once_more(
    acme: Account, pigeon: Pigeon, at: datetime
) -> None:
    [delivery] = make(acme, at, 1)
    assert tries._claim(delivery.pk, at)
    later = at + timedelta(seconds=30)
    again = sending(delivery, later)
    together(acme, partial(actions.recover, later), again, again)
    assert len(pigeon.parcels) == 1


@pytest.mark.parametrize("_again", range(4))
def test_an_acknowledgement_and_a_forward_at_once_both_happen(
    acme: Account, pigeon: Pigeon, at: datetime, _again: int
) -> None:
    [made] = make(acme, at, 1)
    message, method = made.message, made.method
    assert method
    answer = partial(acknowledge, message=message, by="Bob", at=at, through="portal")
    forward = partial(actions.forward, message=message, methods=[method], by="Rita", at=at)
    together(acme, answer, forward)
    forwarded = Delivery.objects.get(forwarded_by="Rita")
    actions.send(delivery_id=forwarded.pk, at=at)
    assert len(pigeon.parcels) == 1
    assert Message.objects.get(pk=message.pk).status == MessageStatus.ACKNOWLEDGED


@pytest.mark.parametrize("_again", range(4))
def test_of_two_forwards_at_once_one_goes_out(
    acme: Account, pigeon: Pigeon, at: datetime, _again: int
) -> None:
    [made] = make(acme, at, 1)
    assert made.method
    forward = partial(
        actions.forward, message=made.message, methods=[made.method], by="Rita", at=at
    )
    with pytest.raises(Conflict):
        together(acme, forward, forward)
    assert Delivery.objects.filter(forwarded_by="Rita").count() == 1


@pytest.mark.parametrize("_again", range(4))
def test_a_forward_and_the_end_of_its_contact_at_once_leave_nothing_half(
    acme: Account, pigeon: Pigeon, at: datetime, _again: int
) -> None:
    [made] = make(acme, at, 1)
    method = made.method
    assert method

    def forward() -> None:
        with suppress(Conflict):
            actions.forward(message=made.message, methods=[method], by="Rita", at=at)

    together(acme, forward, partial(remove_contact, contact=method.contact))
    for each in Delivery.objects.filter(forwarded_by="Rita"):
        assert each.method is None
