"""A small calendar of Acme's, and what tests ask of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:  # pytest loads this file before Django is set up
    from deskbell.accounts.models import Account
    from deskbell.contacts.models import DeliveryMethod
    from deskbell.messages.models import Message
    from deskbell.oncall.models import EscalationLevel


@pytest.fixture
def in_acme(acme: Account) -> Iterator[Account]:
    """The scope of Acme around the whole test."""
    from deskbell.platform.tenancy import account_scope

    with account_scope(acme.pk):
        yield acme


@pytest.fixture
def way(in_acme: Account, at: datetime) -> Callable[[str], DeliveryMethod]:
    """Makes a contact with an email address."""
    from deskbell.contacts.actions import add_contact, add_method

    def make(name: str) -> DeliveryMethod:
        contact = add_contact(account_id=in_acme.pk, name=name, at=at)
        return add_method(
            contact=contact, kind="email", address=f"{name.lower()}@example.com", at=at
        )

    return make


@pytest.fixture
def always(at: datetime) -> Callable[..., None]:
    """Puts methods on call on a level, round the clock from the start of the year on."""
    from deskbell.oncall import actions

    def put(level: EscalationLevel, *methods: DeliveryMethod) -> None:
        actions.add_event(
            level=level,
            methods=methods,
            starts=datetime.fromisoformat("2026-01-01 00:00"),
            ends=datetime.fromisoformat("2026-01-01 23:59"),
            frequency="daily",
            at=at,
        )

    return put


@pytest.fixture
def taken(in_acme: Account, at: datetime) -> Callable[..., Message]:
    """Takes a message, at `at`, for a level or for none."""
    from deskbell.messages.actions import Taken, take

    def make(level: EscalationLevel | None = None) -> Message:
        return take(
            account_id=in_acme.pk,
            taken=Taken("The tooth hurts", escalation_level_id=level.pk if level else None),
            at=at,
        )

    return make


@pytest.fixture
def add_level(in_acme: Account, at: datetime) -> Callable[..., EscalationLevel]:
    """Adds a level to Acme; takes what `actions.add_level` takes."""
    from deskbell.oncall import actions

    def add(name: str, **options: Any) -> EscalationLevel:
        return actions.add_level(account_id=in_acme.pk, name=name, at=at, **options)

    return add
