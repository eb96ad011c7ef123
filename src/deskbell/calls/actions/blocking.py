"""Callers whom an account does not want are blocked, and unblocked."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from deskbell.accounts.models import Account
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.changes import touch

from ..models import BlockedCaller
from ..queries.blocking import caller_key

MAX_REASON = 200


def block(
    *, account_id: int, caller_id: str, is_refused: bool, reason: str, by: str, at: datetime
) -> BlockedCaller:
    """Blocks a caller, or changes how: refused callers get no answer, others are only marked.

    `caller_id` is a number as people write it. Raises InvalidInput where it is none.
    """
    country = Account.objects.values_list("country", flat=True).get(pk=account_id)
    key = caller_key(caller_id, country)
    if not key:
        raise InvalidInput("Give the caller's telephone number", field="caller_id")
    with transaction.atomic():
        found, _ = BlockedCaller.objects.update_or_create(
            account_id=account_id,
            caller_id=key,
            defaults={
                "is_refused": is_refused,
                "reason": reason.strip()[:MAX_REASON],
                "blocked_at": at,
                "blocked_by": by[:254],
            },
        )
        touch(account_id)
    return found


def unblock(*, account_id: int, caller_id: str) -> bool:
    """Takes a caller's block away; gives whether there was one."""
    country = Account.objects.values_list("country", flat=True).get(pk=account_id)
    with transaction.atomic():
        gone, _ = BlockedCaller.objects.filter(
            account_id=account_id, caller_id=caller_key(caller_id, country)
        ).delete()
        if gone:
            touch(account_id)
    return bool(gone)
