"""Has somebody take a turn at a subscription: now, or when its next notice is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from deskbell.platform.jobs import enqueue, enqueue_many

from .jobs import send, send_slowly
from .models import Subscription


def queue_turns(account_id: int, newest: Mapping[int, int], are_slow: Mapping[int, bool]) -> None:
    """A turn at each subscription that has new notices, `newest` the last of them.

    In the open transaction, in one statement for those that answer and one for the slow.
    """
    for job, is_slow in ((send, False), (send_slowly, True)):
        enqueue_many(
            job,
            {
                f"webhooks-{subscription_id}-new-{notice_id}": {
                    "account_id": account_id,
                    "subscription_id": subscription_id,
                }
                for subscription_id, notice_id in newest.items()
                if are_slow[subscription_id] is is_slow
            },
        )


def queue_turn(subscription: Subscription, *, at: datetime, when: datetime) -> None:
    """A turn `when` something is due, which for what is due already is now."""
    is_due = when <= at
    enqueue(
        send_slowly if subscription.is_slowly_sent else send,
        after=None if is_due else when - at,
        # Each due time has one; what is due now may not share it with the turn that ends.
        key=None if is_due else f"webhooks-{subscription.pk}-{int(when.timestamp() * 1000)}",
        account_id=subscription.account_id,
        subscription_id=subscription.pk,
    )
