"""Statements that are paid by themselves, on the day that they are due."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from deskbell.accounts.locks import lock_account
from deskbell.accounts.models import Account
from deskbell.foundation.environment import environment

from ..models import Method, Payment, PaymentState, Statement
from ..providers import Means
from ..queries.balances import due
from ..queries.payments import automatic_payment, under_way
from ..rules.automatic import is_to_be_paid
from .agreed import Agreed
from .agreements import browser_of
from .payments import carry_out, start_payment


def pay_statement(*, statement: Statement, at: datetime) -> Payment | None:
    """Takes what the account owes on a statement's due day, by the means that it agreed to; once
    for each statement. Needs the account's scope; waits for a machine elsewhere.

    Gives the payment; None where there is nothing to take, or nobody agreed.
    """
    with transaction.atomic():
        account = lock_account(statement.account_id)
        payment, is_new = _start(statement, account, at)
    if payment is not None and is_new:
        carry_out(payment, at=at)
    return payment


def _start(statement: Statement, account: Account, at: datetime) -> tuple[Payment | None, bool]:
    automatic = automatic_payment(account)
    if automatic is None or automatic.provider != environment().billing.payments:
        return None, False  # the operator takes payments in another way by now, or in none
    if not is_to_be_paid(
        statement.due_on, at, agreed_at=automatic.agreed_at, zone=account.time_zone
    ):
        return None, False
    cents = due(account)
    # One whose answer was lost may have taken the money, and counts only once that is known.
    # One by the same means that waits for its payer is for the same bill.
    is_open = (
        under_way()
        .filter(
            Q(state=PaymentState.STARTED)
            | Q(state=PaymentState.NEEDS_PAYER, token=automatic.token),
            account=account,
        )
        .exists()
    )
    if not cents or is_open:
        return None, False
    means = Means(Method.ACH, automatic.token, automatic.last4, automatic.brand, automatic.holder)
    return start_payment(
        account=account,
        means=means,
        provider=automatic.provider,
        cents=cents,
        once=f"statement-{statement.number}",
        agreed=Agreed(automatic.terms, browser_of(automatic), automatic.receipt_to),
        by=None,
        at=at,
        is_automatic=True,
    )
