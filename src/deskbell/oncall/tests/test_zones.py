"""An account that moves: shifts and covers keep their times of day."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from deskbell.accounts.actions import edit_account
from deskbell.accounts.models import Account
from deskbell.contacts.actions import add_contact
from deskbell.delivery.actions import add_checked_method
from deskbell.oncall.actions import add_event, add_level, add_override
from deskbell.oncall.models import Occurrence, Override
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db


def test_shifts_and_covers_follow_the_account(acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        contact = add_contact(account_id=acme.pk, name="Somebody", at=at)
        method = add_checked_method(contact=contact, kind="email", address="s@example.com", at=at)
        level = add_level(account_id=acme.pk, name="Days", at=at)
        starts = datetime.combine(at.date(), time(8))
        add_event(
            level=level,
            methods=[method],
            starts=starts,
            ends=starts.replace(hour=17),
            frequency="daily",
            at=at,
        )
        add_override(
            account_id=acme.pk,
            level=level,
            kind="remove",
            contact=contact,
            methods=[],
            starts=starts,
            ends=starts.replace(hour=12),
            at=at,
        )
        before = Occurrence.objects.count()
        first = Occurrence.objects.order_by("span").first()
        assert first is not None
        assert (first.span.lower.hour, first.span.upper.hour) == (13, 22)  # New York, in winter
        edit_account(account=acme, at=at, time_zone="Europe/Berlin")
        moved = Occurrence.objects.order_by("span").first()
        assert moved is not None
        assert (moved.span.lower.hour, moved.span.upper.hour) == (7, 16)
        assert Occurrence.objects.count() == before
        cover = Override.objects.get()
        assert (cover.span.lower.hour, cover.span.upper.hour) == (7, 11)


def test_another_account_stays_where_it_is(acme: Account, other: Account, at: datetime) -> None:
    with account_scope(other.pk):
        contact = add_contact(account_id=other.pk, name="Somebody", at=at)
        method = add_checked_method(contact=contact, kind="email", address="s@example.com", at=at)
        level = add_level(account_id=other.pk, name="Days", at=at)
        starts = datetime.combine(at.date(), time(8))
        add_event(level=level, methods=[method], starts=starts, ends=starts.replace(hour=17), at=at)
        rows = list(Occurrence.objects.values())
    with account_scope(acme.pk):
        edit_account(account=acme, at=at, time_zone="Europe/Berlin", name="Acme Teeth")
    with account_scope(other.pk):
        assert list(Occurrence.objects.values()) == rows
