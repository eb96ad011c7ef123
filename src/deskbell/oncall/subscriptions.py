"""What on call does when a lower room tells it something: it queues work, then and there."""

from __future__ import annotations

from deskbell.accounts.hooks import ZoneEvent
from deskbell.delivery.hooks import DeliveryEvent, PassedOn
from deskbell.delivery.queries import all_failed
from deskbell.messages.hooks import MessageEvent
from deskbell.platform.jobs import enqueue

from . import jobs
from .actions import pass_on, resume, set_out
from .actions.zones import follow_zone


def on_message_taken(event: MessageEvent) -> None:
    """A message was taken: its first step is due at once, and in its row, as every later one is."""
    set_out(message_id=event.message_id)


def on_message_resumed(event: MessageEvent) -> None:
    """An acknowledgement was undone: escalation goes on where it stood."""
    left = resume(message_id=event.message_id)
    if left is not None:
        level_id, attempt = left
        enqueue(
            jobs.leave_failed,
            account_id=event.account_id,
            message_id=event.message_id,
            level_id=level_id,
            attempt=attempt,
        )


def on_message_exhausted(event: MessageEvent) -> None:
    """Nobody acknowledged: the operator is told."""
    enqueue(jobs.tell_operator, account_id=event.account_id, message_id=event.message_id)


def on_delivery_failed(event: DeliveryEvent) -> None:
    """A delivery cannot arrive: where it was the attempt's last hope, the level is left."""
    if event.level_id is None or not all_failed(event.message_id, event.level_id, event.attempt):
        return
    enqueue(
        jobs.leave_failed,
        account_id=event.account_id,
        message_id=event.message_id,
        level_id=event.level_id,
        attempt=event.attempt,
    )


def on_passed_on(event: PassedOn) -> None:
    """Somebody wants the next level to have a message: it goes there now, and they are told."""
    words = pass_on(
        message_id=event.message_id,
        by=event.by,
        through=event.through,
        at=event.at,
        address=event.address,
    )
    if words:
        event.words.append(words)


def on_time_zone_changed(event: ZoneEvent) -> None:
    """An account has another time zone: its shifts and covers keep their times of day."""
    follow_zone(account_id=event.account_id, at=event.at)
