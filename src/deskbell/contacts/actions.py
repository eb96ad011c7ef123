"""The only writes to contacts and their delivery methods.

All need the tenancy scope of the contact's account (or a system scope), run in one transaction
and raise the account's version. Source: seed 000, "Add Contacts" to "Delete Contacts".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.messages.models import Message
from deskbell.platform.changes import touch

from .errors import NameMissing
from .merging import repoint
from .models import Contact, DeliveryMethod, Instructions, PhoneType

MAX_NAME = 200
MAX_ADDRESS = 2000
MOST_MESSAGES = 1000
_UNVERIFIED = {"verified_at": None, "code_hash": "", "code_sent_at": None, "code_tries": 0}
_EDITABLE = {
    *_UNVERIFIED,
    "kind",
    "address",
    "secret",
    "phone_type",
    "instructions",
    "limit",
    "by_receptionist",
}


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


def link_user(*, contact: Contact, user_id: int | None) -> Contact:
    """Says which user of the account a contact is, or None for no user.

    Whoever takes the id from a person checks first that the user belongs to the account.
    """
    with transaction.atomic():
        contact.user_id = user_id
        contact.save(update_fields=["user_id"])
        touch(contact.account_id)
    return contact


def remove_contact(*, contact: Contact) -> None:
    """Takes a contact and its methods away, also out of every event and override; past proof stays.

    An event that is left without methods stays: its calendar shows that nobody is chosen, and
    nobody is on call by it. An override that took the contact out goes.
    """
    account_id = contact.account_id
    with transaction.atomic():
        # Contacts before methods, as calendars lock them: a fallback that is just being chosen is
        # seen, or waits.
        list(Contact.objects.select_for_update().filter(pk=contact.pk).values_list("pk"))
        _wait_for_users(DeliveryMethod.objects.filter(contact_id=contact.pk))
        Contact.objects.filter(pk=contact.pk).delete()
        touch(account_id)


def merge_contacts(*, contacts: Sequence[Contact], name: str, at: datetime) -> Contact:
    """Makes one contact of several, under one name: the first, which takes over what the others
    have, `at` an instant.

    It gets every delivery method, those with the same kind and address once; every event,
    override, fallback and message that had one of them has the one. It is the user that the first
    of them was. Cannot be undone. Raises InvalidInput for fewer than two contacts, for contacts of
    different accounts or that are gone, and for a name that `add_contact` refuses.
    """
    name = _checked_name(name)
    asked = list(dict.fromkeys(contact.pk for contact in contacts))
    if len(asked) < 2:
        raise InvalidInput("Choose at least two contacts to merge", field="contacts")
    with transaction.atomic():
        rows = Contact.objects.select_for_update().filter(pk__in=asked).order_by("pk")
        found = {contact.pk: contact for contact in rows}
        if len(found) < len(asked) or len({each.account_id for each in found.values()}) > 1:
            raise InvalidInput("There is no such contact here", field="contacts")
        kept, *others = (found[pk] for pk in asked)
        gone = [other.pk for other in others]
        # Before methods and deliveries: escalation, too, locks messages first.
        Message.objects.filter(contact_id__in=gone).update(contact_id=kept.pk, updated_at=at)
        _wait_for_users(DeliveryMethod.objects.filter(contact_id__in=asked))
        for other in others:
            repoint(other, kept)
            kept.user_id = kept.user_id or other.user_id
        _keep_each_once(kept)
        Contact.objects.filter(pk__in=gone).delete()
        kept.name = name
        kept.save(update_fields=["name", "user_id"])
        touch(kept.account_id)
    return kept


def _keep_each_once(contact: Contact) -> None:
    """Makes one delivery method of those with the same kind and address: the oldest."""
    first: dict[tuple[str, str], DeliveryMethod] = {}
    for method in DeliveryMethod.objects.filter(contact=contact).order_by("pk"):
        kept = first.setdefault((method.kind, method.address), method)
        if kept is not method:
            repoint(method, kept)
            if kept.verified_at is None and method.verified_at is not None:
                kept.verified_at = method.verified_at
                kept.save(update_fields=["verified_at"])
            DeliveryMethod.objects.filter(pk=method.pk).delete()


def add_method(
    *,
    contact: Contact,
    kind: str,
    address: str,
    at: datetime,
    secret: str = "",
    phone_type: str = "",
    instructions: str = "",
    limit: int = 10,
    by_receptionist: bool = False,
    verified_at: datetime | None = None,
) -> DeliveryMethod:
    """One more way to reach a contact.

    `kind` names a transport, `address` is kept as given: whoever takes it from a person checks
    both first (`delivery.actions.add_checked_method`). `secret` signs what a webhook is sent,
    `limit` is how many messages in ten minutes come one by one (0: all of them).
    Raises InvalidInput for an address that is empty or too long, an unknown phone type, unknown
    instructions or a limit out of range; NotFound where the contact is gone.
    """
    method = DeliveryMethod(
        account_id=contact.account_id,
        contact=contact,
        kind=kind,
        address=address,
        secret=secret,
        phone_type=phone_type,
        instructions=instructions,
        limit=limit,
        by_receptionist=by_receptionist,
        verified_at=verified_at,
        created_at=at,
    )
    _check(method)
    with transaction.atomic():
        rows = Contact.objects.select_for_update(no_key=True).filter(pk=contact.pk)
        if not rows.values_list("pk").first():
            raise NotFound("There is no such contact any more")
        method.save()
        touch(contact.account_id)
    return method


def edit_method(*, method: DeliveryMethod, **changes: Any) -> DeliveryMethod:
    """Changes what `add_method` sets, and the code that verifies the method (`code_hash`,
    `code_sent_at`, `code_tries`).

    Where the kind or the address becomes another, the method is no longer verified and its code is
    void, unless the changes say otherwise. Raises InvalidInput as `add_method` does.
    """
    if unknown := changes.keys() - _EDITABLE:
        raise InvalidInput(f"A delivery method has no {', '.join(sorted(unknown))}")
    with transaction.atomic():
        found = DeliveryMethod.objects.select_for_update(no_key=True).filter(pk=method.pk).first()
        if found is None:
            raise NotFound("No such delivery method")
        is_another = any(
            name in changes and changes[name] != getattr(found, name)
            for name in ("kind", "address")
        )
        values = {**_UNVERIFIED, **changes} if is_another else changes
        for name, value in values.items():
            setattr(method, name, value)
        _check(method)
        method.save(update_fields=list(values))
        touch(method.account_id)
    return method


def remove_method(*, method: DeliveryMethod) -> None:
    """Takes a delivery method away, also out of every event and override; past proof stays.

    An event that is left without methods stays: its calendar shows that nobody is chosen, and
    nobody is on call by it.
    """
    account_id = method.account_id
    with transaction.atomic():
        rows = DeliveryMethod.objects.filter(pk=method.pk)
        _wait_for_users(rows)
        rows.delete()
        touch(account_id)


def _wait_for_users(methods: QuerySet[DeliveryMethod]) -> None:
    """Locks the methods, so that what is just being put on call with one is seen, or waits."""
    list(methods.select_for_update().order_by("pk").values_list("pk"))


def _checked_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > MAX_NAME:
        raise NameMissing
    return name


def _check(method: DeliveryMethod) -> None:
    if not method.kind or not method.address or len(method.address) > MAX_ADDRESS:
        raise InvalidInput(
            f"A delivery method needs a kind and an address of 1 to {MAX_ADDRESS} characters",
            field="address",
        )
    _check_choice(method.phone_type, PhoneType.values, "phone_type")
    _check_choice(method.instructions, Instructions.values, "instructions")
    if not 0 <= method.limit <= MOST_MESSAGES:
        raise InvalidInput(
            f"Messages are bundled after 1 to {MOST_MESSAGES} in ten minutes, or never (0)",
            field="limit",
        )


def _check_choice(value: str, choices: list[str], field: str) -> None:
    if value and value not in choices:
        raise InvalidInput(f"{field} is one of {', '.join(choices)}; not {value!r}", field=field)
