"""Delivery methods as people give them: checked by the transport of their kind, then kept."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from deskbell.contacts import actions as contacts
from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.foundation.errors import InvalidInput

from ..registry import transport_of
from ..transport import Transport

MOST_LIMIT: Final = 1000
_YES: Final = "True"
_ASKED: Final = ("phone_type", "instructions", "by_receptionist")


def add_checked_method(
    *,
    contact: Contact,
    kind: str,
    address: str,
    at: datetime,
    phone_type: str = "",
    instructions: str = "",
    by_receptionist: bool | str = False,
    verified_at: datetime | None = None,
    limit: int = 10,
) -> DeliveryMethod:
    """One more way to reach a contact, its fields checked by the transport of its kind.

    A kind that signs gets a secret. `limit` is how many messages in ten minutes come one by one,
    0 to 1000; 0 is no limit; `by_receptionist` (a bool, or as forms have it) has a receptionist
    call. Raises InvalidInput, in words and with `field`, for an unknown kind,
    an address that cannot work, one that the contact has already, or a field that its kind does
    not have.
    """
    transport = transport_of(kind)
    fields = {
        "phone_type": phone_type,
        "instructions": instructions,
        "by_receptionist": _as_choice(by_receptionist),
        "limit": limit,
    }
    _check(transport, fields)
    checked = transport.check_address(address)
    _only_once(contact.methods.filter(kind=kind), checked, contact)
    return contacts.add_method(
        contact=contact,
        kind=kind,
        address=checked,
        at=at,
        secret=secrets.token_urlsafe(32) if transport.has_secret else "",
        phone_type=phone_type,
        instructions=instructions,
        by_receptionist=_as_choice(by_receptionist) == _YES,
        limit=limit,
        verified_at=verified_at,
    )


def edit_checked_method(*, method: DeliveryMethod, at: datetime, **fields: Any) -> DeliveryMethod:  # noqa: ARG001 every action takes its instant
    """Changes a delivery method; `fields` are address, phone_type, instructions, by_receptionist
    and limit.

    Another address is checked as for a new method, and has to be verified anew. Raises
    InvalidInput as `add_checked_method` does.
    """
    transport = transport_of(method.kind)
    changes = dict(fields)
    if "by_receptionist" in fields:
        fields["by_receptionist"] = _as_choice(fields["by_receptionist"])
        changes["by_receptionist"] = fields["by_receptionist"] == _YES
    _check(transport, fields)
    if "address" in changes:
        changes["address"] = transport.check_address(str(changes["address"]))
        others = method.contact.methods.filter(kind=method.kind).exclude(pk=method.pk)
        _only_once(others, changes["address"], method.contact)
    return contacts.edit_method(method=method, **changes)


def _as_choice(value: object) -> str:
    """A yes or no as its transport's form has it; empty for no, which every kind takes."""
    return str(value) if value not in {False, "", None, "False"} else ""


def _only_once(others: QuerySet[DeliveryMethod], address: str, contact: Contact) -> None:
    """Whoever has an address twice is called twice about every message."""
    if others.filter(address=address).exists():
        raise InvalidInput(f"{contact.name} is reached there already", field="address")


def _check(transport: Transport, fields: Mapping[str, Any]) -> None:
    known = {field.name: field for field in transport.fields}
    for name in _ASKED:
        value = fields.get(name, "")
        if not value:
            continue
        if name not in known:
            words = name.replace("_", " ")
            raise InvalidInput(f"{transport.label} has no {words}; leave it empty", field=name)
        choices = [choice for choice, _ in known[name].choices]
        if choices and value not in choices:
            raise InvalidInput(
                f"{known[name].label} is one of {', '.join(choices)}; not {value!r}", field=name
            )
    limit = fields.get("limit", 0)
    if not isinstance(limit, int) or not 0 <= limit <= MOST_LIMIT:
        raise InvalidInput(
            f"The limit is 0 (none) to {MOST_LIMIT} messages in ten minutes", field="limit"
        )
