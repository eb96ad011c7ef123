"""The mails about payments: receipts, what came to nothing, and what is paid by itself."""

from __future__ import annotations

from typing import Final

from deskbell.billing.models import AutomaticPayment, Method, Payment, PaymentState
from deskbell.platform.jobs import job
from deskbell.platform.tenancy import account_scope

from ...mails import address_of, send
from ..frame import settings
from .shown import means_of, row_of

_SUBJECTS: Final = {
    PaymentState.PROCESSING: "Receipt for your payment of {total}",
    PaymentState.SUCCEEDED: "Receipt for your payment of {total}",
    PaymentState.FAILED: "Your payment of {total} failed",
    PaymentState.RETURNED: "Your payment of {total} came back",
    PaymentState.REFUNDED: "Your payment of {total} was given back",
}


@job("portal.send_payment")
def send_payment(*, account_id: int, payment_id: int, state: str) -> None:
    """Tells the payer what became of a payment when it came to stand at `state`."""
    with account_scope(account_id):
        payment = Payment.objects.select_related("account").filter(pk=payment_id).first()
    if payment is None or not payment.receipt_to:
        return
    payment.state = state
    row = row_of(payment)
    send(
        payment.receipt_to,
        f"{_SUBJECTS[PaymentState(state)].format(total=row.total)} for {payment.account.number}",
        "portal/notices/payment.txt",
        row=row,
        billing=settings(),
        is_sandbox=payment.provider == "sandbox",
        url=address_of("billing:receipt", payment.reference),
    )


@job("portal.send_automatic")
def send_automatic(*, account_id: int, automatic_id: int, has_ended: bool) -> None:
    """Tells who agreed to an automatic payment that it began, or ended and why."""
    with account_scope(account_id):
        rows = AutomaticPayment.objects.select_related("account")
        automatic = rows.filter(pk=automatic_id).first()
    if automatic is None or not automatic.receipt_to:
        return
    what = "ended" if has_ended else "began"
    send(
        automatic.receipt_to,
        f"Automatic payment {what} for {automatic.account.number}",
        "portal/notices/automatic_payment.txt",
        automatic=automatic,
        has_ended=has_ended,
        means=means_of(Method.ACH, automatic.brand, automatic.last4),
        billing=settings(),
        url=address_of("billing"),
    )
