"""Puts the next try of a delivery into the queue, once."""

from __future__ import annotations

from datetime import timedelta

from deskbell.platform.jobs import enqueue

from .jobs import send
from .models import Delivery


def queue_try(delivery: Delivery, *, after: timedelta | None = None, again: bool = False) -> None:
    """Queues the delivery's next try in the open transaction, to run `after` a wait.

    Each try has one job: where it waits already, nothing is added. `again` is for that very job,
    which is under way and wants another look later.
    """
    enqueue(
        send,
        after=after,
        key=f"delivery-{delivery.pk}-{delivery.tries}{'-again' if again else ''}",
        account_id=delivery.account_id,
        delivery_id=delivery.pk,
    )
