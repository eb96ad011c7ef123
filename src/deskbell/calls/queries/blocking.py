"""Reads of blocked callers, and of what a caller did before."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet

from deskbell.foundation.errors import NotFound
from deskbell.foundation.numbers import digits_of, to_e164

from ..models import BlockedCaller, Call
from ..rules import INBOUND

_LEAST_DIGITS: Final = 3
_COMPARED: Final = 7  # however a number is written, its last digits are the same
NEWEST: Final = 10


def caller_key(caller_id: str, country: str) -> str:
    """A caller's number as it is compared: E.164 where it can be one, else its digits.

    Empty for what is no number, as a caller who withholds theirs.
    """
    if any(map(str.isalpha, caller_id)):
        return ""
    digits = digits_of(caller_id)
    return to_e164(caller_id, region=country) or (digits if len(digits) >= _LEAST_DIGITS else "")


def block_of(account_id: int, caller_id: str) -> BlockedCaller | None:
    """How a caller is blocked in an account; None for who is not, and for who has no number.

    One read, none for who has no number. Needs the account's scope.
    """
    digits = digits_of(caller_id)
    if len(digits) < _LEAST_DIGITS:
        return None
    rows = BlockedCaller.objects.filter(
        account_id=account_id, caller_id__endswith=digits[-_COMPARED:]
    )
    for row in rows.select_related("account"):
        if row.caller_id == caller_key(caller_id, row.account.country):
            return row
    return None


def blocked() -> QuerySet[BlockedCaller]:
    """The account's blocked callers, newest first."""
    return BlockedCaller.objects.order_by("-blocked_at", "-id")


def blocked_one(block_id: int) -> BlockedCaller:
    """One blocked caller of the account. Raises NotFound."""
    found = BlockedCaller.objects.filter(pk=block_id).first()
    if found is None:
        raise NotFound("This caller is not blocked any more")
    return found


def history(account_id: int, caller_id: str, *, before: int | None = None) -> list[Call]:
    """The newest 10 calls of a caller to an account, newest first, with their numbers.

    `before` is the id of the call that is asked about, which is not among them. Empty for who has
    no number.
    """
    if not digits_of(caller_id):
        return []
    found = Call.objects.select_related("phone_number").filter(
        account_id=account_id, caller_id=caller_id, call_type=INBOUND
    )
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-started_at", "-id")[:NEWEST])
