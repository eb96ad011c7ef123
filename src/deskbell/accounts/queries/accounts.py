"""Reads of accounts by what the operator knows of them."""

from __future__ import annotations

from ..errors import AccountNotFound
from ..models import Account


def account_numbered(number: str) -> Account:
    """The account with this number, in any case. Raises AccountNotFound."""
    found = Account.objects.filter(number__iexact=number.strip()).first()
    if found is None:
        raise AccountNotFound(f"There is no account {number.strip()[:16]}")
    return found


def one_account(account_id: int) -> Account:
    """One account. Raises AccountNotFound."""
    found = Account.objects.filter(pk=account_id).first()
    if found is None:
        raise AccountNotFound("There is no such account")
    return found
