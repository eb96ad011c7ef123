"""A message's way from level to level until somebody acknowledges it.

Every step locks the message, so of two jobs, or of an attempt and an acknowledgement, one comes
first and the other finds that nothing is left to do. The step's activity, deliveries, next time
and timer are one transaction. Source: design, on call, "Escalation".
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery import actions as deliveries
from deskbell.delivery.queries import all_failed
from deskbell.delivery.registry import transports
from deskbell.messages import actions as messages
from deskbell.messages.models import Activity, ActivityKind, Message, MessageStatus
from deskbell.platform.jobs import enqueue
from deskbell.platform.tenancy import account_scope, system_scope

from .. import queries, words
from ..models import EscalationLevel
from ..rules import Waits, goes_again, leaving_wait, next_step

log = logging.getLogger(__name__)
_MOVING = (MessageStatus.NEW, MessageStatus.DELIVERED)
_AT_ONCE = 200
_OVERDUE = timedelta(seconds=5)
# Calendars change while a message is held: somebody may be put on call before the next shift.
_HELD_LOOK = timedelta(minutes=5)


def set_out(*, message_id: int) -> None:
    """Has a message that was just taken take its first step as soon as it is kept.

    Writes the instant into its row and queues the step, in the transaction that is open.
    """
    message = Message.objects.get(pk=message_id)
    _set_timer(message, message.escalation_level_id, 0, message.created_at, message.created_at)


def escalate(*, message_id: int, at: datetime, wait: bool = True) -> bool:
    """Takes the step that is due for a message: an attempt, the next level, or the end.

    A message that was just taken is due at once: it goes to its level, else to the account's
    first; where the account has none it stays new, and an activity says so. Does nothing (False)
    where no step is due at `at`, so that a timer may come twice or late. A row that is locked is
    waited for, or, without `wait`, left to whoever has it.
    """
    with transaction.atomic():
        message = _locked(message_id, wait=wait)
        if message is None or message.status not in _MOVING:
            return False
        if message.next_escalation_at is None or message.next_escalation_at > at:
            return False
        level = _level_of(message)
        if level is None:
            _try_first(message, at)
        elif goes_again(_waits(level), message.escalation_counter):
            _try_from(message, level, message.escalation_counter + 1, at)
        else:
            why = partial(words.nobody_acknowledged, level.name, leaving_wait(_waits(level)))
            _go_on(message, level, why, at)
    return True


def leave_failed(*, message_id: int, level_id: int, attempt: int, at: datetime) -> bool:
    """Leaves a level at once where every delivery of its present attempt failed lastingly.

    Does nothing (False) where the message has moved on, or a delivery may still arrive.
    """
    with transaction.atomic():
        message = _locked(message_id)
        if message is None or message.status not in _MOVING:
            return False
        place = (message.escalation_level_id, message.escalation_counter)
        if place != (level_id, attempt) or not all_failed(message_id, level_id, attempt):
            return False
        level = _level_of(message)
        if level is None:
            return False
        _go_on(message, level, partial(words.all_failed, level.name), at)
    return True


def run_due(at: datetime, *, overdue: timedelta = timedelta(0)) -> int:
    """Takes every escalation step of all accounts that is due at `at` (for `overdue` at least).

    Each message in a transaction of its own; what another worker holds is left to it, and one
    that fails does not stop the others. Gives how many steps were taken.
    """
    steps = 0
    with system_scope("due messages of all accounts move on"):
        failed: set[int] = set()
        while True:
            due = Message.objects.filter(next_escalation_at__lte=at - overdue, status__in=_MOVING)
            ordered = due.exclude(pk__in=failed).order_by("next_escalation_at", "pk")
            taken = 0
            for message_id, account_id in ordered.values_list("pk", "account_id")[:_AT_ONCE]:
                try:
                    with account_scope(account_id):
                        taken += escalate(message_id=message_id, at=at, wait=False)
                except Exception:
                    log.exception("Message %s cannot move on", message_id)
                    failed.add(message_id)
            steps += taken
            if not taken:
                return steps


def watch(at: datetime) -> int:
    """The watchdog: moves messages and deliveries that are due and not moving, and reports them.

    Gives how many it moved.
    """
    moved = run_due(at, overdue=_OVERDUE)
    if moved:
        log.warning("%s escalation steps were due and not moving; moved them", moved)
    recovered = deliveries.recover(at)
    if recovered:
        log.warning("%s deliveries were not moving; queued them again", recovered)
    return moved + recovered


def _locked(message_id: int, *, wait: bool = True) -> Message | None:
    rows = Message.objects.select_for_update(no_key=True, skip_locked=not wait)
    return rows.filter(pk=message_id).first()


def _level_of(message: Message) -> EscalationLevel | None:
    if message.escalation_level_id is None:
        return None
    found = EscalationLevel.objects.select_related("next_level")
    return found.filter(account_id=message.account_id, pk=message.escalation_level_id).first()


def _first_level(message: Message) -> EscalationLevel | None:
    found = queries.levels().filter(account_id=message.account_id)
    return found.select_related("next_level").first()


def _waits(level: EscalationLevel) -> Waits:
    return Waits(
        level.repeat, level.repeat_seconds, level.wait_seconds, is_last=level.next_level_id is None
    )


def _try_first(message: Message, at: datetime) -> None:
    """The message has no level, or one that is gone: it starts at the account's first."""
    was_on_level = message.escalation_level_id is not None
    level = _first_level(message)
    if level is not None:
        if was_on_level:
            _say(message, words.LEVEL_GONE, at)
        _try_from(message, level, 1, at)
    elif was_on_level:
        messages.exhaust(message=message, text=words.NO_LEVELS, at=at)
    else:
        _say(message, words.NO_LEVELS, at)
        messages.place(message=message, level_id=None, attempt=0, next_at=None, at=at)


def _go_on(
    message: Message, level: EscalationLevel, why: Callable[[str | None], str], at: datetime
) -> None:
    following = _leave(message, level, why, at, set())
    if following is not None:
        _try_from(message, following, 1, at)


def _try_from(message: Message, level: EscalationLevel, number: int, at: datetime) -> None:
    """Attempt `number` on the level; where nobody is there, the first on the next that has
    somebody."""
    left: set[int] = set()
    while not _attempt(message, level, number, at):
        left.add(level.pk)
        following = _leave(message, level, partial(words.nobody_on_call, level.name), at, left)
        if following is None:
            return
        level, number = following, 1


def _leave(
    message: Message,
    level: EscalationLevel,
    why: Callable[[str | None], str],
    at: datetime,
    left: set[int],
) -> EscalationLevel | None:
    """Writes down why a level is left and gives the one that follows; where none does, the
    message is exhausted."""
    following = level.next_level
    if following is not None and following.pk in left:
        following = None
    text = why(following.name if following else None)
    if following is None:
        messages.place(
            message=message,
            level_id=level.pk,
            attempt=message.escalation_counter,
            next_at=None,
            at=at,
        )
        messages.exhaust(message=message, text=text, at=at)
    else:
        _say(message, text, at)
    return following


def _attempt(message: Message, level: EscalationLevel, number: int, at: datetime) -> bool:
    """One attempt on a level, or its wait for the next shift; False where neither can be."""
    methods, say = queries.on_call(level, at), words.attempt
    if not methods:
        methods, say = queries.level_fallback(level), words.attempt_by_fallback
    if not methods and level.hold_until_on_call and _hold(message, level, number, at):
        return True
    if not methods:
        methods = queries.account_fallback(message.account_id)
    if not methods:
        return False
    _say(message, say(number, level.name, [_way(method) for method in methods]), at)
    deliveries.deliver(
        message=message,
        methods=methods,
        level_id=level.pk,
        level_name=level.name,
        attempt=number,
        at=at,
    )
    _set_timer(message, level.pk, number, next_step(_waits(level), number, at).at, at)
    return True


def _hold(message: Message, level: EscalationLevel, number: int, at: datetime) -> bool:
    shift = queries.next_shift(level, at)
    if shift is None:
        return False
    _say_once(message, words.held(level.name), at)
    _set_timer(message, level.pk, number - 1, min(shift, at + _HELD_LOOK), at)
    return True


def _set_timer(
    message: Message, level_id: int | None, number: int, due: datetime, at: datetime
) -> None:
    from ..jobs import escalate as escalate_job  # the job calls this module

    messages.place(message=message, level_id=level_id, attempt=number, next_at=due, at=at)
    message.escalation_counter = number
    enqueue(
        escalate_job,
        after=due - at,
        account_id=message.account_id,
        message_id=message.pk,
        due=due.isoformat(),
    )


def _way(method: DeliveryMethod) -> str:
    transport = transports().get(method.kind)
    return words.way(transport.label if transport else method.kind, method.contact.name)


def _say(message: Message, text: str, at: datetime) -> None:
    messages.add_activity(message=message, kind=ActivityKind.ESCALATION, text=text, at=at)


def _say_once(message: Message, text: str, at: datetime) -> None:
    """Says it unless it is the last thing that was said of the message's way."""
    said = Activity.objects.filter(message=message, kind=ActivityKind.ESCALATION)
    if said.order_by("-id").values_list("text", flat=True).first() != text:
        _say(message, text, at)
