"""Messages are kept so long, and then deleted with everything of theirs.

Source: seed 000, "API Documentation and Integrations" (up to 180 days); design, portal API,
"Messages".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from deskbell.accounts.models import Account
from deskbell.calls.actions import remove_audio
from deskbell.calls.models import Recording
from deskbell.platform.changes import touch
from deskbell.platform.tenancy import account_scope, system_scope

from .hooks import Leaving, messages_leaving
from .models import Message, MessageStatus

BATCH = 500


@dataclass(frozen=True, slots=True)
class Removed:
    """How many messages of an account were deleted, and how many of them nobody acknowledged."""

    account: Account
    messages: int
    unacknowledged: int


def remove_old(at: datetime) -> Iterator[Removed]:
    """Deletes the messages of every account that are older than it keeps them, acknowledged or not.

    Goes through the accounts one by one, in small transactions, so that nobody waits; gives what
    went, for accounts of which something did. Works across accounts. What keeps bare facts of them
    listens to `messages_leaving`.
    """
    with system_scope("retention goes through all accounts"):
        accounts = list(Account.objects.order_by("pk"))
    for account in accounts:
        with account_scope(account.pk):
            removed = _remove_of(account, at)
        if removed.messages:
            yield removed


def _remove_of(account: Account, at: datetime) -> Removed:
    messages = unacknowledged = 0
    while found := _remove_some(account, at):
        messages += len(found)
        unacknowledged += sum(status != MessageStatus.ACKNOWLEDGED for status in found)
    return Removed(account, messages, unacknowledged)


def _remove_some(account: Account, at: datetime) -> list[str]:
    """Deletes up to BATCH of them in one transaction, with their recordings' audio; gives their
    states."""
    account_id, before = account.pk, at - timedelta(days=account.message_days)
    with transaction.atomic():
        # Whoever holds one just now is working on it; it goes the next time.
        rows = Message.objects.select_for_update(skip_locked=True).filter(created_at__lt=before)
        found = dict(rows.order_by("created_at", "id").values_list("pk", "status")[:BATCH])
        if found:
            messages_leaving.fire(Leaving(account_id, tuple(found)))
            remove_audio(recordings=Recording.objects.filter(message__in=found), at=at)
            Message.objects.filter(pk__in=found).delete()
            touch(account_id)
    return list(found.values())


def recordings_due(
    account: Account, at: datetime, *, message_days: int, recording_days: int
) -> int:
    """How many recordings of an account are older than it keeps them, or are of messages that
    are."""
    older = Q(started_at__lt=at - timedelta(days=recording_days))
    of_older = Q(message__created_at__lt=at - timedelta(days=message_days))
    with account_scope(account.pk):
        kept = Recording.objects.filter(removed_at=None)
        return kept.filter(older | of_older).distinct().count()


def due_for_removal(account: Account, at: datetime, days: int) -> int:
    """How many messages of an account are older than so many days."""
    with account_scope(account.pk):
        return Message.objects.filter(created_at__lt=at - timedelta(days=days)).count()
