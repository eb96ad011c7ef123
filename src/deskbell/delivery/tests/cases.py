"""What tests of deliveries do again and again: make one, look at it, be a worker that dies."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery import actions
from deskbell.delivery.actions import sending
from deskbell.delivery.models import Delivery
from deskbell.messages.actions import Taken, take
from deskbell.messages.models import Activity, Message

SECONDS = timedelta(seconds=1)


def take_message(account_id: int, at: datetime, content: str = "It leaks", **more: Any) -> Message:
    return take(account_id=account_id, taken=Taken(content=content, **more), at=at)


def make(message: Message, method: DeliveryMethod, at: datetime, attempt: int = 1) -> Delivery:
    [made] = actions.deliver(
        message=message,
        methods=[method],
        level_id=7,
        level_name="Days",
        attempt=attempt,
        at=at,
    )
    return made


def fresh(delivery: Delivery) -> Delivery:
    return Delivery.objects.get(pk=delivery.pk)


def send(delivery: Delivery, at: datetime) -> Delivery:
    actions.send(delivery_id=delivery.pk, at=at)
    return fresh(delivery)


def claim(delivery: Delivery, at: datetime) -> Delivery:
    """As a worker does that then takes its time, or dies."""
    claimed = sending._claim(delivery.pk, at)
    assert isinstance(claimed, Delivery)
    return claimed


def queued(name: str) -> list[tuple[dict[str, Any], float]]:
    """The jobs of a kind that are queued: what they are given, and their waits in seconds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT convert_from(payload, 'UTF8'), extract(epoch FROM execute_after - now())"
            " FROM pgqueuer WHERE entrypoint = %s ORDER BY id",
            [name],
        )
        rows: Sequence[tuple[str, float]] = cursor.fetchall()
    return [(json.loads(text), float(wait)) for text, wait in rows]


def forget_jobs() -> None:
    """As if every job had run."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pgqueuer")


def jobs_of(delivery: Delivery) -> list[float]:
    """The waits, in seconds, of the jobs that are queued for a delivery."""
    found = queued("delivery.send")
    return [wait for given, wait in found if given["delivery_id"] == delivery.pk]


def texts(message: Message) -> list[str]:
    return list(
        Activity.objects.filter(message=message).order_by("id").values_list("text", flat=True)
    )
