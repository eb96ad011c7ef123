"""Contacts and methods: what is refused, what goes with what, and whose they are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from deskbell.accounts.models import Account
from deskbell.contacts import actions, queries
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery.models import Delivery
from deskbell.foundation.errors import InvalidInput, NotFound, OutOfScope
from deskbell.messages.actions import Taken, mark_delivered, take
from deskbell.messages.models import Message
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
        with pytest.raises(NotFound, match="no such contact any more"):
            actions.add_method(contact=contact, kind="email", address="d@example.com", at=at)


def test_merging_keeps_every_method_once_and_what_had_them(acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        bob = actions.add_contact(account_id=acme.pk, name="Bob", at=at)
        robert = actions.add_contact(account_id=acme.pk, name="Robert", at=at, user_id=7)
        email: Any = {"kind": "email", "address": "bob@example.com", "at": at}
        mine = actions.add_method(contact=bob, **email)
        twin = actions.add_method(contact=robert, **email, verified_at=at)
        actions.add_method(contact=robert, kind="sms", address="+12125550143", at=at)
        about = take(account_id=acme.pk, taken=Taken("Call back"), at=at)
        mark_delivered(message=about, to="Robert", contact_id=robert.pk, at=at)
        proof = Delivery.objects.create(
            account=acme,
            message=about,
            method=twin,
            kind="email",
            contact_name="Robert",
            created_at=at,
        )

        kept = actions.merge_contacts(contacts=[bob, robert], name=" Bob ", at=at)

        assert (kept.pk, kept.name, kept.user_id) == (bob.pk, "Bob", 7)
        assert [each.name for each in queries.listed()] == ["Bob"]
        found = [(each.kind, bool(each.verified_at)) for each in queries.methods_of(kept.pk)]
        assert found == [("email", True), ("sms", False)]
        proof.refresh_from_db()
        assert (proof.method_id, proof.contact_name) == (mine.pk, "Robert")
        assert Message.objects.get(pk=about.pk).contact_id == bob.pk


def test_merges_that_are_refused(acme: Account, other: Account, at: datetime) -> None:
    with account_scope(other.pk):
        theirs = actions.add_contact(account_id=other.pk, name="Charlie", at=at)
    with account_scope(acme.pk):
        bob = actions.add_contact(account_id=acme.pk, name="Bob", at=at)
        rita = actions.add_contact(account_id=acme.pk, name="Rita", at=at)
        with pytest.raises(InvalidInput, match="at least two"):
            actions.merge_contacts(contacts=[bob, bob], name="Bob", at=at)
        with pytest.raises(InvalidInput, match="no such contact"):
            actions.merge_contacts(contacts=[bob, theirs], name="Bob", at=at)
        with pytest.raises(InvalidInput, match="1 to 200"):
            actions.merge_contacts(contacts=[bob, rita], name=" ", at=at)
        assert queries.listed().count() == 2


def test_another_address_has_to_be_verified_anew(acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        bob = actions.add_contact(account_id=acme.pk, name="Bob", at=at)
        method = actions.add_method(
            contact=bob, kind="sms", address="+12125550143", at=at, verified_at=at, limit=3
        )
        actions.edit_method(method=method, limit=0, phone_type="mobile")
        assert queries.methods_of(bob.pk)[0].verified_at == at
        actions.edit_method(method=method, code_hash="x", code_sent_at=at)
        actions.edit_method(method=method, address="+12125550144")
        [found] = queries.methods_of(bob.pk)
        assert (found.verified_at, found.code_hash, found.limit) == (None, "", 0)
        for wrong in ({"limit": -1}, {"limit": 1001}, {"address": ""}, {"colour": "red"}):
            with pytest.raises(InvalidInput):
                actions.edit_method(method=queries.methods_of(bob.pk)[0], **wrong)
        actions.remove_method(method=method)
        with pytest.raises(NotFound):
            actions.edit_method(method=found, limit=1)


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
        with pytest.raises(NotFound):
            actions.add_method(contact=contact, kind="email", address="x@example.com", at=at)
        with pytest.raises(OutOfScope):
            actions.rename_contact(contact=contact, name="Mine")
        actions.remove_contact(contact=contact)
    with account_scope(acme.pk):
        assert queries.one(contact.pk).name == "Bob"
