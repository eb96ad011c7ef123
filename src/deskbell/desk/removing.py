"""Forms are kept as long as the messages they become, and then deleted: sent ones hold nothing but
that they were, and those that were never sent hold what callers said."""

from __future__ import annotations

from datetime import datetime, timedelta

from deskbell.accounts.models import Account
from deskbell.platform.tenancy import account_scope, system_scope

from .models import Form


def remove_old_forms(at: datetime) -> int:
    """Deletes forms that nobody has saved for as long as their account keeps messages; gives how
    many. Works across accounts, one by one."""
    with system_scope("retention goes through all accounts"):
        accounts = list(Account.objects.order_by("pk"))
    removed = 0
    for account in accounts:
        with account_scope(account.pk):
            before = at - timedelta(days=account.message_days)
            removed += Form.objects.filter(saved_at__lt=before).delete()[0]
    return removed
