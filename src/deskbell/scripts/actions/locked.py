"""A script's row while it is written."""

from __future__ import annotations

from deskbell.accounts.locks import lock_account
from deskbell.foundation.errors import NotFound

from ..models import Script


def locked(script: Script) -> Script:
    """The script as it is now; nobody else writes the account's scripts until the transaction ends.

    Scripts name escalation levels, and numbers name scripts, so the whole account is locked. Needs
    an open transaction. Raises NotFound where it is gone.
    """
    lock_account(script.account_id)
    found = Script.objects.select_related("active").filter(pk=script.pk).first()
    if found is None or found.account_id != script.account_id:
        raise NotFound("There is no such script any more")
    return found
