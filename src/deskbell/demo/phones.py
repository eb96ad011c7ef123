"""The demo's SIP phones, for whoever wants to hear one ring: alice's, bob's, and rita's.

Their passwords stand in `demo.json` alone; where it was lost, the phones get new ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.lines import actions
from deskbell.lines.models import Phone, StaffPhone

from .cast import ACME, Business, Person


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


def staff_phones_json(
    person: Person, known: Mapping[str, str], at: datetime
) -> list[dict[str, str]]:
    """A receptionist's phone as `demo.json` tells it, made where it is missing; others have none.

    `known` as for `phones_json`.
    """
    if person.role != "receptionist":
        return []
    phone = StaffPhone.objects.filter(name=person.name).first()
    password = known.get(phone.username, "") if phone else ""
    if phone is None or not password:
        if phone is not None:
            actions.remove_staff_phone(name=person.name)
        user = User.objects.get(email=person.email)
        phone, password = actions.add_staff_phone(user=user, name=person.name, at=at)
    return [{"name": person.name, "username": phone.username, "password": password}]


def known_passwords(demo: Mapping[str, Any]) -> dict[str, str]:
    """The phones' passwords by user name, as an earlier `demo.json` told them."""
    return {
        phone["username"]: phone["password"]
        for owner in (*demo.get("accounts", []), *demo.get("staff", []))
        for phone in owner.get("phones", [])
    }
