"""What a webhook is sent, how it is signed, and what each answer means."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from deskbell.delivery.tests.example import briefs, note, parcel
from deskbell.delivery.transport import Fate, Outcome, Parcel
from deskbell.delivery.transports.webhook import signature
from deskbell.delivery.transports.webhook.tests.peer import Peer
from deskbell.delivery.transports.webhook.transport import WebhookTransport, retry_after
from deskbell.foundation import dialling
from deskbell.foundation.environment import environment
from deskbell.foundation.errors import InvalidInput

AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    with Peer() as peer:
        allowed = dataclasses.replace(environment(), private_hosts=peer.private_hosts)
        monkeypatch.setattr(dialling, "environment", lambda: allowed)
        yield peer


@pytest.fixture
def to_peer(peer: Peer) -> Parcel:
    return parcel(address=peer.address)


def answered(
    peer: Peer, status: int, body: bytes = b"", headers: dict[str, str] | None = None
) -> Outcome:
    peer.status, peer.body, peer.headers = status, body, headers or {}
    return WebhookTransport().send(parcel(address=peer.address))


def test_it_posts_the_message_signed(peer: Peer, to_peer: Parcel) -> None:
    WebhookTransport().send(to_peer)
    [(headers, body)] = peer.requests
    said = json.loads(body)
    assert said["type"] == "message.delivery"
    assert said["id"] == headers["idempotency-key"] == to_peer.idempotency_key
    assert said["account"] == {"number": "W0411", "name": "Acme Dental"}
    assert said["message"]["taken_at"] == "2026-03-04T15:00:00+00:00"
    assert said["message"]["answers"] == {"Patient of ours": "Yes"}
    assert said["level"] == {"name": "Weekdays", "attempt": 1}
    assert said["acknowledge_url"] == to_peer.acknowledge_url
    assert headers["content-type"] == "application/json"
    header = headers["deskbell-signature"]
    later = to_peer.sent_at + timedelta(minutes=4)
    assert signature.is_signed(to_peer.secret, body, header, at=later)
    assert not signature.is_signed("another", body, header, at=later)
    assert not signature.is_signed(to_peer.secret, body + b" ", header, at=later)
    assert not signature.is_signed(to_peer.secret, body, header, at=later + timedelta(minutes=2))


def test_the_signature_is_the_documented_one() -> None:
    assert signature.sign("secret", b"{}", datetime(2026, 1, 1, tzinfo=UTC)) == (
        "t=1767225600,v1=fa7eaa06bf97d7815f3f456e97cde70c9e50cb005f01660c8d10b10c21964887"
    )


@pytest.mark.parametrize("header", ["", "t=,v1=", "t=abc,v1=x", "v1=abc", "t=1e9,v1=", ",,,=,="])
def test_a_header_that_is_none_is_not_signed(header: str) -> None:
    assert not signature.is_signed("secret", b"{}", header, at=AT)


def test_every_try_has_the_same_body(peer: Peer, to_peer: Parcel) -> None:
    WebhookTransport().send(to_peer)
    later = to_peer.sent_at + timedelta(minutes=5)
    WebhookTransport().send(dataclasses.replace(to_peer, sent_at=later))
    [(first, one), (second, two)] = peer.requests
    assert one == two
    assert first["deskbell-signature"] != second["deskbell-signature"]


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        (200, Fate.DELIVERED),
        (202, Fate.DELIVERED),
        (204, Fate.DELIVERED),
        (301, Fate.LASTING),
        (307, Fate.LASTING),
        (400, Fate.LASTING),
        (401, Fate.LASTING),
        (404, Fate.LASTING),
        (410, Fate.LASTING),
        (408, Fate.PASSING),
        (429, Fate.PASSING),
        (500, Fate.PASSING),
        (503, Fate.PASSING),
    ],
)
def test_what_each_status_means(peer: Peer, status: int, fate: Fate) -> None:
    outcome = answered(peer, status, headers={"Location": "http://169.254.169.254/"})
    assert outcome.fate == fate
    assert str(status) in outcome.words
    assert len(peer.requests) == 1


def test_a_refusal_is_quoted_shortly_and_without_control_characters(peer: Peer) -> None:
    outcome = answered(peer, 422, b"no\x00such\x1b[31m field\r\n" + b"x" * 100_000)
    assert outcome.words.startswith("It answered 422: no such [31m field xxx")
    assert len(outcome.words) < 250


@pytest.mark.parametrize(
    ("body", "is_acknowledged", "by"),
    [
        (b'{"acknowledged": true, "by": "Rita"}', True, "Rita"),
        (b'{"acknowledged": true}', True, ""),
        (b'{"acknowledged": true, "by": 7}', True, ""),
        (b'{"acknowledged": true, "by": "Ri\\u0000ta\\n' + b"a" * 500 + b'"}', True, None),
        (b'{"acknowledged": "true"}', False, ""),
        (b'{"acknowledged": 1}', False, ""),
        (b"[true]", False, ""),
        (b"thanks", False, ""),
        (b"\xff\xfe", False, ""),
        (b"", False, ""),
    ],
)
def test_an_answer_may_acknowledge(
    peer: Peer, body: bytes, is_acknowledged: bool, by: str | None
) -> None:
    outcome = answered(peer, 200, body)
    assert (outcome.fate, outcome.acknowledged) == (Fate.DELIVERED, is_acknowledged)
    if by is None:
        assert outcome.by.startswith("Ri ta aaa")
        assert len(outcome.by) == 100
    else:
        assert outcome.by == by


def test_a_failure_never_acknowledges(peer: Peer) -> None:
    assert not answered(peer, 500, b'{"acknowledged": true}').acknowledged


def test_a_wait_that_is_asked_for_is_passed_on(peer: Peer) -> None:
    assert answered(peer, 429, headers={"Retry-After": "90"}).retry_after == timedelta(seconds=90)
    assert answered(peer, 503).retry_after is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        ("Wed, 04 Mar 2026 15:02:00 GMT", 120),
        ("Wed, 04 Mar 2026 14:00:00 GMT", 0),
        ("9" * 50, 10**6),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after_is_read(text: str, seconds: int | None) -> None:
    wait = None if seconds is None else timedelta(seconds=seconds)
    assert retry_after(text, AT) == wait


def test_a_private_address_fails_lastingly_and_is_not_called(
    peer: Peer, to_peer: Parcel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialling, "environment", environment)
    outcome = WebhookTransport().send(to_peer)
    assert (outcome.fate, peer.requests) == (Fate.LASTING, [])
    assert outcome.words == "127.0.0.1 leads to a private address; a public one is needed"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("http://127.0.0.1/hook", "private address"),
        ("http://localhost:8001/", "private address"),
        ("http://[::ffff:10.0.0.1]/", "private address"),
        ("http://2130706433/", "private address"),
        ("ftp://example.com/", "needs a web address"),
        ("example.com/hook", "needs a web address"),
        ("https://", "needs a web address"),
        ("https://[::1", "needs a web address"),
        ("https://me:secret@example.com/", "Leave name, password"),
        ("https://example.com/#part", "Leave name, password"),
    ],
)
def test_an_address_that_cannot_work_is_refused_in_words(given: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        WebhookTransport().check_address(given)


def test_a_bundle_names_the_others(peer: Peer) -> None:
    WebhookTransport().send(parcel(address=peer.address, bundled=briefs(2)))
    [(_, body)] = peer.requests
    said = json.loads(body)
    assert said["message"]["content"].startswith("My crown")
    assert said["bundled"][1] == {
        "id": 101,
        "taken_at": "2026-03-04T14:01:00+00:00",
        "caller_name": "Caller 1",
        "caller_number": "+12125550155",
        "content": "The pump leaks 1",
        "is_emergency": False,
        "acknowledge_url": "http://localhost:8000/ack/brief-1",
    }


def test_a_note_is_signed_and_acknowledges_nothing(peer: Peer) -> None:
    peer.body = b'{"acknowledged": true}'
    given = note(address=peer.address)
    WebhookTransport().send_note(given)
    [(headers, body)] = peer.requests
    said = json.loads(body)
    assert (said["type"], said["id"]) == ("note", headers["idempotency-key"])
    assert said["text"] == given.text
    header = headers["deskbell-signature"]
    assert signature.is_signed(given.secret, body, header, at=given.sent_at)
