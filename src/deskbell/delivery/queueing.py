"""Puts the next tries of deliveries into the queue, each once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from deskbell.platform.jobs import enqueue, enqueue_many

from .jobs import recall, send, send_bundle, send_many
from .models import Delivery
from .registry import transports
from .transport import Prepares

# From how many fresh deliveries on they go together, and how many in one job.
MANY = 10
TOGETHER = 50


def queue_made(made: Sequence[Delivery], at: datetime) -> None:
    """Queues fresh deliveries: one statement for all that go at once, one for each room.

    Where there are many, a job takes a number of them together.
    """
    at_once = [each for each in made if each.bundle is None]
    alone = {kind for kind in {each.kind for each in at_once} if _goes_alone(kind)}
    together = [each for each in at_once if each.kind not in alone]
    if len(together) < MANY:
        together = []
    ids = {each.pk for each in together}
    queue_now(each for each in at_once if each.pk not in ids)
    for start in range(0, len(together), TOGETHER):
        enqueue(send_many, delivery_ids=[each.pk for each in together[start : start + TOGETHER]])
    for delivery in {each.bundle: each for each in made if each.bundle is not None}.values():
        queue_bundle(delivery, after=(delivery.next_try_at or at) - at)


def queue_try(
    delivery: Delivery, *, after: timedelta, again: bool = False, deadline: bool = False
) -> None:
    """Queues the next try of a delivery, or of its bundle, to run `after` a wait.

    Each try has one job in the open transaction: where it waits already, nothing is added. `again`
    is for that very job, which is under way and wants another look later; `deadline` for a look at
    what is under way.
    """
    if delivery.bundle is not None:
        queue_bundle(delivery, after=after, again=again, deadline=deadline)
        return
    key = _key(delivery) + _suffix(again=again, deadline=deadline)
    enqueue(send, after=after, key=key, **_arguments(delivery))


def queue_bundle(
    delivery: Delivery, *, after: timedelta, again: bool = False, deadline: bool = False
) -> bool:
    """Queues the next try of all that is in the delivery's bundle or room; as `queue_try`."""
    suffix = _suffix(again=again, deadline=deadline)
    return enqueue(
        send_bundle,
        after=after,
        key=f"bundle-{delivery.bundle}-{delivery.tries}{suffix}",
        account_id=delivery.account_id,
        bundle=str(delivery.bundle),
    )


def queue_now(deliveries: Iterable[Delivery]) -> int:
    """Queues the next try of each delivery, at once, in one statement.

    Where a try's job waits already, nothing is added. Gives how many were queued.
    """
    return enqueue_many(send, {_key(each): _arguments(each) for each in deliveries})


def queue_again(deliveries: Iterable[Delivery]) -> int:
    """Queues the next try of each delivery at once, with its bundle where it has one."""
    found = list(deliveries)
    bundles = {each.bundle: each for each in found if each.bundle is not None}
    queued = sum(queue_bundle(each, after=timedelta(0)) for each in bundles.values())
    return queued + queue_now(each for each in found if each.bundle is None)


def queue_resumed(deliveries: Iterable[Delivery], at: datetime) -> int:
    """Queues the next try of each delivery that was stopped and no longer is, at once.

    The job that it had may wait for hours still, or be gone: so it gets another.
    """
    word = f"resumed-{at.timestamp()}"
    return enqueue_many(send, {f"{_key(each)}-{word}": _arguments(each) for each in deliveries})


def queue_recalls(deliveries: Iterable[Delivery]) -> int:
    """Has what is under way called back, each by a job of its own, in one statement."""
    return enqueue_many(recall, {f"recall-{each.pk}": _arguments(each) for each in deliveries})


def _goes_alone(kind: str) -> bool:
    """Whether a transport wants a word with the database before each parcel."""
    transport = transports().get(kind)
    return transport is None or transport.has_codes or isinstance(transport, Prepares)


def _suffix(*, again: bool, deadline: bool) -> str:
    return "-deadline" if deadline else "-again" if again else ""


def _key(delivery: Delivery) -> str:
    return f"delivery-{delivery.pk}-{delivery.tries}"


def _arguments(delivery: Delivery) -> dict[str, int]:
    return {"account_id": delivery.account_id, "delivery_id": delivery.pk}
