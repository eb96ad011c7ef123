"""Escalation goes on after an acknowledgement was undone."""

from __future__ import annotations

from deskbell.delivery.queries import all_failed
from deskbell.messages.models import Message
from deskbell.platform.beat import wake

from .carrying import MOVING


def resume(*, message_id: int) -> tuple[int, int] | None:
    """Has the workers look at a message whose acknowledgement was undone, in the open transaction.

    Its place and its next step stand in its row as they stood before; a step that fell due
    meanwhile is due now. Where every delivery of its present attempt failed meanwhile, while nobody
    was to leave the level for it, gives that level and attempt, which are to be left now.
    """
    message = Message.objects.get(pk=message_id)
    if message.status not in MOVING:
        return None
    wake()
    level_id, attempt = message.escalation_level_id, message.escalation_counter
    if level_id is None or not all_failed(message_id, level_id, attempt):
        return None
    return level_id, attempt
