"""Mails by a service with an API, at its HTTP seam: what is asked, and what each answer means."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from deskbell.delivery.tests.example import parcel
from deskbell.delivery.transport import Fate, Note
from deskbell.delivery.transports.email.tests.service_peer import ServicePeer
from deskbell.delivery.transports.email.transport import EmailTransport
from deskbell.foundation import mailers


@pytest.fixture
def peer() -> Iterator[ServicePeer]:
    with ServicePeer() as peer:
        yield peer


@pytest.fixture(params=["postmark", "mailgun"])
def service(request: pytest.FixtureRequest, peer: ServicePeer, settings: Settings) -> str:
    """The service in use, found at the peer by a URL as an operator would give it."""
    name = str(request.param)
    use(settings, peer, name)
    return name


def use(settings: Settings, peer: ServicePeer, name: str) -> None:
    at = {"postmark": "ToKen", "mailgun": "KEY@mg.example.com"}[name]
    for setting, value in mailers.settings_of(f"{name}://{at}?api_url={peer.url}").items():
        setattr(settings, setting, value)
    settings.ANYMAIL["REQUESTS_TIMEOUT"] = 1
    settings.DEFAULT_FROM_EMAIL = "Deskbell <bell@desk.example>"


def test_postmark_gets_its_documented_request(peer: ServicePeer, settings: Settings) -> None:
    use(settings, peer, "postmark")
    outcome = EmailTransport().send(parcel(account_id=4, delivery_id=17))
    assert (outcome.fate, outcome.words) == (Fate.DELIVERED, "Postmark took it")
    assert outcome.provider_id == "b7bc2f4a-e38e-4336-af7d-e6c392c2f817"
    [asked] = peer.asked
    assert asked.path == "/email"
    assert asked.headers["x-postmark-server-token"] == "ToKen"
    said = asked.content
    assert said["From"] == "Deskbell <bell@desk.example>"
    assert said["To"] == "alice@example.com"
    assert said["Metadata"] == {"deskbell": "4.17"}
    assert "My crown came off" in said["TextBody"]
    assert "<h1" in said["HtmlBody"]
    headers = {each["Name"]: each["Value"] for each in said["Headers"]}
    assert headers["Message-ID"] == "<0c7a5f0e-3a51-4c57-9d0c-5a5f2a1d9f10@desk.example>"
    assert headers["X-PM-KeepID"] == "true"


def test_mailgun_gets_its_documented_request(peer: ServicePeer, settings: Settings) -> None:
    use(settings, peer, "mailgun")
    outcome = EmailTransport().send(parcel(account_id=4, delivery_id=17))
    assert outcome.provider_id == "<20260304150002.1.ABC@mg.example.com>"
    [asked] = peer.asked
    assert asked.path == "/mg.example.com/messages"
    assert asked.headers["authorization"] == f"Basic {base64.b64encode(b'api:KEY').decode()}"
    said = asked.content
    assert said["to"] == "alice@example.com"
    assert said["v:deskbell"] == "4.17"
    assert said["h:Message-Id"] == "<0c7a5f0e-3a51-4c57-9d0c-5a5f2a1d9f10@desk.example>"
    assert "My crown came off" in said["text"]


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        (400, Fate.LASTING),
        (401, Fate.PASSING),
        (403, Fate.PASSING),
        (413, Fate.LASTING),
        (429, Fate.PASSING),
        (500, Fate.PASSING),
        (503, Fate.PASSING),
    ],
)
def test_what_each_status_means(peer: ServicePeer, service: str, status: int, fate: Fate) -> None:
    peer.status, peer.answer = (
        status,
        {"Message": "Because of\n this", "message": "Because of this"},
    )
    outcome = EmailTransport().send(parcel())
    assert (outcome.fate, outcome.may_have_arrived) == (fate, False)
    assert outcome.words.endswith(f"answered {status}: Because of this")


INACTIVE = """You tried to send to recipient(s) that have been marked as inactive.
Found inactive addresses: alice@example.com.
Inactive recipients are ones that have generated a hard bounce or a spam complaint."""


@pytest.mark.parametrize("told", [INACTIVE, INACTIVE.splitlines()[0]])
def test_an_address_that_postmark_has_given_up_fails_lastingly(
    peer: ServicePeer, settings: Settings, told: str
) -> None:
    use(settings, peer, "postmark")
    peer.status, peer.answer = 422, {"ErrorCode": 406, "Message": told}
    outcome = EmailTransport().send(parcel())
    assert outcome.fate == Fate.LASTING
    assert "marked as inactive" in outcome.words


def test_silence_is_passing_and_may_have_arrived(peer: ServicePeer, service: str) -> None:
    peer.silent = True
    began = time.monotonic()
    outcome = EmailTransport().send(parcel())
    assert (outcome.fate, outcome.may_have_arrived) == (Fate.PASSING, True)
    assert time.monotonic() - began < 5


def test_nobody_there_is_passing_and_nothing_arrived(peer: ServicePeer, service: str) -> None:
    peer.stop()
    outcome = EmailTransport().send(parcel())
    assert (outcome.fate, outcome.may_have_arrived) == (Fate.PASSING, False)
    assert "KEY" not in outcome.words
    assert "ToKen" not in outcome.words


@pytest.mark.parametrize("answer", [{"what": "?"}, {"MessageID": 7}])
def test_an_answer_that_makes_no_sense_may_stand_for_a_mail_that_went_out(
    peer: ServicePeer, service: str, answer: dict[str, Any]
) -> None:
    peer.answer = answer
    outcome = EmailTransport().send(parcel())
    assert (outcome.fate, outcome.may_have_arrived) == (Fate.PASSING, True)


def test_what_a_stranger_wrote_adds_no_header_and_no_recipient(
    peer: ServicePeer, service: str
) -> None:
    nasty = "Ann\r\nBcc: charlie@example.com\0\u202e<b>"
    outcome = EmailTransport().send(parcel(caller_name=nasty, account_name=nasty, content=nasty))
    assert outcome.fate == Fate.DELIVERED
    [asked] = peer.asked
    names = {name.lower() for name in asked.content}
    assert not {"bcc", "cc"} & names
    subject = asked.content.get("Subject") or asked.content.get("subject")
    assert "\n" not in str(subject)


def test_a_note_goes_out_as_well(peer: ServicePeer, service: str, at: Any) -> None:
    note = Note("key-1", "alice@example.com", "123456 is your code", "Type 123456", at)
    outcome = EmailTransport().send_note(note)
    assert outcome.fate == Fate.DELIVERED
    assert "Type 123456" in str(peer.asked[0].content)
