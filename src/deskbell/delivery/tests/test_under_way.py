"""What takes longer than a request: under way, reported, lost, called back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from deskbell.accounts.models import Account
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery import actions, queries, results
from deskbell.delivery.hooks import DeliveryEvent
from deskbell.delivery.models import Delivery, DeliveryState, Try
from deskbell.delivery.tests.cases import (
    SECONDS,
    claim,
    fresh,
    jobs_of,
    make,
    queued,
    send,
    take_message,
    texts,
)
from deskbell.delivery.tests.example import Pigeon
from deskbell.delivery.transport import (
    Outcome,
    delivered,
    lasting_failure,
    passing_failure,
    unanswered,
    under_way,
)
from deskbell.messages.actions import acknowledge
from deskbell.messages.models import Message, MessageStatus

pytestmark = pytest.mark.usefixtures("scope", "failures")
FLIES = under_way("It flies", provider_id="CA1", within=180 * SECONDS)


def report(delivery: Delivery, outcome: Outcome, at: datetime, provider_id: str = "CA1") -> None:
    actions.report(delivery_id=delivery.pk, outcome=outcome, at=at, provider_id=provider_id)


@pytest.fixture
def flying(message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime) -> Delivery:
    pigeon.outcomes = [FLIES]
    return send(make(message, method, at), at)


def test_what_is_under_way_waits_for_its_report(
    flying: Delivery, message: Message, pigeon: Pigeon, at: datetime
) -> None:
    assert (flying.state, flying.provider_id) == (DeliveryState.UNDER_WAY, "CA1")
    assert flying.deadline_at == pytest.approx(at + 180 * SECONDS, abs=SECONDS)
    assert max(jobs_of(flying)) == pytest.approx(180, abs=2)
    send(flying, at + 30 * SECONDS)
    assert len(pigeon.parcels) == 1
    report(flying, delivered("It landed"), at + 40 * SECONDS)
    done = fresh(flying)
    assert (done.state, done.answer, done.deadline_at) == ("delivered", "It landed", None)
    message.refresh_from_db()
    assert message.status == MessageStatus.DELIVERED
    assert texts(message)[-1] == "Pigeon to Alice delivered"
    send(flying, at + 180 * SECONDS)
    assert len(pigeon.parcels) == 1


def test_nobody_took_it_is_final_and_no_failure(
    flying: Delivery, message: Message, failures: list[DeliveryEvent], at: datetime
) -> None:
    report(flying, unanswered("Nobody picked up"), at + 20 * SECONDS)
    assert fresh(flying).state == DeliveryState.UNANSWERED
    assert failures == []
    assert not queries.all_failed(message.pk, 7, 1)
    assert texts(message)[-1] == "Pigeon to Alice not answered: Nobody picked up"


def test_a_report_of_a_passing_failure_has_it_tried_again(
    flying: Delivery, pigeon: Pigeon, at: datetime
) -> None:
    busy = passing_failure("Busy", retry_after=60 * SECONDS)
    report(flying, busy, at + 10 * SECONDS)
    again = fresh(flying)
    assert (again.state, again.sent_again) == (DeliveryState.RETRYING, False)
    assert again.next_try_at == at + 70 * SECONDS
    assert 60 in [round(wait) for wait in jobs_of(flying)]
    assert send(flying, at + 70 * SECONDS).state == DeliveryState.DELIVERED


def test_a_lasting_failure_is_told_upwards(
    flying: Delivery, failures: list[DeliveryEvent], at: datetime
) -> None:
    report(flying, lasting_failure("No such tower"), at + 10 * SECONDS)
    assert fresh(flying).state == DeliveryState.FAILED
    assert [event.delivery_id for event in failures] == [flying.pk]


@pytest.mark.parametrize(
    "outcome", [delivered("Yes"), unanswered("No"), lasting_failure("Never"), passing_failure("Eh")]
)
def test_a_report_that_comes_twice_counts_once(
    flying: Delivery, message: Message, outcome: Outcome, at: datetime
) -> None:
    report(flying, outcome, at + 10 * SECONDS)
    once = (fresh(flying), texts(message), list(Try.objects.values_list("fate", "answer")))
    report(flying, outcome, at + 11 * SECONDS)
    twice = (fresh(flying), texts(message), list(Try.objects.values_list("fate", "answer")))
    assert once == twice
    assert once[0].state == twice[0].state


def test_a_report_may_come_before_the_request_has_come_back(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    for outcome, state in (
        (delivered("Picked up"), DeliveryState.DELIVERED),
        (unanswered("Rang out"), DeliveryState.UNANSWERED),
        (passing_failure("Busy"), DeliveryState.RETRYING),
    ):
        claimed = claim(make(message, method, at), at)
        report(claimed, outcome, at + SECONDS)
        results.keep(claimed, FLIES, at=at + 2 * SECONDS)
        kept = fresh(claimed)
        assert (kept.state, kept.provider_id) == (state, "CA1")
        assert Try.objects.filter(delivery=claimed).count() == 1


def test_a_report_for_a_delivery_that_is_gone_does_no_harm(flying: Delivery, at: datetime) -> None:
    flying.delete()
    actions.report(delivery_id=987654, outcome=delivered("Yes"), at=at)


def test_no_word_until_the_deadline_counts_as_lost_and_is_tried_again(
    flying: Delivery, message: Message, pigeon: Pigeon, at: datetime
) -> None:
    late = at + 181 * SECONDS
    lost = send(flying, late)
    assert (lost.state, lost.sent_again) == (DeliveryState.RETRYING, True)
    assert lost.next_try_at == late + 5 * SECONDS
    done = send(flying, late + 5 * SECONDS)
    assert (done.state, done.tries) == (DeliveryState.DELIVERED, 2)
    assert pigeon.parcels[0].idempotency_key == pigeon.parcels[1].idempotency_key
    assert texts(message)[-1].endswith("(sent again, it may have arrived twice)")
    first, second = Try.objects.filter(delivery=flying).order_by("number")
    assert (first.fate, first.provider_id) == ("passing", "CA1")
    assert first.answer == "No word came of what became of it"
    assert second.fate == "delivered"


def test_the_watchdog_finds_what_was_lost(flying: Delivery, at: datetime) -> None:
    assert actions.recover(at + 179 * SECONDS) == 0
    assert actions.recover(at + 181 * SECONDS) == 1
    assert actions.recover(at + 181 * SECONDS) == 0


def test_a_late_report_of_an_earlier_try_ends_only_what_it_ends_well(
    flying: Delivery, pigeon: Pigeon, at: datetime
) -> None:
    later = at + 190 * SECONDS
    send(flying, at + 181 * SECONDS)
    pigeon.outcomes = [under_way("It flies", provider_id="CA2", within=180 * SECONDS)]
    assert send(flying, later).provider_id == "CA2"
    report(flying, unanswered("Rang out"), later, "CA1")
    assert fresh(flying).state == DeliveryState.UNDER_WAY
    report(flying, delivered("Picked up after all"), later, "CA1")
    assert fresh(flying).state == DeliveryState.DELIVERED
    report(flying, unanswered("Rang out"), later, "CA2")
    assert fresh(flying).state == DeliveryState.DELIVERED


def test_a_report_says_who_acknowledged(flying: Delivery, message: Message, at: datetime) -> None:
    report(flying, delivered("Key 1", acknowledged=True), at + 5 * SECONDS)
    message.refresh_from_db()
    assert (message.acknowledged_by, message.acknowledged_from) == ("Alice", "pigeon")


def test_an_acknowledgement_calls_back_what_is_under_way(
    flying: Delivery, message: Message, pigeon: Pigeon, at: datetime
) -> None:
    acknowledge(message=message, by="Bob", at=at + SECONDS, through="portal")
    [(given, _)] = queued("delivery.recall")
    actions.recall(delivery_id=given["delivery_id"], at=at + SECONDS)
    [(parcel, provider_id)] = pigeon.recalled
    assert (parcel.delivery_id, provider_id) == (flying.pk, "CA1")
    report(flying, unanswered("Called back"), at + 2 * SECONDS)
    assert fresh(flying).state == DeliveryState.STOPPED
    actions.recall(delivery_id=flying.pk, at=at + 3 * SECONDS)
    assert len(pigeon.recalled) == 1


def test_what_sets_out_while_it_is_acknowledged_is_called_back_too(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    claimed = claim(make(message, method, at), at)
    acknowledge(message=message, by="Bob", at=at + SECONDS, through="portal")
    assert queued("delivery.recall") == []
    results.keep(claimed, FLIES, at=at + 2 * SECONDS)
    assert len(queued("delivery.recall")) == 1
    send(claimed, at + 200 * SECONDS)
    assert (fresh(claimed).state, pigeon.parcels) == (DeliveryState.STOPPED, [])


def test_a_recall_that_fails_is_written_down_and_no_more(
    flying: Delivery,
    message: Message,
    pigeon: Pigeon,
    at: datetime,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*args: object) -> None:
        raise OSError("the gateway is gone")

    monkeypatch.setattr(pigeon, "recall", fail)
    acknowledge(message=message, by="Bob", at=at + SECONDS, through="portal")
    actions.recall(delivery_id=flying.pk, at=at + SECONDS)
    assert "The pigeon transport raised" in caplog.text


def test_what_never_gets_a_word_is_given_up_after_an_hour(
    message: Message,
    method: DeliveryMethod,
    pigeon: Pigeon,
    failures: list[DeliveryEvent],
    at: datetime,
) -> None:
    pigeon.outcomes = [FLIES] * 50
    delivery, now = make(message, method, at), at
    while (seen := send(delivery, now)).state != DeliveryState.FAILED:
        now = seen.deadline_at or seen.next_try_at or now
    assert timedelta(minutes=30) < now - at < timedelta(hours=1, minutes=5)
    assert len(failures) == 1
    assert texts(message)[-1].endswith("No word came of what became of it")


def test_a_mail_that_comes_back_after_it_was_taken_fails(
    message: Message,
    method: DeliveryMethod,
    pigeon: Pigeon,
    failures: list[DeliveryEvent],
    at: datetime,
) -> None:
    delivery = send(make(message, method, at), at)
    back: Callable[[], None] = lambda: actions.correct(  # noqa: E731 said twice below
        delivery_id=delivery.pk, outcome=lasting_failure("No such mailbox"), at=at + 60 * SECONDS
    )
    back()
    assert fresh(delivery).state == DeliveryState.FAILED
    assert [event.delivery_id for event in failures] == [delivery.pk]
    assert texts(message)[-1] == "Pigeon to Alice came back: No such mailbox"
    back()
    assert len(failures) == 1


def test_a_mailbox_that_took_it_says_so_in_the_proof(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    delivery = send(make(message, method, at), at)
    actions.correct(delivery_id=delivery.pk, outcome=delivered("In the mailbox"), at=at)
    assert (fresh(delivery).answer, fresh(delivery).state) == ("In the mailbox", "delivered")
    [only] = Try.objects.filter(delivery=delivery)
    assert only.answer == "In the mailbox"


def test_words_of_another_account_change_nothing(
    flying: Delivery, other: Account, at: datetime
) -> None:
    from deskbell.platform.tenancy import account_scope

    with account_scope(other.pk):
        take_message(other.pk, at)
        report(flying, delivered("Yes"), at)
    assert fresh(flying).state == DeliveryState.UNDER_WAY


def test_a_mail_may_come_back_before_its_request_has(
    message: Message, method: DeliveryMethod, failures: list[DeliveryEvent], at: datetime
) -> None:
    claimed = claim(make(message, method, at), at)
    actions.correct(delivery_id=claimed.pk, outcome=lasting_failure("No such mailbox"), at=at)
    results.keep(claimed, delivered("Taken"), at=at + SECONDS)
    assert fresh(claimed).state == DeliveryState.FAILED
    assert len(failures) == 1
