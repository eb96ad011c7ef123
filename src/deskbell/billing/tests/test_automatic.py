"""What pays itself: once, by whoever still takes payments, until it comes to nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from deskbell.accounts.models import Account, User
from deskbell.billing import actions
from deskbell.billing.jobs import payments as jobs
from deskbell.billing.models import AutomaticPayment, Payment, PaymentState
from deskbell.billing.providers import Means, Outcome, ProviderTrouble
from deskbell.billing.providers.sandbox import RETURNS_AFTER
from deskbell.billing.queries.balances import due
from deskbell.foundation.environment import environment
from deskbell.foundation.errors import InvalidInput

from .paying import BANK, BOUNCES, CARD, answer_with, owe, queued, sign_up, start

pytestmark = pytest.mark.usefixtures("sandbox_clock")


def test_a_statement_pays_itself_once(house: Account, alice: User, at: datetime) -> None:
    automatic, statement = sign_up(house, at, alice), owe(house, at)
    jobs.pay_statements()
    assert queued() == {f"statement-{statement.pk}"}
    for _ in range(2):
        jobs.pay_statement.work(account_id=house.pk, statement_id=statement.pk)
    payment = Payment.objects.get()
    assert (payment.cents, payment.fee_cents, payment.is_automatic) == (600, 0, True)
    assert (payment.state, payment.terms) == (PaymentState.PROCESSING, automatic.terms)
    assert due(house) == 0


def test_what_was_signed_up_for_ends_when_its_first_payment_comes_back(
    house: Account, alice: User, at: datetime
) -> None:
    automatic = sign_up(house, at, alice)
    payment = start(house, at, means=BANK)
    actions.carry_out(payment, at=at)
    assert payment.token == automatic.token
    actions.settle(payment, Outcome(PaymentState.RETURNED, words="R03"), at)
    automatic.refresh_from_db()
    assert automatic.words == "Its first payment failed."


def test_a_provider_that_is_away_on_the_due_day_is_asked_again(
    house: Account, alice: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_up(house, at, alice)
    away = ProviderTrouble("It cannot be reached", may_have_happened=False)
    told = answer_with(monkeypatch, away, Outcome(PaymentState.PROCESSING, "py_1"))
    payment = actions.pay_statement(statement=owe(house, at), at=at)
    assert payment is not None
    assert payment.state == PaymentState.STARTED
    assert queued() == {f"payment-{payment.pk}"}
    actions.refresh(payment, at)
    assert (payment.state, len(told.orders)) == (PaymentState.PROCESSING, 2)


@pytest.mark.parametrize("payments", ["", "stripe"])
def test_nothing_is_taken_by_a_provider_that_is_not_in_use_any_more(
    house: Account, alice: User, at: datetime, monkeypatch: pytest.MonkeyPatch, payments: str
) -> None:
    sign_up(house, at, alice)
    ours = replace(environment(), billing=replace(environment().billing, payments=payments))
    monkeypatch.setattr("deskbell.billing.actions.automatic.environment", lambda: ours)
    assert actions.pay_statement(statement=owe(house, at), at=at) is None
    assert not Payment.objects.exists()


def test_nothing_is_taken_where_nobody_agreed_or_nothing_is_due(
    house: Account, alice: User, at: datetime
) -> None:
    statement = owe(house, at)
    assert actions.pay_statement(statement=statement, at=at) is None
    actions.end_automatic(automatic=sign_up(house, at, alice), at=at)
    assert actions.pay_statement(statement=statement, at=at) is None
    sign_up(house, at, alice)
    actions.carry_out(start(house, at), at=at)
    assert actions.pay_statement(statement=statement, at=at) is None
    assert Payment.objects.count() == 1


def test_while_an_answer_is_missing_nothing_more_is_taken(
    house: Account, alice: User, at: datetime
) -> None:
    sign_up(house, at, alice)
    start(house, at)
    assert actions.pay_statement(statement=owe(house, at), at=at) is None


@pytest.mark.parametrize(("means", "is_taken"), [(BANK, False), (BOUNCES, True)])
def test_what_waits_for_its_payer_by_the_same_means_is_not_taken_twice(
    house: Account, alice: User, at: datetime, means: Means, *, is_taken: bool
) -> None:
    sign_up(house, at, alice)
    waiting = start(house, at, means)
    actions.settle(waiting, Outcome(PaymentState.NEEDS_PAYER, "py_1"), at)
    payment = actions.pay_statement(statement=owe(house, at), at=at)
    assert (payment is not None) == is_taken


def test_three_failures_end_it(
    house: Account, alice: User, at: datetime, sandbox_clock: list[datetime]
) -> None:
    automatic = sign_up(house, at, alice, BOUNCES)
    for month in ("01", "02", "03"):
        payment = actions.pay_statement(statement=owe(house, at, f"W0411-2026-{month}"), at=at)
        assert payment is not None
        assert not AutomaticPayment.objects.get(pk=automatic.pk).ended_at
        sandbox_clock[0] = at + RETURNS_AFTER
        actions.refresh(payment, sandbox_clock[0])
        sandbox_clock[0] = at
    ended = AutomaticPayment.objects.get(pk=automatic.pk)
    assert ended.ended_at is not None
    assert ended.words == "3 payments in a row came to nothing."


def test_one_automatic_payment_takes_anothers_place(
    house: Account, alice: User, at: datetime
) -> None:
    first, second = sign_up(house, at, alice), sign_up(house, at, alice)
    first.refresh_from_db()
    assert first.words == "Another one took its place."
    assert AutomaticPayment.objects.get(ended_at=None) == second
    with pytest.raises(InvalidInput):
        sign_up(house, at, alice, CARD)
