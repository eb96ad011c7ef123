"""Which account a command is about."""

from __future__ import annotations

from deskbell.accounts.models import Account
from deskbell.foundation.errors import InvalidInput, NotFound

_LISTED = 20


def account_named(number: str) -> Account:
    """The account with this number, else the only one there is.

    Raises NotFound and InvalidInput, listing the accounts that there are.
    """
    accounts = list(Account.objects.order_by("number")[: _LISTED + 1])
    if number:
        found = Account.objects.filter(number=number).first()
        if found is None:
            raise NotFound(f"there is no account {number}; {_listed(accounts)}")
        return found
    if len(accounts) != 1:
        raise InvalidInput(f"--account says which account; {_listed(accounts)}")
    return accounts[0]


def _listed(accounts: list[Account]) -> str:
    if not accounts:
        return "there is none yet"
    more = ", …" if len(accounts) > _LISTED else ""
    names = (f"{account.number} ({account.name})" for account in accounts[:_LISTED])
    return f"there are {', '.join(names)}{more}"
