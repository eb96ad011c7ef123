"""Carries out what the rules decide, for many messages at once: words, deliveries, places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery import actions as deliveries
from deskbell.messages.models import Activity, ActivityKind, Message, MessageStatus
from deskbell.messages.moves import Move, move

from .. import words
from ..rules.chains import Decision, Happening, Kind, Place

MOVING = (MessageStatus.NEW, MessageStatus.DELIVERED)
# What a step reads of a message, and what it brings up to date.
NEEDED = (
    "account_id",
    "status",
    "is_emergency",
    "escalation_level_id",
    "escalation_counter",
    "escalation_loops",
    "next_escalation_at",
    "activities_count",
    "updated_at",
)
_ENDS = (Kind.EXHAUSTED,)
_TRIES = (Kind.ATTEMPT, Kind.FALLBACK)


@dataclass(frozen=True, slots=True)
class Step:
    """A message whose row is locked, and what was decided for it. `by` is who had it go on."""

    message: Message
    decision: Decision[DeliveryMethod]
    by: str = ""


def place_of(message: Message) -> Place:
    """Where a message stands, as the rules know it."""
    loops = {int(level_id): count for level_id, count in message.escalation_loops.items()}
    return Place(message.escalation_level_id, message.escalation_counter, loops)


def locked(message_id: int, *, wait: bool = True) -> Message | None:
    """A message with its row locked; None where it is gone, or, without `wait`, where another has
    it."""
    rows = Message.objects.select_for_update(no_key=True, skip_locked=not wait)
    return rows.filter(pk=message_id).first()


def carry_out(steps: Sequence[Step], at: datetime) -> None:
    """Writes the steps in the transaction that is open, and queues their deliveries."""
    held = _already_told([each for each in steps if each.decision.last.kind is Kind.HELD])
    move([_move(each, held) for each in steps], at=at)
    deliveries.deliver_many(_orders(steps), at=at)


def _move(step: Step, held: set[int]) -> Move:
    happenings = step.decision.happenings
    if step.message.pk in held:  # it was said, and nothing else happened since
        happenings = ()
    place = step.decision.place
    return Move(
        message=step.message,
        level_id=place.level_id,
        attempt=place.attempt,
        next_at=step.decision.next_at,
        loops=place.loops,
        texts=tuple(words.told(each, by=step.by) for each in happenings),
        is_exhausted=step.decision.last.kind in _ENDS,
    )


def _orders(steps: Sequence[Step]) -> list[deliveries.Order]:
    return [
        deliveries.Order(
            step.message, each.methods, each.rung.level_id, each.rung.name, each.attempt
        )
        for step in steps
        for each in _tries(step)
        if each.rung is not None
    ]


def _tries(step: Step) -> list[Happening[DeliveryMethod]]:
    return [each for each in step.decision.happenings if each.kind in _TRIES]


def _already_told(steps: Sequence[Step]) -> set[int]:
    """Of messages that are held, those of which that is the last thing that was said."""
    if not steps:
        return set()
    said = Activity.objects.filter(
        message__in=[each.message for each in steps], kind=ActivityKind.ESCALATION
    )
    last = said.order_by("message_id", "-id").distinct("message_id")
    texts = dict(last.values_list("message_id", "text"))
    return {
        each.message.pk
        for each in steps
        if len(each.decision.happenings) == 1
        and texts.get(each.message.pk) == words.told(each.decision.last)
    }
