"""Where a message stands: delivered, on its way, at the end of it, read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from deskbell.platform.changes import touch

from ..hooks import MessageEvent, message_exhausted
from ..models import ActivityKind, Message, MessageStatus
from .telling import add_activity


def mark_delivered(
    *,
    message: Message,
    to: str,
    contact_id: int | None,
    at: datetime,
    by_user_id: int | None = None,
) -> None:
    """The first delivery went out: `new` becomes `delivered`; later ones change nothing.

    `by_user_id` is the receptionist who delivered it.
    """
    with transaction.atomic():
        Message.objects.filter(pk=message.pk, status=MessageStatus.NEW).update(
            status=MessageStatus.DELIVERED,
            delivered_at=at,
            delivered_to=to[:254],
            delivered_by=by_user_id,
            contact_id=contact_id,
            receiver_name=to[:200],
            updated_at=at,
        )
        touch(message.account_id)


def exhaust(*, message: Message, text: str, at: datetime) -> None:
    """The chain ended and nobody acknowledged; `text` says so in the activities.

    The second time nothing changes.
    """
    over = (MessageStatus.ACKNOWLEDGED, MessageStatus.EXHAUSTED)
    with transaction.atomic():
        changed = (
            Message.objects.filter(pk=message.pk)
            .exclude(status__in=over)
            .update(status=MessageStatus.EXHAUSTED, next_escalation_at=None, updated_at=at)
        )
        if changed:
            add_activity(message=message, kind=ActivityKind.EXHAUSTED, text=text, at=at)
            message_exhausted.fire(MessageEvent(message.account_id, message.pk))


def place(
    *,
    message: Message,
    level_id: int | None,
    attempt: int,
    next_at: datetime | None,
    at: datetime,
    loops: Mapping[int, int] | None = None,
) -> None:
    """Sets where a message stands in its escalation: level, attempt, and when it goes on.

    `loops`, where given, is how often it went on from each level whose chain leads back.
    """
    changes: dict[str, Any] = {
        "escalation_level_id": level_id,
        "escalation_counter": attempt,
        "next_escalation_at": next_at,
        "updated_at": at,
    }
    if loops is not None:
        changes["escalation_loops"] = {str(each): count for each, count in loops.items()}
    open_ones = Message.objects.exclude(status=MessageStatus.ACKNOWLEDGED)
    open_ones.filter(pk=message.pk).update(**changes)
    touch(message.account_id)


def reopen(*, message: Message, at: datetime) -> None:
    """An exhausted message is under way again; any other stays as it is."""
    status = MessageStatus.DELIVERED if message.delivered_at else MessageStatus.NEW
    exhausted = Message.objects.filter(pk=message.pk, status=MessageStatus.EXHAUSTED)
    if exhausted.update(status=status, updated_at=at):
        touch(message.account_id)


def mark_read(*, message: Message, by: str, at: datetime) -> None:
    """A user of the account opened it; only the first time is written down."""
    with transaction.atomic():
        if Message.objects.filter(pk=message.pk, read=False).update(read=True):
            add_activity(
                message=message, kind=ActivityKind.READ, text=f"Read by {by}", at=at, by=by
            )
