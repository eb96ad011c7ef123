"""Puts the next tries of deliveries into the queue, each once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from deskbell.platform.jobs import enqueue, enqueue_many

from .jobs import send
from .models import Delivery


def queue_try(delivery: Delivery, *, after: timedelta, again: bool = False) -> None:
    """Queues the delivery's next try in the open transaction, to run `after` a wait.

    Each try has one job: where it waits already, nothing is added. `again` is for that very job,
    which is under way and wants another look later.
    """
    key = f"{_key(delivery)}-again" if again else _key(delivery)
    enqueue(send, after=after, key=key, **_arguments(delivery))


def queue_now(deliveries: Iterable[Delivery]) -> int:
    """Queues the next try of each delivery, at once, in one statement.

    Where a try's job waits already, nothing is added. Gives how many were queued.
    """
    return enqueue_many(send, {_key(each): _arguments(each) for each in deliveries})


def _key(delivery: Delivery) -> str:
    return f"delivery-{delivery.pk}-{delivery.tries}"


def _arguments(delivery: Delivery) -> dict[str, int]:
    return {"account_id": delivery.account_id, "delivery_id": delivery.pk}
