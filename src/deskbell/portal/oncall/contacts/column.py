"""The column of contacts at the left of the calendar. Source: seed 000, "Add Contacts"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q
from django.db.models.functions import Lower

from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.contacts.queries import listed
from deskbell.foundation.numbers import digits_of

from ...tenancy import PortalRequest
from ..frame import may_edit
from .shown import MethodLine, lines_by_contact

MOST_SHOWN: Final = 60
MAX_SEARCH: Final = 200
FEWEST_DIGITS: Final = 3


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A contact with its delivery methods."""

    contact: Contact
    methods: Sequence[MethodLine]


@dataclass(frozen=True, slots=True)
class ContactsColumn:
    """What the column shows: those that were searched for, and how many more there are."""

    q: str
    lines: Sequence[ContactLine]
    total: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.lines)


def context(request: PortalRequest) -> dict[str, Any]:
    """The column for `portal/oncall/contacts/column.html`; `contact` in the URL searches.

    Five queries at most, however many contacts there are.
    """
    q = request.GET.get("contact", "").replace("\0", "")[:MAX_SEARCH].strip()
    return {"contacts_column": column(q), "may_edit": may_edit(request)}


def column(q: str = "") -> ContactsColumn:
    """The account's contacts that have every word of `q`, in the account's scope."""
    found = searched(q)
    shown = list(found[:MOST_SHOWN])
    total = len(shown) if len(shown) < MOST_SHOWN else found.count()
    return ContactsColumn(q=q, lines=lines_of_contacts(shown), total=total)


def lines_of_contacts(contacts: Sequence[Contact]) -> list[ContactLine]:
    """Contacts whose methods were read along, with these for people; two queries at most."""
    methods = [each for contact in contacts for each in contact.methods.all()]
    by_contact = lines_by_contact(methods)
    return [ContactLine(each, by_contact.get(each.pk, [])) for each in contacts]


def searched(q: str) -> Any:
    """Contacts by name that have every word in their name or in an address of theirs."""
    found = listed().order_by(Lower("name"), "id")
    for word in q.split():
        addresses = Q(address__icontains=word)
        if len(digits := digits_of(word)) >= FEWEST_DIGITS:
            addresses |= Q(address__contains=digits)
        having = DeliveryMethod.objects.filter(addresses).exclude(kind="apprise")
        found = found.filter(Q(name__icontains=word) | Q(pk__in=having.values("contact_id")))
    return found
