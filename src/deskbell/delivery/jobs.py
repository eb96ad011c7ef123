"""The work that deliveries queue: thin wrappers that enter the account's scope."""

from __future__ import annotations

from deskbell.foundation.clock import now
from deskbell.platform import jobs
from deskbell.platform.tenancy import account_scope


@jobs.job("delivery.send")
def send(*, account_id: int, delivery_id: int) -> None:
    """One try of a delivery; see `actions.send`."""
    from . import actions  # which queue this very job

    with account_scope(account_id):
        actions.send(delivery_id=delivery_id, at=now())


@jobs.job("delivery.dispatch")
def dispatch(*, account_id: int, dispatch_id: int) -> None:
    """Sends what a call's document wanted sent; see `dispatches.send`."""
    from . import dispatches  # which queues this very job

    with account_scope(account_id):
        dispatches.send(dispatch_id=dispatch_id, at=now())
