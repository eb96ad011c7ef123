"""Payments in words: what a page and a mail say of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from deskbell.billing.models import Method, Payment, PaymentState
from deskbell.billing.rules import money

WORDS: Final = {
    PaymentState.STARTED: "Waits for an answer",
    PaymentState.NEEDS_PAYER: "Waits for you",
    PaymentState.PROCESSING: "Processing",
    PaymentState.SUCCEEDED: "Paid",
    PaymentState.FAILED: "Failed",
    PaymentState.RETURNED: "Returned",
    PaymentState.REFUNDED: "Refunded",
}
TONES: Final = {
    PaymentState.STARTED: "warning",
    PaymentState.NEEDS_PAYER: "warning",
    PaymentState.PROCESSING: "warning",
    PaymentState.SUCCEEDED: "success",
    PaymentState.FAILED: "danger",
    PaymentState.RETURNED: "danger",
    PaymentState.REFUNDED: "secondary",
}
SAYS: Final = {
    PaymentState.STARTED: "The provider has not answered yet. It is asked again by itself, and this"
    " page shows what it says; please do not pay once more.",
    PaymentState.NEEDS_PAYER: "Nothing is taken yet.",
    PaymentState.PROCESSING: "Your bank is asked for the money, which takes some days. It counts"
    " for your balance meanwhile.",
    PaymentState.SUCCEEDED: "Thank you. The payment is made.",
    PaymentState.FAILED: "Nothing was taken.",
    PaymentState.RETURNED: "The bank sent it back, so it counts no more.",
    PaymentState.REFUNDED: "It was given back.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A payment as pages show it, with its amounts and its means as text."""

    payment: Payment
    amount: str
    fee: str
    total: str
    refunded: str
    means: str
    state: str
    tone: str
    says: str


def row_of(payment: Payment) -> Row:
    """A payment in words. No query."""
    state = PaymentState(payment.state)
    return Row(
        payment=payment,
        amount=money(payment.cents),
        fee=money(payment.fee_cents),
        total=money(payment.total_cents),
        refunded=money(payment.refunded_cents) if payment.refunded_cents else "",
        means=means_of(Method(payment.method), payment.brand, payment.last4),
        state=WORDS[state],
        tone=TONES[state],
        says=SAYS[state],
    )


def means_of(method: Method, brand: str, last4: str) -> str:
    """Means without their number: `Visa ending in 4242`."""
    name = brand or method.label
    return f"{name} ending in {last4}" if last4 else name
