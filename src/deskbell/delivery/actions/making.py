"""Makes deliveries, in the transaction of the attempt that they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from deskbell.contacts.models import DeliveryMethod
from deskbell.messages.models import Message

from ..bundles import hold_back
from ..models import Delivery
from ..queueing import queue_made


@dataclass(frozen=True, slots=True)
class Order:
    """A message that one attempt on a level brings to `methods`, whose contacts are selected.

    `forwarded_by` is who has it sent outside escalation, and `words` what they say with it.
    """

    message: Message
    methods: Sequence[DeliveryMethod]
    level_id: int | None
    level_name: str
    attempt: int
    forwarded_by: str = ""
    words: str = ""


def deliver(
    *,
    message: Message,
    methods: Sequence[DeliveryMethod],
    level_id: int | None,
    level_name: str,
    attempt: int,
    at: datetime,
) -> list[Delivery]:
    """Makes a delivery for each method and queues them all; see `deliver_many`."""
    return deliver_many([Order(message, methods, level_id, level_name, attempt)], at=at)


def deliver_many(orders: Sequence[Order], *, at: datetime) -> list[Delivery]:
    """Makes a delivery for each method of each order and queues them all, in the transaction that
    is open.

    Writes rows and one job each, in a few statements for all of them; sends nothing. Where a method
    has had `limit` messages in ten minutes, a delivery waits for the next bundle, two minutes at
    most; emergencies never wait.
    """
    made = [_made(order, method, at) for order in orders for method in order.methods]
    methods = {method.pk: method for order in orders for method in order.methods}
    with transaction.atomic():
        hold_back(made, list(methods.values()), at)
        Delivery.objects.bulk_create(made)
        queue_made(made, at)
    return made


def _made(order: Order, method: DeliveryMethod, at: datetime) -> Delivery:
    return Delivery(
        account_id=order.message.account_id,
        message=order.message,
        method=method,
        kind=method.kind,
        address=method.address,
        contact_name=method.contact.name,
        level_id=order.level_id,
        level_name=order.level_name,
        attempt=order.attempt,
        created_at=at,
        by_receptionist=method.by_receptionist,
        forwarded_by=order.forwarded_by,
        words=order.words,
    )
