"""Reads of contacts, in the scope of an account."""

from __future__ import annotations

from django.db.models import QuerySet
from django.db.models.functions import Lower

from deskbell.foundation.errors import NotFound
from deskbell.foundation.numbers import to_e164

from .models import Contact, DeliveryMethod


def listed() -> QuerySet[Contact]:
    """The account's contacts by name, with their methods: two queries, however many there are."""
    return Contact.objects.prefetch_related("methods").order_by(Lower("name"), "id")


def one(contact_id: int) -> Contact:
    """One contact with its methods. Raises NotFound."""
    found = listed().filter(pk=contact_id).first()
    if found is None:
        raise NotFound("No such contact")
    return found


def linked_to(user_id: int) -> Contact | None:
    """The account's contact that a user is, with its methods; the first by name of several."""
    return listed().filter(user_id=user_id).first()


def methods_of(contact_id: int) -> list[DeliveryMethod]:
    """A contact's delivery methods, oldest first, each with its contact: one query."""
    found = DeliveryMethod.objects.filter(contact_id=contact_id)
    return list(found.select_related("contact").order_by("id"))


def who_calls(caller_id: str, *, country: str) -> Contact | None:
    """The account's contact who is reached at a caller's number; None where it is nobody's, or
    several contacts'. `country` is where numbers without a country code are. One query at most."""
    written = {caller_id, to_e164(caller_id, region=country)} - {""}
    if not written:
        return None
    methods = DeliveryMethod.objects.filter(address__in=written).select_related("contact")
    found = {each.contact for each in methods}
    return found.pop() if len(found) == 1 else None
