"""A desk with receptionists, and callers who wait at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:  # pytest loads this file before Django is set up
    from deskbell.accounts.models import Account, PhoneNumber
    from deskbell.calls.models import Call
    from deskbell.desk.models import DeskCall, Receptionist


@pytest.fixture
def in_acme(acme: Account) -> Iterator[Account]:
    """The scope of Acme around the whole test."""
    from deskbell.platform.tenancy import account_scope

    with account_scope(acme.pk):
        yield acme


@pytest.fixture
def receptionist(db: None, at: datetime) -> Callable[..., Receptionist]:
    """Adds a receptionist who is available, unless told otherwise; takes fields of the row."""
    from deskbell.accounts.actions import add_user
    from deskbell.desk.models import Receptionist

    def make(name: str, **fields: Any) -> Receptionist:
        user = add_user(
            email=f"{name.lower()}@example.com",
            name=name,
            password="Ring-the-bell-1",
            at=at,
            staff="receptionist",
        )
        given = {"phone": "staff-" + name.lower(), "standing": "available", "since": at}
        return Receptionist.objects.create(user=user, **(given | fields))

    return make


@pytest.fixture
def phones(in_acme: Account, acme_number: PhoneNumber) -> Callable[..., Call]:
    """Somebody calls Acme's number; the attendant has answered."""
    from deskbell.calls import actions as calls
    from deskbell.foundation.sids import new_sid

    def make(at: datetime, caller_id: str = "+16465550123", **fields: Any) -> Call:
        return calls.begin(
            account_id=in_acme.pk,
            sid=new_sid("CA"),
            number=acme_number,
            caller_id=caller_id,
            caller_name="",
            dialled="+12125550142",
            at=at,
            gateway="http://127.0.0.1:8070",
            **fields,
        )

    return make


@pytest.fixture
def waits(phones: Callable[..., Call], at: datetime) -> Callable[..., DeskCall]:
    """Somebody waits for a receptionist, since `when`; takes what `join_queue` takes."""
    from deskbell.desk import actions

    def make(when: datetime | None = None, **more: Any) -> DeskCall:
        since = when or at
        return actions.join_queue(call=phones(since), way="gateway", at=since, **more)

    return make


@pytest.fixture
def taken(
    receptionist: Callable[..., Receptionist], waits: Callable[..., DeskCall], at: datetime
) -> tuple[Receptionist, DeskCall]:
    """Rita has a caller."""
    from deskbell.desk import actions
    from deskbell.desk.tests.waiting import ring_of

    rita, call = receptionist("Rita"), waits()
    actions.distribute(at)
    actions.take_offer(offer_id=ring_of(rita).pk, at=at + timedelta(seconds=5))
    call.refresh_from_db()
    return rita, call
