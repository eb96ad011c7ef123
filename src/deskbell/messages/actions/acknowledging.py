"""Somebody takes care of a message, or of many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from deskbell.foundation.errors import NotFound

from ..errors import AlreadyAcknowledged
from ..hooks import MessageEvent, message_acknowledged
from ..models import ActivityKind, Message, MessageStatus
from ..places import in_words
from .telling import add_activity


def acknowledge(
    *, message: Message, by: str, at: datetime, through: str, address: str = ""
) -> Message:
    """Somebody takes care of it: everything that was under way for it stops.

    `by` is who, in words; `through` is from where, one of `places.PLACES`; `address` is the number,
    mailbox or IP address that it came from, where known. One wins where two come at the same
    instant. Raises AlreadyAcknowledged for the other.
    """
    with transaction.atomic():
        locked = Message.objects.select_for_update().filter(pk=message.pk).first()
        if locked is None:
            raise NotFound("No such message")
        if locked.status == MessageStatus.ACKNOWLEDGED:
            raise AlreadyAcknowledged(locked.acknowledged_by)
        locked.status = MessageStatus.ACKNOWLEDGED
        locked.read = True
        locked.next_escalation_at = None
        locked.acknowledged_at = locked.updated_at = at
        locked.acknowledged_by = by[:254]
        locked.acknowledged_from = through[:32]
        locked.acknowledged_address = address[:200]
        locked.save()
        add_activity(
            message=locked,
            kind=ActivityKind.ACKNOWLEDGED,
            text=f"Acknowledged by {by}, {in_words(through, address)}",
            at=at,
            by=by,
        )
        message_acknowledged.fire(MessageEvent(locked.account_id, locked.pk))
    return locked


def acknowledge_many(
    *, messages: Sequence[Message], by: str, at: datetime, through: str, address: str = ""
) -> list[Message]:
    """Acknowledges each message that still waits for it; those already acknowledged stay so."""
    done: list[Message] = []
    for message in messages:
        try:
            done.append(
                acknowledge(message=message, by=by, at=at, through=through, address=address)
            )
        except AlreadyAcknowledged:
            continue
    return done
