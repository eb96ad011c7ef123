"""What an acknowledgement stopped goes on when it is undone."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from deskbell.messages import actions as messages
from deskbell.messages.hooks import MessageEvent
from deskbell.messages.models import Message, MessageStatus

from ..models import UNFINISHED, Delivery, DeliveryState
from ..queueing import queue_resumed


def resume(event: MessageEvent) -> None:
    """An acknowledgement was undone: every delivery that it stopped is sent now, by itself, in the
    same transaction. What arrived meanwhile counts as the message's first delivery.

    Waits for claims that are under way: whoever makes one next finds the message as it now is.
    """
    message = Message.objects.get(pk=event.message_id)
    at = message.updated_at
    theirs = Delivery.objects.filter(message_id=message.pk, forwarded_by="")
    rows = theirs.select_for_update().filter(
        Q(state__in=UNFINISHED) | Q(state=DeliveryState.STOPPED)
    )
    stopped = [each for each in rows.order_by("pk") if each.state == DeliveryState.STOPPED]
    for each in stopped:
        _set_out(each, at)
    queue_resumed(stopped, at)
    if message.status == MessageStatus.NEW:
        _count_first(message)


def _set_out(delivery: Delivery, at: datetime) -> None:
    tried = delivery.tries > 0
    delivery.state = DeliveryState.RETRYING if tried else DeliveryState.QUEUED
    delivery.next_try_at, delivery.finished_at, delivery.bundle = at, None, None
    delivery.save(update_fields=["state", "next_try_at", "finished_at", "bundle"])


def _count_first(message: Message) -> None:
    arrived = Delivery.objects.filter(message_id=message.pk, state=DeliveryState.DELIVERED)
    first = arrived.select_related("method").order_by("finished_at", "pk").first()
    if first is not None and first.finished_at is not None:
        messages.mark_delivered(
            message=message,
            to=first.contact_name,
            contact_id=first.method.contact_id if first.method else None,
            at=first.finished_at,
        )
