"""An acknowledgement is taken back, as long as it was a slip of the hand."""

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


def undo_acknowledgement(*, message: Message, by: str, at: datetime) -> Message:
    """The message is as it was before `by` acknowledged it, and its escalation goes on.

    Raises NotFound, and Conflict in words where it is not acknowledged, was so for more than
    `UNDO_SECONDS`, or by somebody else. Fires `message_resumed`.
    """
    with transaction.atomic():
        locked = Message.objects.select_for_update().filter(pk=message.pk).first()
        if locked is None:
            raise NotFound("No such message")
        if locked.status != MessageStatus.ACKNOWLEDGED or locked.acknowledged_at is None:
            raise Conflict("This message is not acknowledged, so there is nothing to undo.")
        if locked.acknowledged_by != by[:254]:
            raise Conflict(
                f"{locked.acknowledged_by} acknowledged this message; only they can undo it."
            )
        if at - locked.acknowledged_at > _UNDO or locked.before_acknowledged is None:
            raise Conflict(
                f"An acknowledgement can be undone for {UNDO_SECONDS} seconds; this one is older."
            )
        add_activity(
            message=locked,
            kind=ActivityKind.RESUMED,
            text=f"Acknowledgement undone by {by}",
            at=at,
            by=by,
        )
        message_resumed.fire(MessageEvent(locked.account_id, locked.pk))
    return locked
