"""Reports on faxes: signed by Telnyx, harmless twice or late, and they end what is under way."""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from pytest_django import Settings

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.contacts.actions import add_contact
from deskbell.delivery import actions
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.delivery.transports.fax.tests.peer import FAX_ID, Peer
from deskbell.foundation import clock, dialling
from deskbell.foundation.environment import environment
from deskbell.messages.actions import Taken, take
from deskbell.platform.tenancy import account_scope

KEY = Ed25519PrivateKey.generate()


@pytest.fixture(autouse=True)
def now(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Peer]:
    public_key = base64.b64encode(KEY.public_key().public_bytes_raw()).decode()
    with Peer() as peer:
        allowed = dataclasses.replace(environment(), private_hosts=peer.private_hosts)
        monkeypatch.setattr(dialling, "environment", lambda: allowed)
        made = peer.settings["ENVIRONMENT"]
        keys = dataclasses.replace(made.carriers["telnyx"], signing=public_key)
        settings.ENVIRONMENT = dataclasses.replace(made, carriers={"telnyx": keys})
        yield peer


@pytest.fixture
def faxed(acme: Account, acme_number: PhoneNumber, peer: Peer, at: datetime) -> Delivery:
    """A delivery that Telnyx has taken."""
    with account_scope(acme.pk):
        contact = add_contact(account_id=acme.pk, name="Office", at=at)
        method = actions.add_checked_method(
            contact=contact, kind="fax", address=peer.address, at=at
        )
        message = take(account_id=acme.pk, taken=Taken(content="A pipe burst"), at=at)
        [made] = actions.deliver(
            message=message, methods=[method], level_id=1, level_name="Days", attempt=1, at=at
        )
        actions.send(delivery_id=made.pk, at=at)
    assert state_of(made).state == DeliveryState.UNDER_WAY
    return made


def state_of(delivery: Delivery) -> Delivery:
    with account_scope(delivery.account_id):
        return Delivery.objects.get(pk=delivery.pk)


def reported(status: str, key: Ed25519PrivateKey = KEY, **more: Any) -> int:
    payload = {"fax_id": FAX_ID, "status": status, **more}
    body = json.dumps({"data": {"event_type": f"fax.{status}", "payload": payload}})
    stamp = str(int(clock.now().timestamp()))
    signed = base64.b64encode(key.sign(f"{stamp}|{body}".encode())).decode()
    headers = {"telnyx-timestamp": stamp, "telnyx-signature-ed25519": signed}
    answer = Client(enforce_csrf_checks=True).post(
        "/faxes/telnyx/status", body, content_type="application/json", headers=headers
    )
    return answer.status_code


def test_a_fax_is_under_way_until_telnyx_reports(faxed: Delivery, peer: Peer) -> None:
    state = peer.faxes[0]["client_state"]
    assert reported("sending", client_state=state) == 204
    assert state_of(faxed).state == DeliveryState.UNDER_WAY
    for _ in range(2):
        assert reported("delivered", client_state=state, page_count=1) == 204
    assert state_of(faxed).state == DeliveryState.DELIVERED
    assert reported("failed", client_state=state, failure_reason="user_busy") == 204
    assert state_of(faxed).state == DeliveryState.DELIVERED


def test_a_busy_line_is_tried_again(faxed: Delivery, peer: Peer, at: datetime) -> None:
    state = peer.faxes[0]["client_state"]
    assert reported("failed", client_state=state, failure_reason="user_busy") == 204
    found = state_of(faxed)
    assert (found.state, found.next_try_at) == (DeliveryState.RETRYING, at + timedelta(minutes=1))


def test_whoever_is_not_telnyx_is_not_heard(faxed: Delivery, peer: Peer) -> None:
    state = peer.faxes[0]["client_state"]
    assert reported("delivered", Ed25519PrivateKey.generate(), client_state=state) == 403
    assert state_of(faxed).state == DeliveryState.UNDER_WAY


@pytest.mark.parametrize("state", ["", "%%%", "MTIz", "YTpi", "OTk6OTk="])
def test_a_fax_that_is_not_ours_is_passed_over(faxed: Delivery, state: str) -> None:
    assert reported("delivered", client_state=state) == 204
    assert state_of(faxed).state == DeliveryState.UNDER_WAY
