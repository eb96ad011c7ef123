"""A pigeon, somebody it flies to, and a message for it to carry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # a conftest is loaded before Django is set up
    from deskbell.accounts.models import Account
    from deskbell.contacts.models import DeliveryMethod
    from deskbell.delivery.hooks import DeliveryEvent
    from deskbell.delivery.tests.example import Pigeon
    from deskbell.messages.models import Message


@pytest.fixture
def pigeon(monkeypatch: pytest.MonkeyPatch) -> Pigeon:
    from deskbell.delivery import registry
    from deskbell.delivery.tests.example import Pigeon

    made = Pigeon()
    monkeypatch.setitem(registry.transports(), made.kind, made)
    return made


@pytest.fixture
def scope(acme: Account) -> Iterator[None]:
    from deskbell.platform.tenancy import account_scope

    with account_scope(acme.pk):
        yield


@pytest.fixture
def failures(monkeypatch: pytest.MonkeyPatch) -> list[DeliveryEvent]:
    """What the rooms above are told; they themselves are left out."""
    from deskbell.delivery import hooks

    told: list[DeliveryEvent] = []
    monkeypatch.setattr(hooks.delivery_failed, "_handlers", [told.append])
    return told


@pytest.fixture
def method(acme: Account, scope: None, at: datetime) -> DeliveryMethod:
    from deskbell.contacts.actions import add_contact, add_method

    contact = add_contact(account_id=acme.pk, name="Alice", at=at)
    return add_method(contact=contact, kind="pigeon", address="north tower", at=at, secret="s")


@pytest.fixture
def message(acme: Account, scope: None, at: datetime) -> Message:
    from deskbell.messages.actions import Taken, take

    taken = Taken(content="The pump is broken", phone="+12125550187", answers={"Unit": "4b"})
    return take(account_id=acme.pk, taken=taken, at=at)
