"""The cast of every test: alice owns Acme, bob works there with little access, charlie is another
tenant and must see nothing, rita is a receptionist, olivia the operator."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # a plugin is loaded before Django is set up
    from deskbell.accounts.models import Account, PhoneNumber, User

PASSWORD = "Ring-the-bell-1"


@pytest.fixture
def at() -> datetime:
    """A Wednesday, ten in the morning in New York."""
    return datetime(2026, 3, 4, 15, 0, tzinfo=UTC)


@pytest.fixture
def acme(db: None, at: datetime) -> Account:
    from deskbell.accounts.actions import open_account

    return open_account(
        number="W0411", name="Acme Dental", time_zone="America/New_York", at=at, client_id="411"
    )


@pytest.fixture
def other(db: None, at: datetime) -> Account:
    from deskbell.accounts.actions import open_account

    return open_account(number="W0422", name="Brook Plumbing", time_zone="Europe/London", at=at)


def _person(name: str, at: datetime, staff: str = "") -> User:
    from deskbell.accounts.actions import add_user

    return add_user(
        email=f"{name}@example.com", name=name.title(), password=PASSWORD, at=at, staff=staff
    )


@pytest.fixture
def alice(acme: Account, at: datetime) -> User:
    from deskbell.accounts.actions import join

    user = _person("alice", at)
    join(user=user, account=acme, role="BG_ADMIN")
    return user


@pytest.fixture
def bob(acme: Account, at: datetime) -> User:
    from deskbell.accounts.actions import join

    user = _person("bob", at)
    join(user=user, account=acme, role="AA_ADMIN")
    return user


@pytest.fixture
def charlie(other: Account, at: datetime) -> User:
    from deskbell.accounts.actions import join

    user = _person("charlie", at)
    join(user=user, account=other, role="BG_ADMIN")
    return user


@pytest.fixture
def rita(db: None, at: datetime) -> User:
    return _person("rita", at, staff="receptionist")


@pytest.fixture
def olivia(db: None, at: datetime) -> User:
    return _person("olivia", at, staff="operator")


@pytest.fixture
def acme_number(acme: Account, at: datetime) -> PhoneNumber:
    from deskbell.accounts.actions import add_number
    from deskbell.platform.tenancy import account_scope

    with account_scope(acme.pk):
        return add_number(account=acme, number="+1 212 555 0142", at=at)
