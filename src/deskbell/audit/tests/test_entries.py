"""Which requests get an entry, and what stands in it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deskbell.accounts.actions import make_api_token
from deskbell.accounts.models import Account, User
from deskbell.audit import actions
from deskbell.audit.models import Entry
from deskbell.audit.rules import Door
from deskbell.messages.actions import Taken, take
from deskbell.messages.models import Message
from deskbell.platform.tenancy import account_scope, system_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(acme: Account, at: datetime) -> Message:
    with account_scope(acme.pk):
        return take(account_id=acme.pk, taken=Taken("Ring"), at=at)


@pytest.fixture
def as_alice(alice: User) -> Client:
    client = Client(headers={"User-Agent": "Telescope/1"})
    client.force_login(alice)
    return client


def entries() -> list[Entry]:
    with system_scope("test"):
        return list(Entry.objects.order_by("pk"))


def test_who_did_what_when_and_from_where(
    as_alice: Client, alice: User, acme: Account, message: Message
) -> None:
    answer = as_alice.post(f"/messages/{message.pk}/acknowledge/")
    assert answer.status_code == 302
    [entry] = entries()
    assert (entry.account, entry.who, entry.who_name) == (acme, alice, alice.email)
    assert (entry.door, entry.act) == (Door.PORTAL, "messages:acknowledge")
    assert entry.words == "Acknowledged a message"
    assert entry.subject.startswith(f"Message {message.pk} is acknowledged")
    assert (entry.address, entry.agent, entry.on_behalf) == ("127.0.0.1", "Telescope/1", "")


def test_nothing_for_what_was_refused(as_alice: Client, message: Message) -> None:
    Client().post(f"/messages/{message.pk}/acknowledge/")  # led to sign-in
    as_alice.post("/messages/9999999/acknowledge/")  # no such message
    as_alice.post("/webhooks/new/", {"url": "x"})  # not an address
    as_alice.get(f"/messages/{message.pk}/")
    as_alice.get("/messages/")
    assert entries() == []
    as_alice.post(f"/messages/{message.pk}/acknowledge/")
    as_alice.post(f"/messages/{message.pk}/acknowledge/")  # only told that it is late
    assert len(entries()) == 1


def test_a_token_is_named(acme: Account, message: Message, at: datetime) -> None:
    token = make_api_token(account=acme, name="CRM", scopes=["messages:write"], at=at)
    path = f"/api/v2/messages/{message.pk}/acknowledge"
    answer = Client().post(path, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    [entry] = entries()
    assert (entry.account, entry.who, entry.who_name) == (acme, None, "API token CRM")
    assert (entry.door, entry.act) == (Door.API_V2, "api-v2:acknowledge_message")
    assert entry.subject == f"message {message.pk}"


def test_hostile_words_do_no_harm(
    alice: User, acme: Account, message: Message, at: datetime
) -> None:
    client = Client(headers={"User-Agent": "<script>\t\x85" + "y" * 100_000})
    client.force_login(alice)
    assert client.post(f"/messages/{message.pk}/acknowledge/").status_code == 302
    assert len(entries()[0].agent) <= 300
    actions.write(
        door=Door.PORTAL,
        act="a" * 1000,
        words="w\n" * 1000,
        at=at,
        account_id=acme.pk,
        who_name="n\x00" * 1000,
        subject="\x00<script>" * 1000,
        changes={"note\x00": ("\ud800", "x" * 100_000), "token": ("opens", "opens")},
    )
    kept = entries()[1]
    assert "opens" not in str(kept.changes)
    assert max(len(str(each)) for each in kept.changes.values()) < 600


def test_what_is_gone_leaves_its_entry(at: datetime) -> None:
    gone = User(pk=999_999, email="gone@example.com")
    actions.write(door=Door.PORTAL, act="x", words="Left", at=at, account_id=999_999, who=gone)
    [entry] = entries()
    assert (entry.account, entry.who, entry.who_name) == (None, None, "gone@example.com")


def test_one_statement_that_does_not_wait_for_the_disk(
    as_alice: Client, acme: Account, message: Message
) -> None:
    as_alice.get("/messages/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        as_alice.post(f"/messages/{message.pk}/acknowledge/")
    own = [each["sql"] for each in asked if "audit_entry" in each["sql"]]
    assert len(own) == 1
    assert "synchronous_commit" in own[0]
    with CaptureQueriesContext(connection) as asked:
        as_alice.get("/messages/")
    assert not any("audit_entry" in each["sql"] for each in asked)


def test_each_account_sees_its_own(acme: Account, other: Account, at: datetime) -> None:
    for account_id in (acme.pk, other.pk, None):
        actions.write(door=Door.PORTAL, act="x", words="Did", at=at, account_id=account_id)
    with account_scope(acme.pk):
        assert [each.account_id for each in Entry.objects.all()] == [acme.pk]


def test_old_entries_go(acme: Account, at: datetime) -> None:
    for days in (0, 729, 731, 2000):
        actions.write(
            door=Door.PORTAL,
            act="x",
            words="Did",
            at=at - timedelta(days=days),
            account_id=acme.pk if days else None,
        )
    assert actions.remove_old(at=at, days=730) == 2
    assert actions.remove_old(at=at, days=730) == 0
    assert len(entries()) == 2
