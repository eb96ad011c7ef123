"""Contacts and methods: what is refused, what goes with what, and whose they are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from deskbell.accounts.models import Account
from deskbell.contacts import actions, queries
from deskbell.contacts.models import DeliveryMethod
from deskbell.foundation.errors import InvalidInput, NotFound, OutOfScope
from deskbell.platform.changes import version_of
from deskbell.platform.tenancy import account_scope


def test_a_contact_with_its_methods(acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        contact = actions.add_contact(account_id=acme.pk, name="  Bob ", at=at)
        actions.add_method(contact=contact, kind="email", address="bob@example.com", at=at)
        actions.add_method(
            contact=contact, kind="call", address="+12125550143", at=at, phone_type="mobile"
        )
        actions.rename_contact(contact=contact, name="Bob at night")

        found = queries.one(contact.pk)
        assert found.name == "Bob at night"
        assert [method.kind for method in queries.methods_of(contact.pk)] == ["email", "call"]
        assert version_of(acme.pk) == 4


def test_listing_costs_two_queries(
    acme: Account, at: datetime, django_assert_num_queries: Any
) -> None:
    with account_scope(acme.pk):
        for name in ("Rita", "Alice", "Bob"):
            contact = actions.add_contact(account_id=acme.pk, name=name, at=at)
            actions.add_method(contact=contact, kind="email", address="x@example.com", at=at)
        with django_assert_num_queries(2):
            found = [(each.name, len(each.methods.all())) for each in queries.listed()]
    assert found == [("Alice", 1), ("Bob", 1), ("Rita", 1)]


def test_removing_a_contact_takes_its_methods(acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        contact = actions.add_contact(account_id=acme.pk, name="Bob", at=at)
        first = actions.add_method(contact=contact, kind="email", address="b@example.com", at=at)
        actions.add_method(contact=contact, kind="email", address="c@example.com", at=at)
        actions.remove_method(method=first)
        assert [each.address for each in queries.methods_of(contact.pk)] == ["c@example.com"]

        actions.remove_contact(contact=contact)
        assert not DeliveryMethod.objects.exists()
        with pytest.raises(NotFound):
            queries.one(contact.pk)


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_a_contact_needs_a_name(acme: Account, at: datetime, name: str) -> None:
    with account_scope(acme.pk), pytest.raises(InvalidInput, match="1 to 200"):
        actions.add_contact(account_id=acme.pk, name=name, at=at)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"address": ""}, "address"),
        ({"address": "x" * 2001}, "address"),
        ({"kind": ""}, "address"),
        ({"phone_type": "carrier pigeon"}, "phone_type"),
        ({"instructions": "sing"}, "instructions"),
    ],
)
def test_methods_that_are_refused(
    acme: Account, at: datetime, wrong: dict[str, Any], field: str
) -> None:
    with account_scope(acme.pk):
        contact = actions.add_contact(account_id=acme.pk, name="Bob", at=at)
        method: dict[str, Any] = {"kind": "call", "address": "+12125550143", **wrong}
        with pytest.raises(InvalidInput) as refused:
            actions.add_method(contact=contact, at=at, **method)
    assert refused.value.field == field


def test_another_account_sees_and_adds_nothing(acme: Account, other: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        contact = actions.add_contact(account_id=acme.pk, name="Bob", at=at)
    with account_scope(other.pk):
        assert not queries.listed()
        with pytest.raises(NotFound):
            queries.one(contact.pk)
        with pytest.raises(OutOfScope):
            actions.add_method(contact=contact, kind="email", address="x@example.com", at=at)
        with pytest.raises(OutOfScope):
            actions.rename_contact(contact=contact, name="Mine")
        actions.remove_contact(contact=contact)
    with account_scope(acme.pk):
        assert queries.one(contact.pk).name == "Bob"
