"""A message's way from level to level until somebody acknowledges it.

Every step locks the message, so of two workers, or of an attempt and an acknowledgement, one comes
first and the other finds that nothing is left to do. What happens is decided by `rules.chains`;
the step's activity, deliveries and next time are one transaction. The next time stands in the
message's row, where the workers' beat finds it. Source: design, on call, "Escalation".
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min, QuerySet

from deskbell.delivery import actions as deliveries
from deskbell.delivery.queries import all_failed
from deskbell.messages import actions as messages
from deskbell.messages.models import Message
from deskbell.platform.beat import wake
from deskbell.platform.tenancy import account_scope, system_scope

from ..alarms import alarm
from ..queries.board import AccountBoard
from ..rules.chains import Why, decide, leave
from .carrying import MOVING, NEEDED, Step, carry_out, locked, place_of

log = logging.getLogger(__name__)
Boards = dict[int, AccountBoard]
# Enough that a storm takes few transactions, few enough that an acknowledgement, which waits for
# the transaction its message is in, waits for some tens of milliseconds only.
BATCH = 100
_FRESH = 10 * BATCH
_OVERDUE = timedelta(seconds=5)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=1), timedelta(minutes=5)


def set_out(*, message_id: int) -> None:
    """Has a message that was just taken take its first step as soon as it is kept.

    Writes the instant into its row, in the transaction that is open, and wakes the workers. Does
    nothing for one that nobody is to be told of, as one that is kept for check-in.
    """
    message = Message.objects.get(pk=message_id)
    if message.is_for_check_in or message.non_message_type:
        return
    messages.place(
        message=message,
        level_id=message.escalation_level_id,
        attempt=0,
        next_at=message.created_at,
        at=message.created_at,
    )
    wake()


def escalate(*, message_id: int, at: datetime, wait: bool = True) -> bool:
    """Takes the step that is due for a message: an attempt, the next level, or the end.

    A message that was just taken is due at once: it goes to its level, else to the account's
    first; where the account has none it stays new, and an activity says so. Does nothing (False)
    where no step is due at `at`, so that it may be called twice or late. A row that is locked is
    waited for, or, without `wait`, left to whoever has it.
    """
    with transaction.atomic():
        message = locked(message_id, wait=wait)
        if message is None or message.status not in MOVING:
            return False
        if message.next_escalation_at is None or message.next_escalation_at > at:
            return False
        _step([message], at, {})
    return True


def leave_failed(*, message_id: int, level_id: int, attempt: int, at: datetime) -> bool:
    """Leaves a level at once where every delivery of its present attempt failed lastingly.

    Does nothing (False) where the message has moved on, or a delivery may still arrive.
    """
    with transaction.atomic():
        message = locked(message_id)
        if message is None or message.status not in MOVING:
            return False
        place = (message.escalation_level_id, message.escalation_counter)
        if place != (level_id, attempt) or not all_failed(message_id, level_id, attempt):
            return False
        board = AccountBoard(message.account_id)
        decision = leave(board, place_of(message), at, Why.FAILED)
        if decision is None:
            return False
        carry_out([Step(message, decision)], at)
    return True


class Patience:
    """Messages that could not move on: each waits, twice as long each time, before it is tried
    again, so that one does not fill the log."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[datetime, timedelta]] = {}

    def failed(self, message_id: int, at: datetime) -> None:
        """Another try of a message failed."""
        _, wait = self._known.get(message_id, (at, _FIRST_WAIT / 2))
        wait = min(2 * wait, _LONGEST_WAIT)
        self._known[message_id] = (at + wait, wait)

    def waiting(self, at: datetime) -> list[int]:
        """The messages that are not to be tried at `at`."""
        old = [each for each, (until, wait) in self._known.items() if until + 2 * wait <= at]
        for each in old:
            del self._known[each]
        return [each for each, (until, _) in self._known.items() if until > at]


def run_due(
    at: datetime, *, overdue: timedelta = timedelta(0), patience: Patience | None = None
) -> int:
    """Takes every escalation step of all accounts that is due at `at` (for `overdue` at least).

    Many messages in one transaction; what another worker holds is left to it, and one that fails
    does not stop the others: `patience` remembers it. Gives how many steps were taken.
    """
    steps = fresh = 0
    boards: Boards = {}
    patience = patience or Patience()
    with system_scope("due messages of all accounts move on"):
        while True:
            due = _beside(_due(at - overdue), patience, at)
            if steps >= fresh:  # a storm takes seconds, in which calendars may change
                boards, fresh = {}, steps + _FRESH
            try:
                taken = _take_batch(due, at, boards)
            except Exception:
                log.exception("A batch of messages cannot move on; each is tried alone")
                taken = _take_alone(due, at, patience)
            steps += taken
            if not taken:
                return steps


def next_due(at: datetime, *, patience: Patience) -> datetime | None:
    """When the next step of any account is due, beside those that `patience` has wait at `at`; None
    where none is. One indexed read."""
    with system_scope("when messages of any account are due"):
        found = Message.objects.filter(next_escalation_at__isnull=False, status__in=MOVING)
        due: datetime | None = _beside(found, patience, at).aggregate(
            first=Min("next_escalation_at")
        )["first"]
    return due


def watch(at: datetime) -> int:
    """The watchdog: moves messages and deliveries that are due and not moving, and reports them.

    Gives how many it moved.
    """
    moved = run_due(at, overdue=_OVERDUE)
    if moved:
        alarm(
            "Escalation had to be pushed",
            f"{moved} escalation steps were due and not moving; moved them. Do workers run?",
        )
    recovered = deliveries.recover(at)
    if recovered:
        log.warning("%s deliveries were not moving; queued them again", recovered)
    return moved + recovered


def _due(at: datetime) -> QuerySet[Message]:
    found = Message.objects.filter(next_escalation_at__lte=at, status__in=MOVING)
    return found.order_by("next_escalation_at", "pk")


def _beside(rows: QuerySet[Message], patience: Patience, at: datetime) -> QuerySet[Message]:
    waiting = patience.waiting(at)
    return rows.exclude(pk__in=waiting) if waiting else rows


def _take_batch(due: QuerySet[Message], at: datetime, boards: Boards) -> int:
    with transaction.atomic():
        rows = due.select_for_update(no_key=True, skip_locked=True).only(*NEEDED)
        found = list(rows[:BATCH])
        _step(found, at, boards)
    return len(found)


def _take_alone(due: QuerySet[Message], at: datetime, patience: Patience) -> int:
    taken = 0
    for message_id, account_id in due.values_list("pk", "account_id")[:BATCH]:
        try:
            with account_scope(account_id):
                taken += escalate(message_id=message_id, at=at, wait=False)
        except Exception:
            log.exception("Message %s cannot move on", message_id)
            patience.failed(message_id, at)
    return taken


def _step(found: Collection[Message], at: datetime, boards: Boards) -> None:
    steps = []
    for message in found:
        if message.account_id not in boards:
            boards[message.account_id] = AccountBoard(message.account_id)
        decision = decide(boards[message.account_id], place_of(message), at)
        steps.append(Step(message, decision))
    carry_out(steps, at)
