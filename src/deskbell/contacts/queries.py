"""Reads of contacts, in the scope of an account."""

from __future__ import annotations

from django.db.models import QuerySet
from django.db.models.functions import Lower

from deskbell.foundation.errors import NotFound

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


def methods_of(contact_id: int) -> list[DeliveryMethod]:
    """A contact's delivery methods, oldest first, each with its contact: one query."""
    found = DeliveryMethod.objects.filter(contact_id=contact_id)
    return list(found.select_related("contact").order_by("id"))
