"""What accounts owe."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count

import pytest

from deskbell.accounts.models import Account
from deskbell.billing.models import Payment, PaymentState, Statement, StatementState
from deskbell.billing.queries import balance, balances, due
from deskbell.platform.tenancy import account_scope, system_scope

_numbers = count(1)


def stated(account: Account, cents: int, at: datetime, state: str = StatementState.ISSUED) -> None:
    number = next(_numbers)
    Statement.objects.create(
        account=account,
        number=f"T{number}",
        month=date(2000 + number // 12, number % 12 + 1, 1),
        state=state,
        total_cents=cents,
        checked_cents=cents,
        due_on=date(2026, 3, 15),
        made_at=at,
    )


def paid(account: Account, cents: int, at: datetime, state: str, refunded: int = 0) -> None:
    Payment.objects.create(
        account=account,
        method="card",
        provider="sandbox",
        state=state,
        cents=cents,
        fee_cents=15,
        refunded_cents=refunded,
        once=f"once-{next(_numbers)}",
        created_at=at,
    )


@pytest.mark.parametrize(
    ("state", "refunded", "owed"),
    [
        (PaymentState.STARTED, 0, 1000),
        (PaymentState.NEEDS_PAYER, 0, 1000),
        (PaymentState.PROCESSING, 0, 400),
        (PaymentState.SUCCEEDED, 0, 400),
        (PaymentState.SUCCEEDED, 250, 650),
        (PaymentState.SUCCEEDED, 614, 1000),  # of 6.15, the fee with it: never more than it was
        (PaymentState.REFUNDED, 615, 1000),
        (PaymentState.FAILED, 0, 1000),
        (PaymentState.RETURNED, 0, 1000),
    ],
)
def test_payments_count_while_the_money_is_on_its_way_or_there(
    acme: Account, at: datetime, state: str, refunded: int, owed: int
) -> None:
    with account_scope(acme.pk):
        stated(acme, 1000, at)
        paid(acme, 600, at, state, refunded)
        assert balance(acme) == due(acme) == owed


def test_a_credit_is_below_zero_and_nothing_is_due(acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        assert (balance(acme), due(acme)) == (0, 0)
        paid(acme, 600, at, PaymentState.SUCCEEDED)
        assert (balance(acme), due(acme)) == (-600, 0)


def test_what_is_held_is_not_owed_nor_what_another_account_owes(
    acme: Account, other: Account, at: datetime
) -> None:
    with system_scope("test"):
        stated(acme, 1000, at, StatementState.HELD)
        stated(other, 700, at)
        assert balances([acme.pk, other.pk]) == {acme.pk: 0, other.pk: 700}
    with account_scope(acme.pk):
        assert balance(other) == 0
