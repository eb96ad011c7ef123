"""The work that webhooks queue: thin wrappers that enter the account's scope.

Those who answer at once and those who do not have threads of their own, so that the second never
let the first wait.
"""

from __future__ import annotations

from deskbell.foundation.clock import now
from deskbell.platform import jobs
from deskbell.platform.tenancy import account_scope, system_scope


@jobs.job("webhooks.send", concurrency=6)
def send(*, account_id: int, subscription_id: int) -> None:
    """A turn at a subscription that answers; see `actions.send_due`."""
    _send(account_id, subscription_id)


@jobs.job("webhooks.send_slowly", concurrency=3)
def send_slowly(*, account_id: int, subscription_id: int) -> None:
    """A turn at one that answers late, not at all, or was never asked; see `actions.send_due`."""
    _send(account_id, subscription_id)


def _send(account_id: int, subscription_id: int) -> None:
    from . import actions  # which queue this very job

    with account_scope(account_id):
        actions.send_due(subscription_id=subscription_id, at=now())


@jobs.job("webhooks.clear")
def clear(*, account_id: int, subscription_id: int) -> None:
    """Deletes a removed subscription with all it was told; see `actions.clear`."""
    from . import actions  # which queue this very job

    with account_scope(account_id):
        actions.clear(subscription_id=subscription_id)


def tidy() -> None:
    """Forgets old notices; runs by the clock."""
    from . import actions

    with system_scope("old notices of all accounts are forgotten"):
        actions.tidy(at=now())
