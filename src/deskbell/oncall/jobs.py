"""The work that on call queues: thin wrappers that enter the account's scope."""

from __future__ import annotations

import logging
from datetime import datetime

from deskbell.foundation.clock import now
from deskbell.messages.models import Message
from deskbell.platform import jobs
from deskbell.platform.tenancy import account_scope

from . import actions

log = logging.getLogger(__name__)


@jobs.job("oncall.escalate")
def escalate(*, account_id: int, message_id: int, due: str) -> None:
    """A message's timer; see `actions.escalate`. `due` is the instant it was set for."""
    # PostgreSQL's clock runs the timers; where it is ahead of ours, the step is due all the same.
    at = max(now(), datetime.fromisoformat(due))
    with account_scope(account_id):
        actions.escalate(message_id=message_id, at=at)


@jobs.job("oncall.leave_failed")
def leave_failed(*, account_id: int, message_id: int, level_id: int, attempt: int) -> None:
    """Every delivery of an attempt failed lastingly; see `actions.leave_failed`."""
    with account_scope(account_id):
        actions.leave_failed(message_id=message_id, level_id=level_id, attempt=attempt, at=now())


@jobs.job("oncall.tell_operator")
def tell_operator(*, account_id: int, message_id: int) -> None:
    """Tells the operator, in the log, of a message that nobody acknowledged and that is there."""
    with account_scope(account_id):
        message = Message.objects.select_related("account").filter(pk=message_id).first()
    if message is not None:
        log.error(
            "Nobody acknowledged message %s of %s; its escalation has ended",
            message.pk,
            message.account,
        )


def watch() -> None:
    """Every minute: what is due and not moving is moved; see `actions.watch`."""
    actions.watch(now())


def extend() -> None:
    """Every night: calendars stay filled; see `actions.extend_occurrences`."""
    actions.extend_occurrences(now())
