"""Payments that came by other ways, a wire or a check, and that the operator writes down."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from deskbell.accounts.models import Account, User
from deskbell.foundation.errors import Conflict, InvalidInput
from deskbell.foundation.text import checked_text

from .. import hooks
from ..models import Method, Payment, PaymentState
from ..providers import Outcome
from .payments import settle

BY_HAND = "manual"
MOST_WORDS = 200


def record_payment(
    *,
    account: Account,
    method: Method,
    cents: int,
    words: str,
    once: str,
    by: User,
    at: datetime,
) -> Payment:
    """Money that came by wire or check, which counts at once; `words` says how it is known.

    Written down twice with the same `once` is written down once. Needs a scope. Raises
    InvalidInput for another method, or words that cannot be kept.
    """
    if method not in {Method.WIRE, Method.CHECK}:
        raise InvalidInput("A wire or a check is written down by hand", field="method")
    values = {
        "account": account,
        "method": method,
        "provider": BY_HAND,
        "state": PaymentState.SUCCEEDED,
        "cents": cents,
        "words": checked_text(words.strip(), field="words", most=MOST_WORDS),
        "created_by": by.email,
        "created_at": at,
        "ended_at": at,
    }
    with transaction.atomic():
        payment, is_new = Payment.objects.get_or_create(once=once, defaults=values)
        if is_new:
            hooks.payment_changed.fire(
                hooks.PaymentEvent(
                    account.pk, payment.pk, PaymentState.STARTED, PaymentState.SUCCEEDED, at
                )
            )
    return payment


def came_back(*, payment: Payment, words: str, at: datetime) -> Payment:
    """A wire or check that was written down counts no more: it bounced, or was a slip. Needs its
    scope. Raises Conflict for a payment of a provider's, which its provider alone decides."""
    if payment.provider != BY_HAND:
        raise Conflict("Only what was written down by hand is taken back by hand")
    kept = checked_text(words.strip(), field="words", most=MOST_WORDS, needed=True)
    return settle(payment, Outcome(PaymentState.RETURNED, words=kept), at)
