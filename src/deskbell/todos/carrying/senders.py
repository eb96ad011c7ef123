"""Which number of the account a To Do shows."""

from __future__ import annotations

from deskbell.delivery import texting
from deskbell.foundation.errors import Refused

from ..models import ToDo


def sender_of(to_do: ToDo) -> str:
    """The number (E.164) that it names, else the account's first; empty where that has none.

    Raises Refused where the account no longer has the number, or nothing can come from it.
    """
    if not to_do.from_number:
        account = to_do.account
        return texting.sender_of(account_id=account.pk, region=account.country)
    if to_do.phone is None:
        raise Refused(f"The account no longer has the number {to_do.from_number}")
    if not to_do.phone.e164:
        raise Refused(f"{to_do.from_number} is not a whole phone number; nothing can come from it")
    return to_do.phone.e164
