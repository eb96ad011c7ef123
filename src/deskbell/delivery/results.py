"""What a try's outcome changes: the delivery, its message, and what people read of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import connection, transaction

from deskbell.foundation.durations import in_words
from deskbell.messages import actions as messages
from deskbell.messages.arrivals import Arrival, mark_arrived
from deskbell.messages.errors import AlreadyAcknowledged
from deskbell.messages.models import Activity, ActivityKind, Message, MessageStatus
from deskbell.platform.changes import touch

from .hooks import DeliveryEvent, delivery_failed
from .models import Delivery, DeliveryState, Try
from .queueing import queue_recalls, queue_try
from .registry import transports
from .rules import UNDER_WAY_LIMIT, next_try
from .transport import Fate, Outcome
from .wording import one_line

_OVER = (DeliveryState.DELIVERED, DeliveryState.UNANSWERED, DeliveryState.FAILED)
OF_THE_DESK = 0  # whose version the pages of all receptionists follow
_IN_HAND = (DeliveryState.SENDING, DeliveryState.UNDER_WAY)


def keep(delivery: Delivery, outcome: Outcome, *, at: datetime) -> None:
    """Keeps the outcome of the try that `delivery` was claimed for, known `at`.

    One transaction: the delivery's state, the try, an activity in words, the next try or the hook
    for a lasting failure, and the acknowledgement where the answer was one. Where a report was
    faster, or another worker has claimed the delivery since, only an outcome that ends it counts.
    """
    with transaction.atomic(durable=True):
        message, now = _locked(delivery)
        is_ours = now.state == delivery.state and now.tries == delivery.tries
        if is_ours or (now.state not in _OVER and outcome.fate == Fate.DELIVERED):
            _settle(message, now, _fit_to_keep(outcome), at, number=delivery.tries)
        elif outcome.provider_id and not now.provider_id:
            now.provider_id = one_line(outcome.provider_id, 200)
            now.save(update_fields=["provider_id"])


def keep_many(outcomes: Sequence[tuple[Delivery, Outcome]], *, at: datetime) -> None:
    """As `keep` for each, in one transaction and a few statements for those that just arrived."""
    plain = [(each, outcome) for each, outcome in outcomes if _is_plain(each, outcome)]
    kept = _keep_plain(plain, at) if plain else set()
    for delivery, outcome in outcomes:
        if delivery.pk not in kept:
            keep(delivery, outcome, at=at)


def _is_plain(delivery: Delivery, outcome: Outcome) -> bool:
    arrived = outcome.fate == Fate.DELIVERED and not outcome.acknowledged
    return arrived and not delivery.sent_again and delivery.bundle is None


def _keep_plain(plain: Sequence[tuple[Delivery, Outcome]], at: datetime) -> set[int]:
    """Keeps those that nobody else has touched since; gives their ids."""
    ids = [each.pk for each, _ in plain]
    with transaction.atomic(durable=True):
        messages_of = Message.objects.select_for_update(no_key=True).order_by("pk")
        list(messages_of.filter(pk__in={each.message_id for each, _ in plain}).values_list("pk"))
        rows = Delivery.objects.select_for_update().filter(pk__in=ids).order_by("pk")
        now = {pk: (state, tries) for pk, state, tries in rows.values_list("pk", "state", "tries")}
        ours = [
            (each, _fit_to_keep(outcome))
            for each, outcome in plain
            if now.get(each.pk) == (DeliveryState.SENDING, each.tries)
        ]
        _finish_plain(ours, at)
        mark_arrived([_arrival(each) for each, _ in ours], at=at)
    return {each.pk for each, _ in ours}


_FINISH = """
WITH sent AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(answers)s::text[], %(provider_ids)s::text[],
                         %(senders)s::text[]) AS sent (id, answer, provider_id, sender)
), tried AS (
    INSERT INTO delivery_try
        (account_id, delivery_id, number, began_at, ended_at, fate, answer, provider_id)
    SELECT delivery.account_id, delivery.id, delivery.tries, delivery.claimed_at, %(at)s, %(fate)s,
           sent.answer, sent.provider_id
    FROM sent JOIN delivery_delivery AS delivery ON delivery.id = sent.id
    ORDER BY delivery.id
)
UPDATE delivery_delivery AS delivery
SET state = %(state)s, finished_at = %(at)s, next_try_at = NULL, deadline_at = NULL,
    answer = sent.answer,
    provider_id = coalesce(nullif(sent.provider_id, ''), delivery.provider_id),
    sender = coalesce(nullif(sent.sender, ''), delivery.sender)
FROM sent WHERE delivery.id = sent.id
"""


def _finish_plain(ours: Sequence[tuple[Delivery, Outcome]], at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _FINISH,
            {
                "at": at,
                "state": DeliveryState.DELIVERED.value,
                "fate": Fate.DELIVERED.value,
                "ids": [each.pk for each, _ in ours],
                "answers": [outcome.words for _, outcome in ours],
                "provider_ids": [outcome.provider_id for _, outcome in ours],
                "senders": [outcome.sender for _, outcome in ours],
            },
        )


def _arrival(delivery: Delivery, more: str = "") -> Arrival:
    method = delivery.method
    return Arrival(
        account_id=delivery.account_id,
        message_id=delivery.message_id,
        text=f"{_named(delivery)} delivered{more}",
        to=delivery.contact_name,
        contact_id=method.contact_id if method else None,
    )


def report(delivery: Delivery, outcome: Outcome, *, provider_id: str, at: datetime) -> None:
    """Keeps what is said of a try from outside, maybe before the try itself came back."""
    provider_id = one_line(provider_id or outcome.provider_id, 200)
    outcome = replace(_fit_to_keep(outcome), provider_id=provider_id)
    with transaction.atomic():
        message, now = _locked(delivery)
        number = _number_of(now, provider_id)
        is_current = now.state in _IN_HAND and number == now.tries
        if is_current or (now.state not in _OVER and outcome.fate == Fate.DELIVERED):
            _settle(message, now, outcome, at, number=number)
        elif outcome.acknowledged and message.status != MessageStatus.ACKNOWLEDGED:
            _acknowledge(message, outcome.by or now.contact_name, now.kind, at)


def correct(delivery: Delivery, outcome: Outcome, *, at: datetime) -> None:
    """Keeps what is said of a delivery that counted as delivered, or will in a moment."""
    if outcome.fate not in {Fate.DELIVERED, Fate.LASTING}:
        return
    outcome = _fit_to_keep(outcome)
    with transaction.atomic():
        message, now = _locked(delivery)
        if now.state == DeliveryState.DELIVERED and now.answer != outcome.words:
            now.answer = outcome.words
            _write_down(now, outcome, at, number=now.tries)
            if outcome.fate == Fate.LASTING:
                _fail(message, now, f"came back: {outcome.words}", at)
            else:
                now.save(update_fields=["answer"])
        elif now.state in _IN_HAND:
            _settle(message, now, outcome, at, number=now.tries)


def _locked(delivery: Delivery) -> tuple[Message, Delivery]:
    message = Message.objects.select_for_update(no_key=True).get(pk=delivery.message_id)
    now = Delivery.objects.select_for_update(of=("self",)).select_related("method")
    return message, now.get(pk=delivery.pk)


def _number_of(delivery: Delivery, provider_id: str) -> int:
    """Which try of a delivery is meant: an earlier one where that had this id, else the last."""
    if delivery.tries < 2 or not provider_id or provider_id == delivery.provider_id:
        return delivery.tries
    earlier = Try.objects.filter(delivery=delivery, provider_id=provider_id)
    return earlier.values_list("number", flat=True).first() or delivery.tries


def _fit_to_keep(outcome: Outcome) -> Outcome:
    return replace(
        outcome,
        words=one_line(outcome.words, 500),
        provider_id=one_line(outcome.provider_id, 200),
        by=one_line(outcome.by, 200),
        sender=one_line(outcome.sender, 32),
    )


def _settle(
    message: Message, delivery: Delivery, outcome: Outcome, at: datetime, *, number: int
) -> None:
    """Changes the delivery, whose row is locked, as its outcome says."""
    _write_down(delivery, outcome, at, number=number)
    delivery.answer = outcome.words
    delivery.provider_id = outcome.provider_id or delivery.provider_id
    delivery.sender = outcome.sender or delivery.sender
    delivery.next_try_at = delivery.deadline_at = None
    _KEEPERS[outcome.fate](message, delivery, outcome, at)


def _write_down(delivery: Delivery, outcome: Outcome, at: datetime, *, number: int) -> None:
    """Keeps the try as proof; one that was under way already has its row."""
    known = {"ended_at": at, "fate": outcome.fate.value, "answer": outcome.words}
    if outcome.provider_id:
        known["provider_id"] = outcome.provider_id
    has_row = delivery.state not in {DeliveryState.SENDING}
    if has_row and Try.objects.filter(delivery=delivery, number=number).update(**known):
        return
    Try.objects.create(
        account_id=delivery.account_id,
        delivery=delivery,
        number=number,
        began_at=delivery.claimed_at or at,
        **known,
    )


def _keep_delivered(message: Message, delivery: Delivery, outcome: Outcome, at: datetime) -> None:
    _finish(delivery, DeliveryState.DELIVERED, at)
    again = " (sent again, it may have arrived twice)" if delivery.sent_again else ""
    together = ", together with others" if delivery.bundle else ""
    mark_arrived([_arrival(delivery, f"{together}{again}")], at=at)
    if outcome.acknowledged:
        _acknowledge(message, outcome.by or delivery.contact_name, delivery.kind, at)


def _acknowledge(message: Message, by: str, through: str, at: datetime) -> None:
    try:
        messages.acknowledge(message=message, by=by, at=at, through=through)
    except AlreadyAcknowledged as first:
        text = f"{by} acknowledged too; {first.by} was first"
        _tell(message, ActivityKind.DELIVERED, text, at)


def _keep_under_way(message: Message, delivery: Delivery, outcome: Outcome, at: datetime) -> None:
    within = outcome.within or UNDER_WAY_LIMIT
    delivery.state, delivery.deadline_at = DeliveryState.UNDER_WAY, at + within
    delivery.taken_by = None
    delivery.save()
    if delivery.by_receptionist:
        touch(OF_THE_DESK)
    queue_try(delivery, after=within, deadline=True)
    if delivery.is_over_for(message):
        queue_recalls([delivery])


def _keep_unanswered(message: Message, delivery: Delivery, outcome: Outcome, at: datetime) -> None:
    if delivery.is_over_for(message):
        _finish(delivery, DeliveryState.STOPPED, at)
        return
    if _was_cut_short(message, delivery):
        delivery.state, delivery.next_try_at = DeliveryState.RETRYING, at
        delivery.save()
        queue_try(delivery, after=timedelta(0))
        text = f"{_named(delivery)} was ended by an acknowledgement that was undone; it goes again"
        _tell(message, ActivityKind.RETRY, text, at)
        return
    _finish(delivery, DeliveryState.UNANSWERED, at)
    _tell(message, ActivityKind.FAILED, f"{_named(delivery)} not answered: {outcome.words}", at)


def _was_cut_short(message: Message, delivery: Delivery) -> bool:
    """Whether an acknowledgement that was undone since had it called back, as a call that rang."""
    if delivery.claimed_at is None or delivery.forwarded_by:
        return False
    undone = Activity.objects.filter(message=message, kind=ActivityKind.RESUMED)
    return undone.filter(at__gte=delivery.claimed_at).exists()


def _keep_passing(message: Message, delivery: Delivery, outcome: Outcome, at: datetime) -> None:
    if delivery.is_over_for(message):
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
    Fate.UNDER_WAY: _keep_under_way,
    Fate.UNANSWERED: _keep_unanswered,
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
