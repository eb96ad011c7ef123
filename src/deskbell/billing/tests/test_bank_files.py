"""Payments through the operator's bank: each into one file, settled by days and by what returns."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from deskbell.accounts.models import Account
from deskbell.billing import actions, queries
from deskbell.billing.actions import Agreed
from deskbell.billing.models import BankFile, BankReturn, Payment, PaymentState
from deskbell.billing.providers import BankNumbers, Browser, CardNumbers
from deskbell.billing.providers.nacha import Nacha
from deskbell.foundation.environment import environment
from deskbell.foundation.errors import Conflict, InvalidInput
from deskbell.lines import vault
from deskbell.platform.tenancy import account_scope, system_scope

from .nacha_reader import read_file, returns_file
from .test_bank_rules import bank

FRIDAY = datetime(2026, 11, 20, 15, tzinfo=UTC)
ROUTING, NUMBER = "011000015", "000123456789"
Pay = Callable[..., Payment]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """What the provider takes for now; tests move it on."""
    shown = [FRIDAY]
    monkeypatch.setattr("deskbell.billing.providers.nacha.now", lambda: shown[0])
    ours = replace(environment(), bank=bank())
    for module in ("actions.bank_files", "providers.nacha"):
        monkeypatch.setattr(f"deskbell.billing.{module}.environment", lambda: ours)
    return shown


@pytest.fixture
def pay(acme: Account) -> Pay:
    """Pays from a bank account, through the operator's bank."""

    def payment(once: str, cents: int = 2500) -> Payment:
        means = Nacha().keep(BankNumbers("Acme Dental", ROUTING, NUMBER))
        with account_scope(acme.pk):
            made, _ = actions.start_payment(
                account=acme,
                means=means,
                provider="nacha",
                cents=cents,
                once=once,
                agreed=Agreed("1", Browser(None, "a browser", FRIDAY)),
                by=None,
                at=FRIDAY,
            )
            actions.carry_out(made, at=FRIDAY)
        return made

    return payment


def state_of(payment: Payment, at: datetime) -> str:
    with account_scope(payment.account_id):
        actions.refresh(payment, at)
        payment.refresh_from_db()
    return str(payment.state)


@pytest.mark.django_db
def test_each_payment_goes_into_one_file(pay: Pay) -> None:
    first, second = pay("1"), pay("2", 100)
    made = actions.make_bank_file(by=None, at=FRIDAY)
    assert (made.entries, made.total_cents, made.effective_on) == (2, 2600, date(2026, 11, 23))
    found = read_file(actions.content_of(made, at=FRIDAY))
    assert [(each.routing, each.account, each.cents) for each in found.debits] == [
        (ROUTING, NUMBER, 2500),
        (ROUTING, NUMBER, 100),
    ]
    with account_scope(first.account_id):
        first.refresh_from_db()
        second.refresh_from_db()
    assert [each.trace for each in found.debits] == [first.trace_number, second.trace_number]
    with pytest.raises(Conflict, match="No payment waits"):
        actions.make_bank_file(by=None, at=FRIDAY)
    pay("3")
    again = actions.make_bank_file(by=None, at=FRIDAY)
    next_one = read_file(actions.content_of(again, at=FRIDAY))
    assert (again.number, next_one.modifier) == (made.number + 1, "B")
    assert next_one.debits[0].trace == "021000020000003"


@pytest.mark.django_db
def test_no_number_is_kept_in_clear(pay: Pay) -> None:
    payment = pay("1")
    made = actions.make_bank_file(by=None, at=FRIDAY)
    for text in (payment.token, made.content):
        assert NUMBER not in text
        assert ROUTING not in text


@pytest.mark.django_db
def test_a_debit_is_paid_when_it_did_not_come_back_in_time(pay: Pay, clock: list[datetime]) -> None:
    payment = pay("1")
    clock[0] = FRIDAY + timedelta(days=30)
    assert state_of(payment, FRIDAY) == PaymentState.PROCESSING  # in no file yet
    file = actions.make_bank_file(by=None, at=FRIDAY)
    assert state_of(payment, FRIDAY) == PaymentState.PROCESSING  # and that at no bank yet
    actions.content_of(file, at=FRIDAY)
    clock[0] = datetime(2026, 11, 26, tzinfo=UTC)  # Thanksgiving: two banking days after Monday
    assert state_of(payment, clock[0]) == PaymentState.PROCESSING
    clock[0] = datetime(2026, 11, 27, tzinfo=UTC)
    assert state_of(payment, clock[0]) == PaymentState.SUCCEEDED


@pytest.mark.django_db
def test_what_comes_back_counts_no_more_even_after_it_was_paid(
    pay: Pay, clock: list[datetime]
) -> None:
    payment, other = pay("1"), pay("2")
    actions.content_of(actions.make_bank_file(by=None, at=FRIDAY), at=FRIDAY)
    clock[0] = FRIDAY + timedelta(days=20)
    assert state_of(payment, clock[0]) == PaymentState.SUCCEEDED
    assert state_of(other, clock[0]) == PaymentState.SUCCEEDED
    text = returns_file(
        (payment.trace_number, "R10", 2500, "011000010000001"),
        ("999999990000001", "R01", 100, "011000010000002"),
        (other.trace_number, "C01", 0, "011000010000003"),
    )
    brought = actions.read_returns(text, by=None, at=clock[0])
    assert [(row.code, row.is_known) for row in brought.new] == [
        ("R10", True),
        ("R01", False),
        ("C01", True),
    ]
    assert state_of(payment, clock[0]) == PaymentState.RETURNED
    assert "nobody agreed" in payment.words
    assert state_of(other, clock[0]) == PaymentState.SUCCEEDED
    again = actions.read_returns(text, by=None, at=clock[0])
    assert (len(again.new), again.known_before) == (0, 3)


@pytest.mark.django_db
def test_a_broken_file_of_returns_changes_nothing(pay: Pay) -> None:
    payment = pay("1")
    actions.make_bank_file(by=None, at=FRIDAY)
    with account_scope(payment.account_id):
        payment.refresh_from_db()
    text = returns_file((payment.trace_number, "R01", 2500, "011000010000001"))
    with pytest.raises(InvalidInput, match="ends before"):
        actions.read_returns("\n".join(text.splitlines()[:-1]), by=None, at=FRIDAY)
    assert not BankReturn.objects.exists()


@pytest.mark.django_db
def test_a_payment_that_cannot_be_read_any_more_fails_and_holds_nobody_up(
    pay: Pay, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = pay("1")
    other = Fernet(Fernet.generate_key())
    monkeypatch.setattr(vault, "_fernet", lambda: other)
    kept = pay("2")
    made = actions.make_bank_file(by=None, at=FRIDAY)
    assert made.entries == 1
    with account_scope(lost.account_id):
        lost.refresh_from_db()
        kept.refresh_from_db()
    assert (lost.state, kept.bank_file_id) == (PaymentState.FAILED, made.pk)
    assert "ask for it again" in lost.words


@pytest.mark.django_db
def test_where_none_can_be_read_they_have_failed_all_the_same(
    pay: Pay, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = pay("1")
    other = Fernet(Fernet.generate_key())
    monkeypatch.setattr(vault, "_fernet", lambda: other)
    with pytest.raises(Conflict, match="No payment waits"):
        actions.make_bank_file(by=None, at=FRIDAY)
    with account_scope(lost.account_id):
        lost.refresh_from_db()
    assert lost.state == PaymentState.FAILED


@pytest.mark.django_db(transaction=True)
def test_two_who_make_a_file_at_once_put_each_payment_into_one(pay: Pay) -> None:
    for number in range(6):
        pay(str(number))
    refused: list[Conflict] = []

    def make() -> None:
        try:
            actions.make_bank_file(by=None, at=FRIDAY)
        except Conflict as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [each.entries for each in BankFile.objects.all()] == [6]
    assert len(refused) == 1


@pytest.mark.django_db
def test_cards_are_refused_in_words() -> None:
    card = CardNumbers("Alice", "4242424242424242", 1, 2030, "123", "", "", "", "")
    with pytest.raises(InvalidInput, match="pay from a bank account"):
        Nacha().keep(card)


@pytest.mark.django_db
def test_nothing_waits_at_first() -> None:
    with system_scope("a test"):
        assert queries.waiting_sums() == (0, 0)
