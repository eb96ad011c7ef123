"""A carrier of texts, a mail server and a gateway, all real, and To Dos that go there."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:  # a conftest is loaded before Django is set up
    from pytest_django import Settings

    from deskbell.accounts.models import Account, PhoneNumber
    from deskbell.delivery.transports.call.tests.peer import Peer as Gateway
    from deskbell.delivery.transports.email.tests.peer import Peer as MailServer
    from deskbell.delivery.transports.sms.tests.peer import Peer as Carrier
    from deskbell.todos.models import ToDo


@pytest.fixture
def in_acme(acme: Account, acme_number: PhoneNumber) -> Iterator[Account]:
    """The scope of Acme, which has a number, around the whole test."""
    from deskbell.platform.tenancy import account_scope

    with account_scope(acme.pk):
        yield acme


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Carrier]:
    """A carrier of texts, connected as the operator's own."""
    from deskbell.delivery.transports.sms.tests.peer import Peer
    from deskbell.foundation import dialling
    from deskbell.foundation.environment import environment

    with Peer() as peer:
        allowed = dataclasses.replace(environment(), private_hosts=peer.private_hosts)
        monkeypatch.setattr(dialling, "environment", lambda: allowed)
        settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, text_server=peer.keys)
        yield peer


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    from deskbell.delivery.transports.email.tests.peer import Peer

    with Peer() as peer:
        for name, value in peer.settings.items():
            setattr(settings, name, value)
        yield peer


@pytest.fixture
def phones(settings: Settings) -> Iterator[Gateway]:
    """A gateway that takes orders and rings nobody."""
    from deskbell.delivery.transports.call.tests.peer import Peer

    with Peer() as peer:
        settings.ENVIRONMENT = dataclasses.replace(
            settings.ENVIRONMENT, voice_urls=(peer.url,), carriers={}
        )
        yield peer


@pytest.fixture
def make(in_acme: Account, at: datetime) -> Callable[..., ToDo]:
    """Makes a To Do of Acme's at a Wednesday, ten in the morning: a text, at once."""
    from deskbell.todos.actions import Fields, add_to_do

    def text(schedule: Any = None, *, made_at: datetime = at, **changes: Any) -> ToDo:
        told: dict[str, Any] = {
            "delivery_type": "sms",
            "contact": "+12125550134",
            "message_text": "Your appointment is coming up.",
            "instructions": "Your appointment is coming up.",
        }
        return add_to_do(
            account_id=in_acme.pk,
            fields=Fields(**(told | changes)),
            when=schedule or {"rule": "immediately"},
            at=made_at,
            by="Alice",
        )

    return text


@pytest.fixture
def work() -> Callable[[datetime], None]:
    """Does what a worker does at an instant: what is due, and the jobs that come of it."""
    from django.db import connection

    from deskbell.platform.tenancy import system_scope
    from deskbell.todos import actions

    def run(at: datetime) -> None:
        actions.run_due(at)
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM pgqueuer WHERE entrypoint LIKE 'todos.%' RETURNING id, payload"
            )
            queued = sorted(cursor.fetchall())
        with system_scope("runs of all accounts"):
            for _, payload in queued:
                actions.send(run_ids=json.loads(bytes(payload))["run_ids"], at=at)

    return run
