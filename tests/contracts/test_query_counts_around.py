"""The lists around the work cost as many queries for many rows as for few: accounts, people, keys,
sessions, the audit log, and all that the operator has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deskbell.accounts import actions as accounts
from deskbell.accounts.models import Account, User
from deskbell.audit.actions import write
from deskbell.audit.models import Door
from deskbell.billing.actions import add_plan, record_payment, subscribe
from deskbell.billing.models import Method
from deskbell.calls.actions import block
from deskbell.contacts.actions import add_contact, add_method
from deskbell.delivery.actions import deliver
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.foundation.clock import now
from deskbell.lines.actions import add_trunk
from deskbell.messages.actions import Taken, take
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.reports.models import Export
from deskbell.webhooks import actions as webhooks

pytestmark = pytest.mark.django_db
MOST: Final = 30
PAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "alice": (
        "/",
        "/accounts/",
        "/accounts/users/",
        "/account/choose/",
        "/audit/",
        "/audit/?q=acknowledged",
        "/billing/",
        "/billing/payments/",
        "/callers/",
        "/keys/",
        "/profile/",
        "/profile/sessions/",
        "/recordings/",
        "/reports/exports/",
        "/reports/schedules/",
        "/reports/usage/?by=receptionist",
        "/webhooks/",
    ),
    "olivia": (
        "/",
        "/account/choose/",
        "/desk/performance/",
        "/operator/",
        "/operator/accounts/",
        "/operator/audit/",
        "/operator/bank-files/",
        "/operator/bank-files/returns/",
        "/operator/deliveries/",
        "/operator/health/",
        "/operator/numbers/",
        "/operator/payments/",
        "/operator/people/",
        "/operator/plans/",
        "/operator/requests/",
        "/operator/statements/",
        "/operator/test-message/",
        "/operator/trunks/",
        "/system-health/",
    ),
}


def grow(acme: Account, alice: User, olivia: User, index: int) -> None:
    """One more of everything that any of the pages lists."""
    at = now()
    with system_scope("what belongs to no account, or to another"):
        grow_around(acme, alice, olivia, index, at)
    Client().force_login(alice)  # another session
    with account_scope(acme.pk):
        grow_inside(acme, alice, index, at)


def grow_around(acme: Account, alice: User, olivia: User, index: int, at: datetime) -> None:
    """Another account, and what the operator has."""
    other = accounts.open_account(
        number=f"W9{index:03}", name=f"Client {index}", time_zone="UTC", at=at
    )
    accounts.join(user=alice, account=other, role="BG_ADMIN")
    plan = add_plan(name=f"Plan {index}", base_cents=100, overage_cents=10, at=at)
    subscribe(account=other, plan=plan, begins_on=at.date(), by=olivia, at=at)
    accounts.add_user(
        email=f"staff{index}@example.com",
        name=f"Staff {index}",
        password=None,
        at=at,
        staff="operator",
    )
    accounts.invite(email=f"i{index}@example.com", name="I", by=alice, at=at, account=acme)
    accounts.ask_for_access(
        name="A",
        email=f"a{index}@example.com",
        company="C",
        phone="",
        words="",
        address=f"192.0.2.{index}",
        at=at,
    )
    accounts.make_user_token(user=alice, at=at, name=f"pair {index}")
    add_trunk(name=f"carrier{index}", addresses=[f"192.0.2.{index + 1}"], at=at)


def grow_inside(acme: Account, alice: User, index: int, at: datetime) -> None:
    """What an account has."""
    accounts.add_member(
        account=acme,
        email=f"m{index}@example.com",
        name=f"M {index}",
        password=None,
        role="",
        at=at,
    )
    accounts.add_number(account=acme, number=f"+1212555{1000 + index}", at=at)
    accounts.make_api_token(account=acme, name=f"key {index}", scopes=["messages:read"], at=at)
    block(
        account_id=acme.pk,
        caller_id=f"+1212555{2000 + index}",
        is_refused=True,
        reason="",
        by="Alice",
        at=at,
    )
    Export.objects.create(
        account=acme, kind="messages", format="csv", created_by=alice, created_at=at
    )
    record_payment(
        account=acme,
        method=Method.CHECK,
        cents=600,
        words="",
        once=f"check {index}",
        by=alice,
        at=at,
    )
    webhooks.subscribe(
        account_id=acme.pk,
        url=f"https://8.8.8.8/{index}",
        events=webhooks.EVENTS,
        by="Alice",
        at=at,
    )
    write(
        door=Door.PORTAL,
        act="messages:acknowledge",
        words="Acknowledged a message",
        at=at,
        account_id=acme.pk,
        who=alice,
    )
    contact = add_contact(account_id=acme.pk, name=f"Contact {index}", at=at)
    method = add_method(contact=contact, kind="email", address="a@example.com", at=at)
    message = take(account_id=acme.pk, taken=Taken("The tooth hurts"), at=at)
    deliver(message=message, methods=[method], level_id=None, level_name="", attempt=1, at=at)
    Delivery.objects.filter(message=message).update(state=DeliveryState.FAILED, finished_at=at)


def queries(client: Client, page: str) -> list[str]:
    """What is asked of the database for a page."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(page)
    assert answer.status_code == 200, page
    return [query["sql"] for query in captured]


@pytest.mark.parametrize("person", PAGES)
def test_no_list_asks_more_for_more(person: str, acme: Account, alice: User, olivia: User) -> None:
    client = Client()
    client.force_login({"alice": alice, "olivia": olivia}[person])
    for index in range(2):
        grow(acme, alice, olivia, index)
    for page in PAGES[person]:
        client.get(page)  # read for the first time
    few = {page: queries(client, page) for page in PAGES[person]}
    for index in range(2, 9):
        grow(acme, alice, olivia, index)
    for page in PAGES[person]:
        many = queries(client, page)
        assert len(many) <= len(few[page]), [page, *sorted(many)]
        assert len(many) <= MOST, page
