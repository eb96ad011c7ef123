"""The only writes to contacts and their delivery methods.

All need the tenancy scope of the contact's account (or a system scope), run in one transaction
and raise the account's version. Source: seed 000, "Add Contacts" to "Delete Contacts".
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from deskbell.foundation.errors import InvalidInput
from deskbell.platform.changes import touch

from .errors import NameMissing
from .models import Contact, DeliveryMethod, Instructions, PhoneType

MAX_NAME = 200
MAX_ADDRESS = 2000


def add_contact(*, account_id: int, name: str, at: datetime, user_id: int | None = None) -> Contact:
    """A new contact without delivery methods; `user_id` where the contact is one of our users.

    Raises InvalidInput for an empty or endless name.
    """
    with transaction.atomic():
        contact = Contact(
            account_id=account_id, name=_checked_name(name), user_id=user_id, created_at=at
        )
        contact.save()
        touch(account_id)
    return contact


def rename_contact(*, contact: Contact, name: str) -> Contact:
    """Gives a contact another name. Raises InvalidInput for an empty or endless one."""
    with transaction.atomic():
        contact.name = _checked_name(name)
        contact.save(update_fields=["name"])
        touch(contact.account_id)
    return contact


def remove_contact(*, contact: Contact) -> None:
    """Takes a contact and its methods away, also out of every event; past proof stays."""
    account_id = contact.account_id
    with transaction.atomic():
        Contact.objects.filter(pk=contact.pk).delete()
        touch(account_id)


def add_method(
    *,
    contact: Contact,
    kind: str,
    address: str,
    at: datetime,
    secret: str = "",
    phone_type: str = "",
    instructions: str = "",
    verified_at: datetime | None = None,
) -> DeliveryMethod:
    """One more way to reach a contact.

    `kind` names a transport, `address` is kept as given: whoever takes it from a person checks
    both first (`delivery.actions.add_checked_method`). `secret` signs what a webhook is sent.
    Raises InvalidInput for an address that is empty or too long, an unknown phone type or unknown
    instructions.
    """
    if not kind or not address or len(address) > MAX_ADDRESS:
        raise InvalidInput(
            f"A delivery method needs a kind and an address of 1 to {MAX_ADDRESS} characters",
            field="address",
        )
    _check_choice(phone_type, PhoneType.values, "phone_type")
    _check_choice(instructions, Instructions.values, "instructions")
    with transaction.atomic():
        method = DeliveryMethod(
            account_id=contact.account_id,
            contact=contact,
            kind=kind,
            address=address,
            secret=secret,
            phone_type=phone_type,
            instructions=instructions,
            verified_at=verified_at,
            created_at=at,
        )
        method.save()
        touch(contact.account_id)
    return method


def remove_method(*, method: DeliveryMethod) -> None:
    """Takes a delivery method away, also out of every event; past proof stays."""
    account_id = method.account_id
    with transaction.atomic():
        DeliveryMethod.objects.filter(pk=method.pk).delete()
        touch(account_id)


def _checked_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > MAX_NAME:
        raise NameMissing
    return name


def _check_choice(value: str, choices: list[str], field: str) -> None:
    if value and value not in choices:
        raise InvalidInput(f"{field} is one of {', '.join(choices)}; not {value!r}", field=field)
