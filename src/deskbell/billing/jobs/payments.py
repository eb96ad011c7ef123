"""The work of payments: what was left open is asked for, what is due is paid by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db.models import Q

from deskbell.foundation.clock import now
from deskbell.platform import jobs
from deskbell.platform.tenancy import account_scope, system_scope

from .. import actions
from ..models import Payment, PaymentState, Statement
from ..queries.payments import to_be_paid, under_way

_AT_WORK: Final = timedelta(minutes=2)


@jobs.job("billing.refresh_payment")
def refresh_payment(*, account_id: int, payment_id: int) -> None:
    """Asks the provider how a payment stands."""
    with account_scope(account_id):
        payment = Payment.objects.select_related("account").filter(pk=payment_id).first()
        if payment is not None:
            actions.refresh(payment, now())


def refresh_payments() -> None:
    """By the clock: has every payment that is under way asked for, but for those whose click may
    still be at work."""
    fresh = Q(state=PaymentState.STARTED, created_at__gt=now() - _AT_WORK)
    with system_scope("payments of all accounts are under way"):
        open_ones = list(under_way().exclude(fresh).values_list("account_id", "pk"))
    wanted = {
        f"payment-{pk}": {"account_id": account_id, "payment_id": pk}
        for account_id, pk in open_ones
    }
    jobs.enqueue_many(refresh_payment, wanted)


@jobs.job("billing.pay_statement")
def pay_statement(*, account_id: int, statement_id: int) -> None:
    """Takes what is due by the means that the account agreed to."""
    with account_scope(account_id):
        rows = Statement.objects.select_related("account")
        statement = rows.filter(pk=statement_id).first()
        if statement is not None:
            actions.pay_statement(statement=statement, at=now())


def pay_statements() -> None:
    """By the clock: has the statements paid that are due now and pay themselves."""
    with system_scope("statements of all accounts are due"):
        found = list(to_be_paid(now()).values_list("account_id", "pk"))
    wanted = {
        f"statement-{pk}": {"account_id": account_id, "statement_id": pk}
        for account_id, pk in found
    }
    jobs.enqueue_many(pay_statement, wanted)
