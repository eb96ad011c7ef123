"""Reads of deliveries, in the scope of an account."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from deskbell.foundation.errors import NotFound
from deskbell.messages import queries as messages
from deskbell.messages.models import Activity, Message

from .models import Delivery, DeliveryState, Try
from .parcels import RELATED
from .registry import transports


def deliveries_of(message_id: int) -> QuerySet[Delivery]:
    """All deliveries of a message, oldest first: the proof."""
    return Delivery.objects.filter(message_id=message_id).order_by("id")


def one(delivery_id: int) -> Delivery:
    """A delivery with its message, account and method, in one query. Raises NotFound."""
    found = Delivery.objects.select_related(*RELATED).filter(pk=delivery_id).first()
    if found is None:
        raise NotFound("No such delivery")
    return found


def tasks(at: datetime) -> QuerySet[Delivery]:
    """What waits at `at` for a receptionist to call about it: emergencies first, then the oldest;
    with message, account and method. `taken_by` says whose user does one already. In a system
    scope, of all accounts."""
    found = Delivery.objects.filter(
        by_receptionist=True, state=DeliveryState.UNDER_WAY, deadline_at__gt=at
    )
    return found.select_related(*RELATED).order_by("-message__is_emergency", "created_at", "id")


def all_failed(message_id: int, level_id: int | None, attempt: int) -> bool:
    """Whether an attempt had deliveries and every one of them failed lastingly.

    A message may come to a level more than once: only the last time counts, whose deliveries were
    all made at one instant.
    """
    found = Delivery.objects.filter(message_id=message_id, level_id=level_id, attempt=attempt)
    last = found.order_by("-created_at").values("created_at")[:1]
    counted = found.filter(created_at=last).aggregate(
        made=Count("pk"), failed=Count("pk", filter=Q(state=DeliveryState.FAILED))
    )
    return bool(0 < counted["made"] == counted["failed"])


@dataclass(frozen=True, slots=True)
class Tried:
    """A delivery with its tries, oldest first."""

    delivery: Delivery
    tries: tuple[Try, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """All that proves what became of a message: deliveries in their order, then what happened.

    Who acknowledged it, when, by what and from which address stand in `message`. Nothing here is a
    secret: addresses are as their transports show them.
    """

    message: Message
    deliveries: tuple[Tried, ...]
    activities: tuple[Activity, ...]


def proof(message_id: int) -> Proof:
    """A message's proof, in four queries however much was tried. Raises NotFound."""
    message = messages.one(message_id)
    tries: dict[int, list[Try]] = defaultdict(list)
    for each in tries_of(message_id):
        tries[each.delivery_id].append(each)
    known = transports()
    deliveries = list(deliveries_of(message_id))
    for delivery in deliveries:
        transport = known.get(delivery.kind)
        if transport is not None:
            delivery.address = transport.shown(delivery.address)
    return Proof(
        message=message,
        deliveries=tuple(Tried(each, tuple(tries[each.pk])) for each in deliveries),
        activities=tuple(messages.activities_of(message)),
    )


def tries_of(message_id: int) -> list[Try]:
    """Every try of every delivery of a message, in the order in which they began."""
    return list(Try.objects.filter(delivery__message_id=message_id).order_by("began_at", "id"))
