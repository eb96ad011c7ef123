"""One editor of an account at a time.

Much of what is edited names other rows inside JSON (a menu's keys name menus and announcements),
where no foreign key watches; so editing takes one lock per account, and what was checked still
holds when it is written. Callers are not held up: calls write other rows and never take it.
"""

from __future__ import annotations

from django.db import transaction

from .errors import AccountNotFound
from .models import Account


def lock_account(account_id: int) -> Account:
    """Waits until nobody else edits the account, and holds others off until the transaction ends.

    Rows that refer to the account can still be written. Gives the account as it is then. Needs an
    open transaction. Raises AccountNotFound for one that is gone.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A lock needs a transaction around it")
    locked = Account.objects.select_for_update(no_key=True).filter(pk=account_id).first()
    if locked is None:
        raise AccountNotFound("There is no such account")
    return locked
