"""Which carrier sends, what Telnyx's answers mean, and what an event that is none comes to."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from pytest_django import Settings

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.contacts.actions import add_contact, add_method
from deskbell.delivery import texting
from deskbell.delivery.texting.telnyx import Telnyx
from deskbell.delivery.texting.twilio import Twilio
from deskbell.delivery.transports.sms.tests.peer import Peer
from deskbell.foundation import dialling
from deskbell.foundation.carriers import CarrierKeys
from deskbell.foundation.environment import environment
from deskbell.foundation.errors import DeskbellError, InvalidInput, Refused, Unreachable
from deskbell.platform.tenancy import account_scope

TEXT = texting.Text("+12125550142", "+12125550134", "Hello", "key", "https://bell.example.com/s")


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    with Peer() as peer:
        allowed = dataclasses.replace(environment(), private_hosts=peer.private_hosts)
        monkeypatch.setattr(dialling, "environment", lambda: allowed)
        yield peer


def keys(url: str = "https://example.com") -> CarrierKeys:
    return CarrierKeys("user", "password", "signing", url)


def test_telnyx_is_asked_as_it_documents(peer: Peer) -> None:
    peer.answer = (200, {"data": {"id": "40385f64"}})
    assert Telnyx(keys(peer.url)).send(TEXT) == "40385f64"
    [(path, headers, form)] = peer.asked
    assert path == "/v2/messages"
    assert headers["authorization"] == "Bearer password"
    assert headers["idempotency-key"] == "key"
    assert form == {
        "from": TEXT.sender,
        "to": TEXT.to,
        "text": "Hello",
        "webhook_url": TEXT.status_url,
    }


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (422, "40310", Refused),  # not a number
        (403, "40300", Refused),  # STOP
        (400, "40305", texting.NotOurs),  # our number cannot
        (401, "10009", texting.NotOurs),
        (400, "40318", Unreachable),  # its queue is full
        (429, "10011", Unreachable),
        (500, "", Unreachable),
    ],
)
def test_telnyxs_codes_decide(
    peer: Peer, status: int, code: str, error: type[DeskbellError]
) -> None:
    peer.answer = (status, {"errors": [{"code": code, "title": "It says why"}]})
    with pytest.raises(error) as caught:
        Telnyx(keys(peer.url)).send(TEXT)
    assert type(caught.value) is error


def test_the_operators_own_goes_first_and_a_space_is_needed(settings: Settings) -> None:
    def sender(own: CarrierKeys | None = None, **carriers: CarrierKeys) -> str:
        settings.ENVIRONMENT = dataclasses.replace(
            settings.ENVIRONMENT, text_server=own, carriers=carriers
        )
        return texting.sending().name

    assert sender(keys(), twilio=keys()) == "own"
    assert sender(signalwire=keys(), telnyx=keys(), twilio=keys()) == "twilio"
    assert sender(signalwire=keys(), telnyx=keys()) == "telnyx"
    assert sender(signalwire=keys()) == "signalwire"
    with pytest.raises(Refused, match="DESKBELL_SIGNALWIRE with its space"):
        sender(signalwire=keys(""))
    assert not texting.can_send()
    assert texting.carrier_named("signalwire").name == "signalwire"  # it may still bring texts


@pytest.mark.parametrize(
    "content", [{}, {"data": None}, {"data": {"payload": "x"}}, {"data": {"payload": [1]}}, [1]]
)
def test_what_is_no_event_of_telnyx_is_refused(content: Any) -> None:
    body = json.dumps(content).encode()
    for read in (Telnyx(keys()).read_heard, Telnyx(keys()).read_report):
        with pytest.raises(InvalidInput):
            read(body)


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"MessageSid=", b"a=1&" * 500])
def test_what_is_no_text_of_twilio_is_refused(body: bytes) -> None:
    twilio = Twilio("twilio", "Twilio", keys())
    for read in (twilio.read_heard, twilio.read_report):
        with pytest.raises(InvalidInput):
            read(body)


def test_events_that_say_nothing_yet_are_neither() -> None:
    sent = {"data": {"event_type": "message.sent", "payload": {"id": "1", "to": [{}]}}}
    body = json.dumps(sent).encode()
    telnyx = Telnyx(keys())
    assert telnyx.read_heard(body) is None
    report = telnyx.read_report(body)
    assert report is not None
    assert (report.has_arrived, report.has_failed) == (False, False)


def test_methods_of_whoever_said_stop_are_told(
    acme: Account, acme_number: PhoneNumber, other: Account, at: datetime
) -> None:
    texting.stop(ours=acme_number.e164, theirs="+12125550134", at=at)
    with account_scope(acme.pk):
        contact = add_contact(account_id=acme.pk, name="Alice", at=at)
        made = [
            add_method(contact=contact, kind=kind, address=address, at=at)
            for kind, address in (
                ("sms", "+12125550134"),
                ("sms", "+12125550135"),
                ("call", "+12125550134"),
            )
        ]
        assert texting.stopped_among(made) == {made[0].pk}
        assert [texting.is_stopped(each) for each in made] == [True, False, False]
    with account_scope(other.pk):  # who stopped Acme's number did not stop another's
        contact = add_contact(account_id=other.pk, name="Charlie", at=at)
        method = add_method(contact=contact, kind="sms", address="+12125550134", at=at)
        assert not texting.is_stopped(method)
