"""What has a mail sent about payments. Handlers only queue jobs."""

from __future__ import annotations

from deskbell.billing import hooks
from deskbell.billing.hooks import AutomaticEvent, PaymentEvent
from deskbell.billing.models import PaymentState
from deskbell.platform.jobs import enqueue

from . import jobs


def on_payment_changed(event: PaymentEvent) -> None:
    """Has the payer told; of a bank's debit once when it is begun, and then only if it comes
    back."""
    is_told = event.before == PaymentState.PROCESSING and event.after == PaymentState.SUCCEEDED
    if is_told or event.after == PaymentState.NEEDS_PAYER:
        return
    enqueue(
        jobs.send_payment,
        account_id=event.account_id,
        payment_id=event.payment_id,
        state=event.after,
    )


def on_automatic_changed(event: AutomaticEvent) -> None:
    """Has whoever agreed told that it began or ended."""
    enqueue(
        jobs.send_automatic,
        account_id=event.account_id,
        automatic_id=event.automatic_id,
        has_ended=event.has_ended,
    )


def subscribe() -> None:
    """Called once, when the portal's app is ready."""
    hooks.payment_changed.subscribe(on_payment_changed)
    hooks.automatic_changed.subscribe(on_automatic_changed)
