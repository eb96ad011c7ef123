"""Which number of the account a text comes from."""

from __future__ import annotations

from deskbell.accounts.models import PhoneNumber
from deskbell.foundation.numbers import to_e164


def sender_of(*, account_id: int, called: str = "", region: str = "US") -> str:
    """The account's number that the caller called, else its first; in E.164, empty without any.

    `called` as it was dialled. Needs the account's scope, or a system scope. One query.
    """
    rows = PhoneNumber.objects.filter(account_id=account_id).exclude(e164="")
    found = list(rows.order_by("is_extension", "pk").values_list("e164", flat=True))
    number = to_e164(called, region=region) if called else ""
    if number in found:
        return number
    return found[0] if found else ""
