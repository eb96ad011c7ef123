"""What a delivery goes through: made, sent, tried again, given up, stopped, found again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from deskbell.accounts.models import Account
from deskbell.contacts.actions import remove_method
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery import actions, queries, results
from deskbell.delivery.actions import sending
from deskbell.delivery.hooks import DeliveryEvent
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.delivery.parcels import parcel_of
from deskbell.delivery.tests.cases import SECONDS, claim, fresh, jobs_of, make, texts
from deskbell.delivery.tests.example import Pigeon
from deskbell.delivery.transport import (
    Outcome,
    Parcel,
    delivered,
    lasting_failure,
    passing_failure,
)
from deskbell.foundation.errors import InvalidInput
from deskbell.messages.actions import acknowledge
from deskbell.messages.models import Message, MessageStatus
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.usefixtures("scope", "failures")


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


def test_passing_failures_are_tried_again_with_growing_waits_and_shown(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    delivery = make(message, method, at)
    waits = []
    now, tries = at, 0
    while (state := fresh(delivery)).state != DeliveryState.FAILED:
        pigeon.outcomes = [passing_failure("Fog")]
        now = state.next_try_at or now
        actions.send(delivery_id=delivery.pk, at=now)
        tries += 1
        if (after := fresh(delivery)).next_try_at:
            assert after.state == DeliveryState.RETRYING
            waits.append(round((after.next_try_at - now).total_seconds()))
            assert max(jobs_of(delivery)) == pytest.approx(waits[-1], abs=2)
    assert waits == [5, 15, 45, 120, 300, 600, 900, 900]
    assert tries == len(waits) + 1
    assert len({parcel.idempotency_key for parcel in pigeon.parcels}) == 1
    told = texts(message)
    assert "Pigeon to Alice did not go out: Fog. Next try in 5 s" in told
    assert "Pigeon to Alice did not go out: Fog. Next try in 2 minutes" in told
    assert told[-1] == "Pigeon to Alice gave up after 9 tries: Fog"


def test_the_wait_that_the_other_side_asks_for_is_kept(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    delivery = make(message, method, at)
    pigeon.outcomes = [passing_failure("Storm", retry_after=90 * SECONDS)]
    actions.send(delivery_id=delivery.pk, at=at)
    assert fresh(delivery).next_try_at == pytest.approx(at + 90 * SECONDS, abs=SECONDS)


def test_a_lasting_failure_is_final_and_told_to_the_rooms_above(
    message: Message,
    method: DeliveryMethod,
    pigeon: Pigeon,
    failures: list[DeliveryEvent],
    at: datetime,
) -> None:
    one, two = make(message, method, at), make(message, method, at)
    pigeon.outcomes = [lasting_failure("No such tower"), lasting_failure("No such tower")]
    actions.send(delivery_id=one.pk, at=at)
    assert not queries.all_failed(message.pk, 7, 1)
    actions.send(delivery_id=two.pk, at=at)
    assert queries.all_failed(message.pk, 7, 1)
    assert not queries.all_failed(message.pk, 7, 2)
    assert [event.delivery_id for event in failures] == [one.pk, two.pk]
    assert (failures[0].level_id, failures[0].attempt) == (7, 1)
    assert texts(message)[-1] == "Pigeon to Alice failed: No such tower"
    actions.send(delivery_id=one.pk, at=at + 60 * SECONDS)
    assert len(pigeon.parcels) == 2


def test_acknowledging_stops_what_was_not_sent_yet(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    queued, retrying = make(message, method, at), make(message, method, at)
    pigeon.outcomes = [passing_failure("Fog")]
    actions.send(delivery_id=retrying.pk, at=at)
    acknowledge(message=message, by="Bob", at=at + SECONDS, through="portal")
    for delivery in (queued, retrying):
        stopped = fresh(delivery)
        assert (stopped.state, stopped.finished_at) == (DeliveryState.STOPPED, at + SECONDS)
        actions.send(delivery_id=delivery.pk, at=at + 60 * SECONDS)
    assert len(pigeon.parcels) == 1


def test_a_delivery_made_just_before_an_acknowledgement_is_not_sent_after_it(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    acknowledge(message=message, by="Bob", at=at, through="portal")
    late = make(message, method, at)
    actions.send(delivery_id=late.pk, at=at)
    assert (fresh(late).state, pigeon.parcels) == (DeliveryState.STOPPED, [])


def test_a_failure_known_after_the_acknowledgement_is_not_tried_again(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    delivery = make(message, method, at)

    def meanwhile(parcel: Parcel) -> Outcome:
        # As the portal would, between the claim and the result.
        acknowledge(message=message, by="Bob", at=at, through="portal")
        return passing_failure("Fog")

    claimed = claim(delivery, at)
    results.keep(claimed, meanwhile(parcel_of(claimed, sent_at=at)), at=at)
    assert fresh(delivery).state == DeliveryState.STOPPED


def test_an_answer_can_acknowledge(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    pigeon.outcomes = [
        delivered("Yes", acknowledged=True, by="Rita at the gate"),
        delivered("Yes", acknowledged=True),
    ]
    first, second = make(message, method, at), make(message, method, at)
    claimed = claim(second, at)  # in another worker's hands at the same instant
    actions.send(delivery_id=first.pk, at=at)
    message.refresh_from_db()
    assert (message.acknowledged_by, message.acknowledged_from) == ("Rita at the gate", "pigeon")
    results.keep(claimed, pigeon.outcomes.pop(), at=at)
    message.refresh_from_db()
    assert message.acknowledged_by == "Rita at the gate"
    assert texts(message)[-1] == "Alice acknowledged too; Rita at the gate was first"
    assert fresh(second).state == DeliveryState.DELIVERED


def test_what_cannot_be_kept_as_it_was_said_is_kept_all_the_same(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    delivery = make(message, method, at)
    odd = "O\x00K\ud800\n"
    pigeon.outcomes = [delivered(odd, provider_id=odd * 99, acknowledged=True, by=odd)]
    actions.send(delivery_id=delivery.pk, at=at)
    done = fresh(delivery)
    assert (done.state, done.answer, len(done.provider_id)) == ("delivered", "O K", 200)
    message.refresh_from_db()
    assert message.acknowledged_by == "O K"


def test_a_delivery_whose_worker_died_is_sent_again_with_its_key_and_says_so(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    delivery = make(message, method, at)
    claim(delivery, at)  # and then the worker is killed
    actions.send(delivery_id=delivery.pk, at=at + 5 * SECONDS)
    assert pigeon.parcels == []
    # The queue's second try of the job came early: another look waits for the claim to be stale.
    assert sorted(jobs_of(delivery))[-1] == pytest.approx(15, abs=2)
    actions.send(delivery_id=delivery.pk, at=at + 20 * SECONDS)
    [parcel] = pigeon.parcels
    assert parcel.idempotency_key == str(delivery.idempotency_key)
    done = fresh(delivery)
    assert (done.state, done.tries, done.sent_again) == (DeliveryState.DELIVERED, 2, True)
    assert texts(message)[-1].endswith("delivered (sent again, it may have arrived twice)")


def test_the_watchdog_finds_what_does_not_move_and_queues_it_once(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    claimed, queued, retrying, moving = (make(message, method, at) for _ in range(4))
    assert sending._claim(claimed.pk, at)
    pigeon.outcomes = [passing_failure("Fog")]
    actions.send(delivery_id=retrying.pk, at=at)
    actions.send(delivery_id=moving.pk, at=at)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pgqueuer")
    assert actions.recover(at + 19 * SECONDS) == 0
    assert actions.recover(at + 40 * SECONDS) == 3
    assert actions.recover(at + 41 * SECONDS) == 0  # their jobs only wait their turn now
    assert [len(jobs_of(each)) for each in (claimed, queued, retrying, moving)] == [1, 1, 1, 0]


def test_a_result_that_comes_after_another_worker_took_over_changes_nothing(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    delivery = make(message, method, at)
    slow = claim(delivery, at)
    actions.send(delivery_id=delivery.pk, at=at + 30 * SECONDS)
    results.keep(slow, lasting_failure("Lost"), at=at + 31 * SECONDS)
    assert fresh(delivery).state == DeliveryState.DELIVERED
    results.keep(slow, delivered("Late"), at=at + 31 * SECONDS)
    assert fresh(delivery).answer == "It came back"


def test_a_method_that_was_removed_or_is_unknown_fails_at_once(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    removed = make(message, method, at)
    unknown = make(message, method, at)
    Delivery.objects.filter(pk=unknown.pk).update(kind="telegram")
    actions.send(delivery_id=unknown.pk, at=at)
    remove_method(method=method)
    actions.send(delivery_id=removed.pk, at=at)
    assert fresh(unknown).answer == "There is no way to deliver called 'telegram'"
    gone = fresh(removed)
    assert (gone.state, gone.answer) == (DeliveryState.FAILED, "This delivery method was removed")
    assert (gone.address, gone.contact_name) == ("north tower", "Alice")


def test_a_checked_method_has_a_good_address_and_a_secret(
    method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    added = actions.add_checked_method(
        contact=method.contact, kind="pigeon", address=" south tower ", at=at
    )
    assert added.address == "south tower"
    assert len(added.secret) > 40
    with pytest.raises(InvalidInput, match=r"flies to a tower"):
        actions.add_checked_method(contact=method.contact, kind="pigeon", address="?", at=at)
    with pytest.raises(InvalidInput, match=r"called 'owl'; there is .*email.*pigeon"):
        actions.add_checked_method(contact=method.contact, kind="owl", address="?", at=at)


def test_a_claim_must_be_seen_by_others_before_anything_is_sent(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    delivery = make(message, method, at)
    with transaction.atomic(), pytest.raises(RuntimeError, match=r"durable"):
        actions.send(delivery_id=delivery.pk, at=at)
    assert pigeon.parcels == []


def test_another_account_cannot_send_it(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, other: Account, at: datetime
) -> None:
    delivery = make(message, method, at)
    with account_scope(other.pk):
        actions.send(delivery_id=delivery.pk, at=at)
    assert (pigeon.parcels, fresh(delivery).state) == ([], DeliveryState.QUEUED)


def statements(work: Callable[[], object]) -> list[str]:
    """What a piece of work asks the database, without what begins and ends transactions."""
    with CaptureQueriesContext(connection) as seen:
        work()
    every = [str(each["sql"]) for each in seen.captured_queries]
    return [sql for sql in every if not sql.startswith(("SAVEPOINT", "RELEASE"))]


def test_a_delivery_costs_few_statements(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    made: list[Delivery] = []
    assert len(statements(lambda: made.append(make(message, method, at)))) == 2  # and its job
    first = partial(actions.send, delivery_id=made[0].pk, at=at)
    assert len(statements(first)) == 2 + 8  # one asks who wants to be told
    another = make(message, method, at)
    assert len(statements(partial(actions.send, delivery_id=another.pk, at=at))) == 2 + 7


def test_hundreds_are_made_in_as_few_statements_as_one(
    message: Message, method: DeliveryMethod, at: datetime
) -> None:
    order = actions.Order(message, [method] * 300, 7, "Days", 1)
    assert len(statements(lambda: actions.deliver_many([order], at=at))) == 2
