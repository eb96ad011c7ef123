"""What a fax says on paper, what Telnyx is asked, and what its reports mean."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.delivery.faxing.telnyx import read_report
from deskbell.delivery.tests.example import briefs, note, parcel
from deskbell.delivery.transport import Fate
from deskbell.delivery.transports.fax.tests.peer import FAX_ID, Peer, text_of
from deskbell.delivery.transports.fax.transport import FaxTransport
from deskbell.foundation import dialling
from deskbell.foundation.environment import environment
from deskbell.foundation.errors import InvalidInput, Refused
from deskbell.platform.tenancy import account_scope

OURS = "+12125550142"


@pytest.fixture
def peer(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    with Peer() as peer:
        settings.ENVIRONMENT = peer.settings["ENVIRONMENT"]
        allowed = replace(environment(), private_hosts=peer.private_hosts)
        monkeypatch.setattr(dialling, "environment", lambda: allowed)
        yield peer


def event(status: str, **more: Any) -> bytes:
    payload = {"fax_id": FAX_ID, "status": status, "client_state": "MTI6MzQ=", **more}
    return json.dumps({"data": {"event_type": f"fax.{status}", "payload": payload}}).encode()


def test_paper_says_who_what_and_how_to_acknowledge(peer: Peer) -> None:
    sent = parcel(address=peer.address, is_emergency=True, bundled=briefs(2))
    assert FaxTransport().send(sent).fate == Fate.UNDER_WAY
    paper = " ".join(peer.received[0].text.split())
    assert "Emergency for" in paper
    assert sent.caller_name in paper
    assert "crown" in paper
    assert sent.acknowledge_url.rpartition("/")[2] in paper.replace(" ", "")
    assert "The pump leaks 0" in paper
    assert "brief-1" in paper.replace(" ", "")


def test_telnyx_is_asked_by_its_book(peer: Peer) -> None:
    sent = parcel(address=peer.address, sender=OURS, account_id=12, delivery_id=34)
    outcome = FaxTransport().send(sent)
    assert (outcome.provider_id, outcome.sender) == (FAX_ID, OURS)
    assert outcome.within
    [fax] = peer.faxes
    assert fax["to"] == peer.address
    assert fax["from"] == OURS
    assert fax["connection_id"] == "1234567890"
    assert base64.b64decode(fax["client_state"]) == b"12:34"
    assert fax["webhook_url"].endswith("/faxes/telnyx/status")
    assert [*peer.documents] == [fax["media_name"]]


def test_the_spool_has_the_document_before_its_facts(settings: Settings, tmp_path: Path) -> None:
    settings.ENVIRONMENT = replace(environment(), data_dir=tmp_path, carriers={})
    outcome = FaxTransport().send(parcel(address="+12125550134", sender=OURS))
    assert outcome.fate == Fate.DELIVERED
    assert "spool" in outcome.words
    folder = tmp_path / "fax" / "outgoing"
    [about] = folder.glob("*.json")
    facts = json.loads(about.read_text())
    assert (facts["to"], facts["from"]) == ("+12125550134", OURS)
    assert "crown" in text_of((folder / facts["pdf"]).read_bytes())
    assert len([*folder.iterdir()]) == 2, "no half files"


def test_a_spool_that_cannot_be_written_is_tried_again(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "fax").write_text("in the way")
    settings.ENVIRONMENT = replace(environment(), data_dir=tmp_path, carriers={})
    outcome = FaxTransport().send_note(note(address="+12125550134"))
    assert (outcome.fate, outcome.may_have_arrived) == (Fate.PASSING, False)


def test_keys_that_do_not_fit_wait_for_the_operator(peer: Peer) -> None:
    peer.answer = (401, {"errors": [{"title": "Authentication failed"}]})
    outcome = FaxTransport().send(parcel(address=peer.address))
    assert outcome.fate == Fate.PASSING
    assert "Authentication failed" in outcome.words


@pytest.mark.parametrize(
    ("reason", "fate"),
    [
        ("user_busy", Fate.PASSING),
        ("service_unavailable", Fate.PASSING),
        ("a_reason_yet_to_come", Fate.PASSING),
        ("receiver_no_answer", Fate.UNANSWERED),
        ("destination_invalid", Fate.LASTING),
        ("receiver_incompatible_destination", Fate.LASTING),
    ],
)
def test_what_went_wrong_decides_what_follows(reason: str, fate: Fate) -> None:
    report = read_report(event("failed", failure_reason=reason))
    assert (report.state, report.provider_id) == ("12:34", FAX_ID)
    assert report.outcome
    assert report.outcome.fate == fate
    assert (report.outcome.retry_after == timedelta(minutes=1)) == (reason == "user_busy")


def test_a_fax_that_arrived_and_one_on_its_way() -> None:
    arrived = read_report(event("delivered", page_count=2)).outcome
    assert arrived
    assert (arrived.fate, arrived.words) == (Fate.DELIVERED, "The other machine took 2 pages")
    for status in ("queued", "media.processed", "originated", "sending"):
        assert read_report(event(status)).outcome is None


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"data":{"payload":[]}}', b'{"data":1}'])
def test_nonsense_is_no_report(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_report(body)


@pytest.mark.usefixtures("db")
def test_our_number_shows_and_limits_hold(acme: Account, acme_number: PhoneNumber) -> None:
    transport = FaxTransport()
    with account_scope(acme.pk):
        prepared = transport.prepare(parcel(address="+12125550134", account_id=acme.pk))
        assert prepared.sender == acme_number.e164
        with pytest.raises(Refused, match="prefixes"):
            transport.prepare(parcel(address="+8821234567", account_id=acme.pk))
        acme_number.delete()
        with pytest.raises(Refused, match="no number"):
            transport.prepare(note(address="+12125550134", account_id=acme.pk))
