"""Reads of deliveries, in the scope of an account."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from deskbell.foundation.errors import NotFound

from .models import Delivery, DeliveryState
from .parcels import RELATED


def deliveries_of(message_id: int) -> QuerySet[Delivery]:
    """All deliveries of a message, oldest first: the proof."""
    return Delivery.objects.filter(message_id=message_id).order_by("id")


def one(delivery_id: int) -> Delivery:
    """A delivery with its message, account and method, in one query. Raises NotFound."""
    found = Delivery.objects.select_related(*RELATED).filter(pk=delivery_id).first()
    if found is None:
        raise NotFound("No such delivery")
    return found


def all_failed(message_id: int, level_id: int | None, attempt: int) -> bool:
    """Whether an attempt had deliveries and every one of them failed lastingly."""
    counted = Delivery.objects.filter(
        message_id=message_id, level_id=level_id, attempt=attempt
    ).aggregate(made=Count("pk"), failed=Count("pk", filter=Q(state=DeliveryState.FAILED)))
    return bool(0 < counted["made"] == counted["failed"])
