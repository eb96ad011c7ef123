"""Payments: once for a click, settled by what the provider says, whenever it says it."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from deskbell.accounts.models import Account, User
from deskbell.billing import actions
from deskbell.billing.hooks import PaymentEvent
from deskbell.billing.jobs import payments as jobs
from deskbell.billing.models import (
    Method,
    Payment,
    PaymentState,
    ProviderEvent,
)
from deskbell.billing.providers import (
    BankNumbers,
    CardNumbers,
    Event,
    Means,
    Outcome,
    ProviderTrouble,
)
from deskbell.billing.providers.sandbox import RETURNS_AFTER, SETTLES_AFTER, Sandbox
from deskbell.billing.queries.balances import balance
from deskbell.foundation.errors import Conflict, InvalidInput, NotFound, OutOfScope
from deskbell.platform.tenancy import account_scope, system_scope

from .paying import (
    BANK,
    BOUNCES,
    CARD,
    DECLINED,
    Answer,
    agreed,
    answer_with,
    queued,
    start,
)

pytestmark = pytest.mark.usefixtures("sandbox_clock")


def test_a_card_pays_with_its_fee(house: Account, at: datetime, heard: list[PaymentEvent]) -> None:
    payment = start(house, at)
    assert (payment.cents, payment.fee_cents, payment.total_cents) == (2500, 38, 2538)
    actions.carry_out(payment, at=at)
    assert payment.state == PaymentState.SUCCEEDED
    assert payment.ended_at == at
    assert [(each.before, each.after) for each in heard] == [("started", "succeeded")]
    assert balance(house) == -2500


def test_a_declined_card_says_why_and_counts_for_nothing(house: Account, at: datetime) -> None:
    payment = start(house, at, DECLINED)
    actions.carry_out(payment, at=at)
    assert (payment.state, balance(house)) == (PaymentState.FAILED, 0)
    assert "declined" in payment.words


@pytest.mark.parametrize(
    ("means", "wait", "state", "left"),
    [
        (BANK, SETTLES_AFTER, PaymentState.SUCCEEDED, -2500),
        (BOUNCES, RETURNS_AFTER, PaymentState.RETURNED, 0),
    ],
)
def test_a_bank_account_is_under_way_until_the_bank_says(
    house: Account,
    at: datetime,
    sandbox_clock: list[datetime],
    means: Means,
    wait: timedelta,
    state: PaymentState,
    left: int,
) -> None:
    payment = start(house, at, means)
    actions.carry_out(payment, at=at)
    assert (payment.state, payment.fee_cents) == (PaymentState.PROCESSING, 0)
    assert balance(house) == -2500  # nobody is asked for it twice meanwhile
    sandbox_clock[0] = at + wait
    actions.refresh(payment, sandbox_clock[0])
    assert (payment.state, balance(house)) == (state, left)


def test_a_second_click_is_the_first_ones_payment(
    house: Account, other: Account, at: datetime
) -> None:
    first = start(house, at)
    second, is_new = actions.start_payment(
        account=house,
        means=CARD,
        provider="sandbox",
        cents=9999,
        once="click",
        agreed=agreed(at),
        by=None,
        at=at,
    )
    assert (second.pk, is_new, second.cents) == (first.pk, False, 2500)
    with account_scope(other.pk), pytest.raises(Conflict):
        start(other, at)


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_once_one_takes_the_money(acme: Account, at: datetime) -> None:
    made: list[bool] = []
    ready = threading.Barrier(2)

    def click() -> None:
        try:
            with account_scope(acme.pk):
                ready.wait(10)
                payment, is_new = actions.start_payment(
                    account=acme,
                    means=CARD,
                    provider="sandbox",
                    cents=100,
                    once="both",
                    agreed=agreed(at),
                    by=None,
                    at=at,
                )
                if is_new:
                    actions.carry_out(payment, at=at)
                made.append(is_new)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(made) == [False, True]
    with account_scope(acme.pk):
        assert Payment.objects.count() == 1


def test_an_answer_that_was_lost_is_asked_for_again_with_the_same_order(
    house: Account, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    trouble = ProviderTrouble("It did not answer", may_have_happened=True)
    paid = Outcome(PaymentState.SUCCEEDED, "py_1")
    told = answer_with(monkeypatch, trouble, trouble, paid)
    payment = start(house, at)
    actions.carry_out(payment, at=at)
    assert payment.state == PaymentState.STARTED
    assert queued() == {f"payment-{payment.pk}"}
    assert actions.refresh(payment, at) is None
    actions.refresh(payment, at)
    assert payment.state == PaymentState.SUCCEEDED
    assert told.orders[0] == told.orders[1] == told.orders[2]


@pytest.mark.parametrize(
    ("hours", "found", "state"),
    [
        (21, Outcome(PaymentState.SUCCEEDED, "py_1"), PaymentState.STARTED),
        (25, Outcome(PaymentState.SUCCEEDED, "py_1"), PaymentState.SUCCEEDED),
        (25, ProviderTrouble("It did not answer", may_have_happened=True), PaymentState.STARTED),
        (25, None, PaymentState.FAILED),
    ],
)
def test_an_order_without_an_answer_is_not_given_again_after_a_day_but_looked_for(
    house: Account,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
    hours: int,
    found: Answer,
    state: PaymentState,
) -> None:
    told = answer_with(monkeypatch, found)
    payment = start(house, at)
    actions.refresh(payment, at + timedelta(hours=hours))
    assert (payment.state, told.orders) == (state, [])
    assert bool(payment.words) == (state == PaymentState.FAILED)


def test_trouble_before_any_money_moved_is_a_failure(
    house: Account, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_with(monkeypatch, ProviderTrouble("It is closed", may_have_happened=False))
    payment = start(house, at)
    actions.carry_out(payment, at=at)
    assert (payment.state, payment.words) == (PaymentState.FAILED, "It is closed")


def happened(event_id: str, about: str = "py_1", **facts: Any) -> Event:
    return Event(event_id, "payment.changed", about, None, facts)


def test_events_may_come_twice_late_and_out_of_order(
    house: Account, at: datetime, monkeypatch: pytest.MonkeyPatch, heard: list[PaymentEvent]
) -> None:
    paid = Outcome(PaymentState.SUCCEEDED, "py_1")
    back = Outcome(PaymentState.RETURNED, "py_1", "R01: not enough money")
    answer_with(monkeypatch, paid, paid, back, paid)
    payment = start(house, at)
    actions.carry_out(payment, at=at)
    assert actions.take_event("sandbox", happened("1"), at).words == "Nothing new."
    actions.take_event("sandbox", happened("1"), at)  # twice: the provider is not asked again
    assert actions.take_event("sandbox", happened("2"), at).words == "succeeded → returned"
    actions.take_event("sandbox", happened("0"), at)  # late: what it says is past
    payment.refresh_from_db()
    assert (payment.state, payment.words) == (PaymentState.RETURNED, "R01: not enough money")
    assert [each.after for each in heard] == ["succeeded", "returned"]
    assert ProviderEvent.objects.count() == 3


def test_an_event_before_the_answer_finds_its_payment_by_our_reference(
    house: Account, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_with(monkeypatch, Outcome(PaymentState.SUCCEEDED, "py_9"))
    payment = start(house, at)
    actions.take_event("sandbox", happened("1", "py_9", reference=str(payment.reference)), at)
    payment.refresh_from_db()
    assert (payment.state, payment.provider_id) == (PaymentState.SUCCEEDED, "py_9")


def test_an_event_about_nothing_of_ours_is_kept_and_does_nothing(db: None, at: datetime) -> None:
    kept = actions.take_event("sandbox", happened("1", "py_elsewhere"), at)
    assert (kept.words, kept.done_at) == ("No payment of ours.", at)


@pytest.mark.parametrize(
    ("refunded", "state", "left"),
    [(500, PaymentState.SUCCEEDED, -2000), (2538, PaymentState.REFUNDED, 0)],
)
def test_what_is_given_back_counts_no_more(
    house: Account, at: datetime, refunded: int, state: PaymentState, left: int
) -> None:
    payment = start(house, at)
    actions.carry_out(payment, at=at)
    told = Outcome(PaymentState.SUCCEEDED, payment.provider_id, refunded_cents=refunded)
    for _ in range(2):
        actions.settle(payment, told, at)
    assert (payment.state, balance(house)) == (state, left)


def test_the_clock_has_all_asked_for_that_is_under_way(
    house: Account, at: datetime, sandbox_clock: list[datetime]
) -> None:
    payment = start(house, at, BANK)
    jobs.refresh_payments()
    assert queued() == set()  # its click may still be at work
    actions.carry_out(payment, at=at)
    jobs.refresh_payments()
    jobs.refresh_payments()
    assert queued() == {f"payment-{payment.pk}"}
    sandbox_clock[0] = at + SETTLES_AFTER
    jobs.refresh_payment.work(account_id=house.pk, payment_id=payment.pk)
    payment.refresh_from_db()
    assert payment.state == PaymentState.SUCCEEDED


def test_wires_and_checks_are_written_down_once_and_may_come_back(
    acme: Account, olivia: User, at: datetime
) -> None:
    with system_scope("the operator's"):
        for _ in range(2):
            payment = actions.record_payment(
                account=acme,
                method=Method.CHECK,
                cents=600,
                words="Check 1042",
                once="form-1",
                by=olivia,
                at=at,
            )
        assert balance(acme) == -600
        with pytest.raises(InvalidInput):
            actions.came_back(payment=payment, words=" ", at=at)
        actions.came_back(payment=payment, words="It bounced", at=at)
        assert (payment.state, payment.words, balance(acme)) == ("returned", "It bounced", 0)
        with pytest.raises(Conflict):
            actions.came_back(payment=start(acme, at), words="No", at=at)
        with pytest.raises(InvalidInput):
            actions.record_payment(
                account=acme, method=Method.CARD, cents=1, words="", once="x", by=olivia, at=at
            )


def test_payments_need_a_scope(acme: Account, at: datetime) -> None:
    with pytest.raises(OutOfScope):
        start(acme, at)


def test_the_sandbox_takes_test_numbers_alone() -> None:
    sandbox = Sandbox()
    bank = sandbox.keep(BankNumbers("Alice", "110000000", "000123456789"))
    assert (bank.method, bank.last4) == (Method.ACH, "6789")
    assert "000123456789" not in repr(bank) + bank.token
    assert sandbox.look(bank.token, Method.ACH).last4 == "6789"
    card = CardNumbers("A", "4012888888881881", 1, 2030, "123", "1 A", "B", "MA", "01201")
    assert "4012888888881881" not in repr(card)
    with pytest.raises(InvalidInput) as refused:
        sandbox.keep(card)
    assert "4012888888881881" not in str(refused.value)
    for token, method in (("sandbox-x", Method.ACH), (bank.token, Method.CARD)):
        with pytest.raises(InvalidInput):
            sandbox.look(token, method)
    with pytest.raises(NotFound):
        sandbox.events(b"{}", {}, datetime.now().astimezone())
