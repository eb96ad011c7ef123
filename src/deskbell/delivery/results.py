"""What a try's outcome changes: the delivery, its message, and what people read of both."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from deskbell.foundation.durations import in_words
from deskbell.messages import actions as messages
from deskbell.messages.errors import AlreadyAcknowledged
from deskbell.messages.models import ActivityKind, Message, MessageStatus

from .hooks import DeliveryEvent, delivery_failed
from .models import Delivery, DeliveryState
from .queueing import queue_try
from .registry import transports
from .rules import next_try
from .transport import Fate, Outcome
from .wording import one_line


def keep(delivery: Delivery, outcome: Outcome, *, at: datetime) -> None:
    """Keeps the outcome of the try that `delivery` was claimed for, known `at`.

    One transaction: the delivery's state, an activity in words, the next try or the hook for a
    lasting failure, and the acknowledgement where the answer was one. Where another worker has
    claimed the delivery since, only an outcome that ends it counts.
    """
    with transaction.atomic(durable=True):
        message = Message.objects.select_for_update(no_key=True).get(pk=delivery.message_id)
        now = Delivery.objects.select_for_update().get(pk=delivery.pk)
        is_ours = now.state == DeliveryState.SENDING and now.tries == delivery.tries
        if not is_ours and (
            now.state in (DeliveryState.DELIVERED, DeliveryState.FAILED)
            or outcome.fate != Fate.DELIVERED
        ):
            return
        outcome = _fit_to_keep(outcome)
        now.answer = outcome.words
        now.provider_id = outcome.provider_id or now.provider_id
        now.next_try_at = None
        _KEEPERS[outcome.fate](message, now, outcome, at)


def _fit_to_keep(outcome: Outcome) -> Outcome:
    return replace(
        outcome,
        words=one_line(outcome.words, 500),
        provider_id=one_line(outcome.provider_id, 200),
        by=one_line(outcome.by, 200),
    )


def _keep_delivered(message: Message, delivery: Delivery, outcome: Outcome, at: datetime) -> None:
    _finish(delivery, DeliveryState.DELIVERED, at)
    method = delivery.method
    messages.mark_delivered(
        message=message,
        to=delivery.contact_name,
        contact_id=method.contact_id if method else None,
        at=at,
    )
    again = " (sent again, it may have arrived twice)" if delivery.sent_again else ""
    _tell(message, ActivityKind.DELIVERED, f"{_named(delivery)} delivered{again}", at)
    if outcome.acknowledged:
        _acknowledge(message, outcome.by or delivery.contact_name, delivery.kind, at)


def _acknowledge(message: Message, by: str, through: str, at: datetime) -> None:
    try:
        messages.acknowledge(message=message, by=by, at=at, through=through)
    except AlreadyAcknowledged as first:
        text = f"{by} acknowledged too; {first.by} was first"
        _tell(message, ActivityKind.DELIVERED, text, at)


def _keep_passing(message: Message, delivery: Delivery, outcome: Outcome, at: datetime) -> None:
    if message.status == MessageStatus.ACKNOWLEDGED:
        _finish(delivery, DeliveryState.STOPPED, at)
        return
    when = next_try(
        created_at=delivery.created_at,
        tries=delivery.tries,
        at=at,
        retry_after=outcome.retry_after,
    )
    if when is None:
        tries = "1 try" if delivery.tries == 1 else f"{delivery.tries} tries"
        _fail(message, delivery, f"gave up after {tries}: {outcome.words}", at)
        return
    delivery.state, delivery.next_try_at = DeliveryState.RETRYING, when
    delivery.sent_again |= outcome.may_have_arrived
    delivery.save()
    queue_try(delivery, after=when - at)
    wait = in_words((when - at).total_seconds())
    text = f"{_named(delivery)} did not go out: {outcome.words}. Next try in {wait}"
    _tell(message, ActivityKind.RETRY, text, at)


def _keep_lasting(message: Message, delivery: Delivery, outcome: Outcome, at: datetime) -> None:
    _fail(message, delivery, f"failed: {outcome.words}", at)


_KEEPERS = {
    Fate.DELIVERED: _keep_delivered,
    Fate.PASSING: _keep_passing,
    Fate.LASTING: _keep_lasting,
}


def _fail(message: Message, delivery: Delivery, words: str, at: datetime) -> None:
    _finish(delivery, DeliveryState.FAILED, at)
    _tell(message, ActivityKind.FAILED, f"{_named(delivery)} {words}", at)
    delivery_failed.fire(
        DeliveryEvent(
            account_id=delivery.account_id,
            message_id=delivery.message_id,
            delivery_id=delivery.pk,
            level_id=delivery.level_id,
            attempt=delivery.attempt,
        )
    )


def _finish(delivery: Delivery, state: DeliveryState, at: datetime) -> None:
    delivery.state, delivery.finished_at = state, at
    delivery.save()


def _named(delivery: Delivery) -> str:
    transport = transports().get(delivery.kind)
    return f"{transport.label if transport else delivery.kind} to {delivery.contact_name}"


def _tell(message: Message, kind: ActivityKind, text: str, at: datetime) -> None:
    messages.add_activity(message=message, kind=kind, text=text, at=at)
