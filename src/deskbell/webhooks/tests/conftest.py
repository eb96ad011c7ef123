"""A receiver that really listens, Acme's subscription to all that happens, and a message."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # pytest loads this file before Django is set up
    from deskbell.accounts.models import Account
    from deskbell.delivery.transports.webhook.tests.peer import Peer
    from deskbell.messages.models import Message
    from deskbell.webhooks.models import Subscription


@pytest.fixture
def scope(acme: Account) -> Iterator[None]:
    from deskbell.platform.tenancy import account_scope

    with account_scope(acme.pk):
        yield


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    """A server of the customer's, which may be called though it is on this machine."""
    from deskbell.delivery.transports.webhook.tests.peer import Peer
    from deskbell.foundation import dialling
    from deskbell.foundation.environment import environment

    with Peer() as peer:
        allowed = replace(environment(), private_hosts=peer.private_hosts)
        monkeypatch.setattr(dialling, "environment", lambda: allowed)
        yield peer


@pytest.fixture
def secrets() -> dict[int, str]:
    """The secrets that were shown, by subscription."""
    return {}


@pytest.fixture
def subscribed(
    acme: Account, scope: None, receiver: Peer, secrets: dict[int, str], at: datetime
) -> Callable[..., Subscription]:
    """Subscribes Acme to events, all of them where none are named."""
    from deskbell.webhooks.actions import EVENTS, subscribe

    def make(*events: str, url: str = "") -> Subscription:
        made, secret = subscribe(
            account_id=acme.pk,
            url=url or receiver.address,
            events=events or EVENTS,
            by="alice",
            at=at,
        )
        secrets[made.pk] = secret
        return made

    return make


@pytest.fixture
def leave(acme: Account, scope: None, at: datetime) -> Callable[..., Message]:
    """Takes a message of Acme's."""
    from deskbell.messages.actions import Taken, take

    def make(content: str = "The pump is broken", when: datetime = at, **more: object) -> Message:
        taken = Taken(content=content, phone="+12125550187", **more)  # type: ignore[arg-type]
        return take(account_id=acme.pk, taken=taken, at=when)

    return make
