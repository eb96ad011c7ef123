"""The work that on call queues: thin wrappers that enter the account's scope."""

from __future__ import annotations

from deskbell.foundation.clock import now
from deskbell.messages.models import Message
from deskbell.platform import jobs
from deskbell.platform.tenancy import account_scope

from . import actions
from .alarms import alarm, forget_alarms


@jobs.job("oncall.leave_failed")
def leave_failed(*, account_id: int, message_id: int, level_id: int, attempt: int) -> None:
    """Every delivery of an attempt failed lastingly; see `actions.leave_failed`."""
    with account_scope(account_id):
        actions.leave_failed(message_id=message_id, level_id=level_id, attempt=attempt, at=now())


@jobs.job("oncall.tell_operator")
def tell_operator(*, account_id: int, message_id: int) -> None:
    """Alarms the operator of a message whose chain ended and that nobody acknowledged."""
    with account_scope(account_id):
        message = Message.objects.select_related("account").filter(pk=message_id).first()
        if message is not None:
            alarm(
                "A message found nobody",
                f"Nobody acknowledged message {message.pk} of {message.account}; its escalation"
                " has ended",
                account_id=account_id,
            )


def watch() -> None:
    """Every minute: what is due and not moving is moved; see `actions.watch`."""
    actions.watch(now())


def extend() -> None:
    """Every night: calendars stay filled, and old alarms go; see `actions.extend_occurrences`."""
    at = now()
    actions.extend_occurrences(at)
    forget_alarms(at)


def self_tests() -> None:
    """Every minute: levels are tested; see `actions.run_self_tests`."""
    actions.run_self_tests(now())
