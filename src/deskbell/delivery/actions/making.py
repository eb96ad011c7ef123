"""Makes deliveries, in the transaction of the attempt that they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from deskbell.contacts.models import DeliveryMethod
from deskbell.messages.models import Message

from ..bundles import hold_back
from ..models import Delivery
from ..queueing import queue_made


def deliver(
    *,
    message: Message,
    methods: Sequence[DeliveryMethod],
    level_id: int | None,
    level_name: str,
    attempt: int,
    at: datetime,
) -> list[Delivery]:
    """Makes a delivery for each method and queues them all, in the transaction that is open.

    `methods` come with their contacts selected. Writes rows and one job each; sends nothing. Where
    a method has had `limit` messages in ten minutes, its delivery waits for the next bundle, two
    minutes at most; emergencies never wait.
    """
    made = [
        Delivery(
            account_id=message.account_id,
            message=message,
            method=method,
            kind=method.kind,
            address=method.address,
            contact_name=method.contact.name,
            level_id=level_id,
            level_name=level_name,
            attempt=attempt,
            created_at=at,
        )
        for method in methods
    ]
    with transaction.atomic():
        if not message.is_emergency:
            hold_back(made, methods, at)
        Delivery.objects.bulk_create(made)
        queue_made(made, at)
    return made
