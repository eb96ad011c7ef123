"""Recordings are kept so long; then their audio goes, and that there was one stays.

Source: seed 000, "API Documentation and Integrations" (up to 31 days); design, portal API,
"Messages".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from deskbell.accounts.models import Account
from deskbell.platform.tenancy import account_scope, system_scope

from .actions import remove_audio
from .models import Recording

BATCH = 200


@dataclass(frozen=True, slots=True)
class Removed:
    """How many recordings of an account lost their audio."""

    account: Account
    recordings: int


def remove_old(at: datetime) -> Iterator[Removed]:
    """Removes the audio of every account's recordings that are older than it keeps them.

    Gives what went, for accounts of which something did. Works across accounts.
    """
    with system_scope("retention goes through all accounts"):
        accounts = list(Account.objects.order_by("pk"))
    for account in accounts:
        with account_scope(account.pk):
            count = _remove_of(account, at)
        if count:
            yield Removed(account, count)


def _remove_of(account: Account, at: datetime) -> int:
    count = 0
    while found := list(_older(at, account.recording_days)[:BATCH]):
        count += remove_audio(recordings=found, at=at)
    return count


def _older(at: datetime, days: int) -> QuerySet[Recording]:
    older = Recording.objects.filter(removed_at=None, started_at__lt=at - timedelta(days=days))
    return older.order_by("started_at", "id")
