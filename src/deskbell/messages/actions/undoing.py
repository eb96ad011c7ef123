"""An acknowledgement is taken back, as long as it may have been a slip of the hand."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from deskbell.foundation.errors import Conflict, NotFound

from ..hooks import MessageEvent, message_resumed
from ..models import ActivityKind, Message, MessageStatus
from .telling import add_activity

# How long after an acknowledgement it can be undone.
UNDO_SECONDS = 30
_UNDO = timedelta(seconds=UNDO_SECONDS)


def undo_acknowledgement(
    *, message: Message, by: str, at: datetime, user_id: int | None = None
) -> Message:
    """The message stands where it stood before it was acknowledged, and its escalation goes on.

    `by` is who undoes it, in words, and `user_id` which of our users. Level, attempt and loops were
    kept; what fell due meanwhile is due now. Those who listen to `message_resumed` bring it about.
    Raises NotFound, and Conflict in words where the message is
    not acknowledged, was so longer than `UNDO_SECONDS` ago, or by somebody else.
    """
    with transaction.atomic():
        rows = Message.objects.select_for_update(no_key=True, of=("self",))
        locked = rows.filter(pk=message.pk).first()
        if locked is None:
            raise NotFound("No such message")
        _check(locked, (by[:254], user_id), at)
        _put_back(locked, at)
        text = f"Acknowledgement undone by {by}"
        add_activity(message=locked, kind=ActivityKind.RESUMED, text=text, at=at, by=by)
        message_resumed.fire(MessageEvent(locked.account_id, locked.pk))
    return locked


def _check(message: Message, who: tuple[str, int | None], at: datetime) -> None:
    if message.status != MessageStatus.ACKNOWLEDGED or message.acknowledged_at is None:
        raise Conflict(f"Message {message.pk} is not acknowledged, so there is nothing to undo.")
    if (message.acknowledged_by, message.acknowledged_user_id) != who:
        raise Conflict(
            f"{message.acknowledged_by} acknowledged message {message.pk}; only they can undo it."
        )
    if message.before_acknowledged is None or at - message.acknowledged_at > _UNDO:
        raise Conflict(
            f"An acknowledgement can be undone for {UNDO_SECONDS} seconds; that of message"
            f" {message.pk} is older."
        )


def _put_back(message: Message, at: datetime) -> None:
    before = message.before_acknowledged
    due = before["next_escalation_at"]
    message.status, message.read = before["status"], before["read"]
    message.next_escalation_at = datetime.fromisoformat(due) if due else None
    message.acknowledged_at = message.before_acknowledged = message.acknowledged_user_id = None
    message.acknowledged_by = message.acknowledged_from = message.acknowledged_address = ""
    message.updated_at = at
    message.save(
        update_fields=[
            "status",
            "read",
            "next_escalation_at",
            "acknowledged_at",
            "acknowledged_by",
            "acknowledged_user_id",
            "acknowledged_from",
            "acknowledged_address",
            "before_acknowledged",
            "updated_at",
        ]
    )
