"""Where messages go in their escalation: many at once, as when a storm of them is due.

However many there are, it takes one statement for what happened to them, one for where they then
stand, and one for each account's version.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from deskbell.platform.changes import touch_all

from .hooks import MessageEvent, message_escalated, message_exhausted
from .lines import Line, write_down
from .models import ActivityKind, Message, MessageStatus


@dataclass(frozen=True, slots=True)
class Move:
    """One message's step: what is said of it, oldest first, where it then stands, and when it goes
    on. `loops` is how often it went on from each level whose chain leads back. One `is_exhausted`
    has come to the end; the last of `texts` says so."""

    message: Message
    level_id: int | None
    attempt: int
    next_at: datetime | None
    loops: Mapping[int, int] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    is_exhausted: bool = False


def move(moves: Sequence[Move], *, at: datetime) -> None:
    """Writes the steps of messages whose rows the open transaction has locked.

    The messages in hand are brought up to date as well. Fires `message_escalated` for those that
    went on to another level, and `message_exhausted` for those that have come to the end. One that
    is acknowledged stays as it is.
    """
    if not moves:
        return
    escalated = [_event(each) for each in moves if _is_elsewhere(each)]
    with transaction.atomic():
        _say(moves, at)
        _place(moves, at)
        touch_all(each.message.account_id for each in moves)
        message_escalated.fire(*escalated)
        message_exhausted.fire(*[_event(each) for each in moves if each.is_exhausted])


def _event(move: Move) -> MessageEvent:
    return MessageEvent(move.message.account_id, move.message.pk)


def _is_elsewhere(move: Move) -> bool:
    """Whether a message goes from one level to another; its first is not one that it goes on to."""
    before = move.message.escalation_level_id
    return before is not None and move.level_id not in {None, before} and not move.is_exhausted


def _say(moves: Sequence[Move], at: datetime) -> None:
    write_down(
        [
            Line(each.message.account_id, each.message.pk, _kind(each, number), text)
            for each in moves
            for number, text in enumerate(each.texts, 1)
        ],
        at=at,
    )


def _kind(move: Move, number: int) -> ActivityKind:
    is_end = move.is_exhausted and number == len(move.texts)
    return ActivityKind.EXHAUSTED if is_end else ActivityKind.ESCALATION


_PLACE = """
UPDATE deskbell_messages_message AS message
SET escalation_level_id = moved.level_id,
    escalation_counter = moved.attempt,
    next_escalation_at = moved.next_at,
    escalation_loops = moved.loops::jsonb,
    status = CASE WHEN moved.is_exhausted THEN %s ELSE message.status END,
    activities_count = message.activities_count + moved.said,
    updated_at = %s
FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::timestamptz[], %s::text[], %s::boolean[],
            %s::int[]) AS moved (id, level_id, attempt, next_at, loops, is_exhausted, said)
WHERE message.id = moved.id AND message.status <> %s
"""


def _place(moves: Sequence[Move], at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _PLACE,
            [
                MessageStatus.EXHAUSTED.value,
                at,
                [each.message.pk for each in moves],
                [each.level_id for each in moves],
                [each.attempt for each in moves],
                [each.next_at for each in moves],
                [json.dumps({str(key): n for key, n in each.loops.items()}) for each in moves],
                [each.is_exhausted for each in moves],
                [len(each.texts) for each in moves],
                MessageStatus.ACKNOWLEDGED.value,
            ],
        )
    for each in moves:
        message = each.message
        message.escalation_level_id, message.escalation_counter = each.level_id, each.attempt
        message.next_escalation_at, message.updated_at = each.next_at, at
        message.activities_count += len(each.texts)
        message.escalation_loops = {str(key): count for key, count in each.loops.items()}
        if each.is_exhausted:
            message.status = MessageStatus.EXHAUSTED
