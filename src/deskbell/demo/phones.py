"""The demo's SIP phones, for whoever wants to hear one ring: alice's and bob's extensions.

Their passwords stand in `demo.json` alone; where it was lost, the phones get new ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.lines import actions
from deskbell.lines.models import Phone

from .cast import ACME, Business


def phones_json(
    business: Business, account: Account, known: Mapping[str, str], at: datetime
) -> list[dict[str, str]]:
    """The phones of a business as `demo.json` tells them, made where they are missing.

    `known` are the passwords that were told before, by user name. Needs the account's scope.
    """
    if business is not ACME:
        return []
    return [
        _phone(account, line.spoken_name, line.extension, known, at)
        for line in business.lines
        if line.extension
    ]


def _phone(
    account: Account, name: str, extension: str, known: Mapping[str, str], at: datetime
) -> dict[str, str]:
    phone = Phone.objects.filter(account=account, name=name).first()
    password = known.get(phone.username, "") if phone else ""
    if phone is None or not password:
        if phone is not None:
            actions.remove_phone(account=account, name=name)
        number = PhoneNumber.objects.filter(account=account, extension=extension).first()
        phone, password = actions.add_phone(account=account, name=name, number=number, at=at)
    return {
        "name": name,
        "extension": extension,
        "username": phone.username,
        "password": password,
    }


def known_passwords(demo: Mapping[str, Any]) -> dict[str, str]:
    """The phones' passwords by user name, as an earlier `demo.json` told them."""
    return {
        phone["username"]: phone["password"]
        for account in demo.get("accounts", [])
        for phone in account.get("phones", [])
    }
