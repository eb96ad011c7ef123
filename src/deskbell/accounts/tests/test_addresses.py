"""Addresses typed with capitals: whoever has one signs in with it however they type it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client

from deskbell.accounts import actions
from deskbell.accounts.errors import EmailTaken
from deskbell.accounts.models import AccessRequest, Account, EmailChange, Invitation, User
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
TYPED = "Dana@Acme.Example"
KEPT = "dana@acme.example"
Way = Callable[[User, Account, datetime], User]


def added(alice: User, acme: Account, at: datetime) -> User:
    user = actions.add_user(email=TYPED, name="Dana", password=PASSWORD, at=at)
    actions.join(user=user, account=acme)
    return user


def invited(alice: User, acme: Account, at: datetime) -> User:
    made = actions.invite(email=TYPED, name="Dana", by=alice, account=acme, at=at)
    linked = actions.new_link(invitation_id=made.pk)
    assert linked
    return actions.accept_invitation(token=linked[1], at=at, password=PASSWORD)


def renamed(alice: User, acme: Account, at: datetime) -> User:
    return actions.edit_user(user=alice, email=TYPED, at=at)


def moved(alice: User, acme: Account, at: datetime) -> User:
    made = actions.ask_for_email(user=alice, email=TYPED, at=at)
    linked = actions.token_for_email(change_id=made.pk, at=at)
    assert linked
    return actions.confirm_email(token=linked[1], at=at)


@pytest.mark.parametrize("way", [added, invited, renamed, moved])
@pytest.mark.parametrize("typed", [TYPED, KEPT])
def test_capitals_keep_nobody_out(
    alice: User, acme: Account, at: datetime, way: Way, typed: str
) -> None:
    user = way(alice, acme, at)
    assert user.email == KEPT
    client = Client()
    client.post("/sign-in/", {"login": typed, "password": PASSWORD})
    assert client.get("/profile/sessions/").status_code == 200


def test_capitals_make_no_second_person(alice: User, at: datetime) -> None:
    with pytest.raises(EmailTaken):
        actions.add_user(email="ALICE@example.com", name="", password=None, at=at)


def test_addresses_of_before_are_kept_in_small_letters(
    alice: User, acme: Account, at: datetime
) -> None:
    actions.invite(email=KEPT, name="", by=alice, account=acme, at=at)
    actions.ask_for_email(user=alice, email=KEPT, at=at)
    actions.ask_for_access(
        name="Dana", email=KEPT, company="Acme", phone="", words="", address="192.0.2.1", at=at
    )
    kept = (User, Invitation, EmailChange, AccessRequest)
    for model in kept:
        assert model.objects.update(email=TYPED) == 1
    import_module("deskbell.accounts.migrations.0008_addresses_in_small_letters").lower_addresses(
        apps, None
    )
    for model in kept:
        assert model.objects.get().email == KEPT
