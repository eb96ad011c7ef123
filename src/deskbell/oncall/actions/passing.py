"""A message that goes on before its time: passed on, sent again, or its level deleted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.messages import actions as messages
from deskbell.messages.errors import AlreadyAcknowledged
from deskbell.messages.hooks import MessageEvent, message_escalated
from deskbell.messages.models import ActivityKind, Message, MessageStatus
from deskbell.messages.places import in_words
from deskbell.platform.beat import wake

from .. import words
from ..models import EscalationLevel
from ..queries.board import AccountBoard
from ..rules.chains import Why, leave, onward
from .carrying import MOVING, Step, carry_out, locked, place_of


def pass_on(
    *, message_id: int, by: str, through: str, at: datetime, address: str = ""
) -> str | None:
    """Has a message go on to the next level at once, as `by` wants it to.

    `through` is from where, one of `messages.places.PLACES`. Gives what happened, in words for that
    person. Where no level follows nothing happens but an activity that says so, and it gives None;
    as it does for a message that is acknowledged, gone, or not on a level.
    """
    with transaction.atomic():
        message = locked(message_id)
        if message is None or message.status == MessageStatus.ACKNOWLEDGED:
            return None
        board, place = AccountBoard(message.account_id), place_of(message)
        rung = None if place.level_id is None else board.rung(place.level_id)
        if rung is None:
            return None
        who = f"{by}, {in_words(through, address)},"
        is_over = message.status not in MOVING
        if is_over or onward(board, rung, place.loops) is None:
            _say(message, words.nobody_follows(who, rung.name), at, by)
            return None
        decision = leave(board, place, at, Why.PASSED_ON)
        if decision is None:
            return None
        carry_out([Step(message, decision, by=who)], at)
    return words.passed_on(decision.last)


def leave_deleted(*, level: EscalationLevel, at: datetime) -> int:
    """Has every message on a level go on from there at once, because it is about to be deleted.

    Call it before the level goes, in the same transaction. A message goes to the level that
    follows, else it is exhausted and the operator told. Gives how many there were.
    """
    with transaction.atomic():
        board = AccountBoard(level.account_id, without=level.pk)
        rows = Message.objects.select_for_update(no_key=True).filter(
            account_id=level.account_id, escalation_level_id=level.pk, status__in=MOVING
        )
        steps = [
            Step(message, decision)
            for message in rows.order_by("pk")
            if (decision := leave(board, place_of(message), at, Why.DELETED)) is not None
        ]
        carry_out(steps, at)
    return len(steps)


def send_to(*, message_id: int, level: EscalationLevel, at: datetime, by: str = "") -> None:
    """Has a message start again at a level, whatever it went through; an exhausted one too.

    Its first attempt there is due at once. Raises NotFound, AlreadyAcknowledged, and InvalidInput
    for another account's level.
    """
    with transaction.atomic():
        message = locked(message_id)
        if message is None:
            raise NotFound("No such message")
        if message.status == MessageStatus.ACKNOWLEDGED:
            raise AlreadyAcknowledged(message.acknowledged_by)
        if level.account_id != message.account_id:
            raise InvalidInput("There is no such escalation level here", field="level")
        before = message.escalation_level_id
        messages.reopen(message=message, at=at)
        _say(message, words.sent_again(level.name, by), at, by)
        messages.place(message=message, level_id=level.pk, attempt=0, next_at=at, at=at, loops={})
        if before not in {None, level.pk}:
            message_escalated.fire(MessageEvent(message.account_id, message.pk))
        wake()


def _say(message: Message, text: str, at: datetime, by: str) -> None:
    messages.add_activity(message=message, kind=ActivityKind.ESCALATION, text=text, at=at, by=by)
