"""Whom a caller is put through to: whoever a message would reach by telephone then."""

from __future__ import annotations

from datetime import datetime, timedelta

from deskbell.accounts.models import Account
from deskbell.attendant.queries import phones_on_call
from deskbell.contacts.actions import add_contact, add_method
from deskbell.contacts.models import DeliveryMethod
from deskbell.oncall import actions
from deskbell.platform.tenancy import account_scope


def test_callers_reach_who_stands_in(acme: Account, at: datetime) -> None:
    def phone(name: str, number: str) -> DeliveryMethod:
        contact = add_contact(account_id=acme.pk, name=name, at=at)
        add_method(contact=contact, kind="email", address=f"{name}@example.com", at=at)
        return add_method(contact=contact, kind="call", address=number, at=at)

    start = datetime.combine(at.date(), datetime.min.time())
    with account_scope(acme.pk):
        level = actions.add_level(account_id=acme.pk, name="Doctors", at=at)
        bob, rita = phone("bob", "+12125550101"), phone("rita", "+12125550102")
        actions.add_event(
            level=level, methods=[bob], starts=start, ends=start, frequency="daily", at=at
        )
        assert phones_on_call(level.pk, at) == ("+12125550101",)
        actions.add_override(
            account_id=acme.pk,
            level=None,
            kind="replace",
            contact=bob.contact,
            methods=[rita, *rita.contact.methods.filter(kind="email")],
            starts=start,
            ends=start + timedelta(days=2),
            at=at,
        )
        assert phones_on_call(level.pk, at) == ("+12125550102",)
        assert phones_on_call(level.pk, at + timedelta(days=7)) == ("+12125550101",)
        actions.delete_level(level=level, at=at)
        assert phones_on_call(level.pk, at) == ()
