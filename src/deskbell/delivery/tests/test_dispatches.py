"""Emails, texts and faxes of calls' documents: checked, capped, sent once, and then forgotten."""

from __future__ import annotations

import base64
import dataclasses
import json
import smtplib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.core.mail.backends.locmem import EmailBackend
from pytest_django import Settings

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.delivery import dispatches, texting
from deskbell.delivery.models import Dispatch
from deskbell.foundation import dialling
from deskbell.foundation.carriers import CarrierKeys
from deskbell.foundation.environment import environment
from deskbell.foundation.errors import DeskbellError, InvalidInput, NotAllowed, Refused, Unreachable
from deskbell.foundation.sids import new_sid
from deskbell.platform.tenancy import account_scope

CALL = "CA" + "c" * 32
Take = Callable[..., Dispatch]


@pytest.fixture
def take(acme: Account, acme_number: PhoneNumber, at: datetime) -> Iterator[Take]:
    """Takes what a document wants sent: a text, with changes."""
    plain = dispatches.Wanted(
        sid="",
        call_sid=CALL,
        kind="sms",
        sender="12125550142",
        to="+1 212 555 0199",
        body="We are open at nine.",
    )

    def taken(at: datetime = at, **changes: str) -> Dispatch:
        wanted = dataclasses.replace(plain, **({"sid": new_sid("SM")} | changes))
        return dispatches.take(account=acme, wanted=wanted, at=at)

    with account_scope(acme.pk):
        yield taken


EMAIL = {
    "kind": "email",
    "sender": "desk@acme.example",
    "to": "bob@acme.example, carol@acme.example",
    "bcc": "dora@acme.example",
    "subject": "A call\nfor you",
}


class Peer:
    """A carrier's REST on this machine: it gives `answers` in turn."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.answers: list[tuple[int, dict[str, Any]]] = []
        self.documents: dict[str, bytes] = {}
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                peer.asked.append((self.path, self.headers["Authorization"], body))
                status, content = peer.answers.pop(0)
                data = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_GET(self) -> None:
                data = peer.documents.get(self.path, b"")
                self.send_response(200 if data else 404)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002 its name

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Peer]:
    peer = Peer()
    allowed = frozenset({peer.url.removeprefix("http://")})
    changed = dataclasses.replace(environment(), private_hosts=allowed)
    monkeypatch.setattr(dialling, "environment", lambda: changed)
    connect(settings, "twilio", peer.url)
    Thread(target=peer.server.serve_forever, args=(0.01,), daemon=True).start()
    yield peer
    peer.server.shutdown()
    peer.server.server_close()


def connect(settings: Settings, carrier: str, url: str = "") -> None:
    keys = {carrier: CarrierKeys("AC1", "token", "key", url)} if carrier else {}
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, carriers=keys)


def sent(found: Dispatch, at: datetime) -> Dispatch:
    """The dispatch after one try."""
    dispatches.send(dispatch_id=found.pk, at=at)
    found.refresh_from_db()
    return found


TWILIO_TOOK_IT = (201, {"sid": "SM9", "status": "queued", "error_code": None})


def test_a_text_goes_out_by_twilio_and_is_forgotten(take: Take, peer: Peer, at: datetime) -> None:
    peer.answers = [TWILIO_TOOK_IT]
    found = sent(take(), at)
    assert (found.state, found.provider_id, found.body) == ("sent", "SM9", "")
    [(path, authorization, body)] = peer.asked
    assert path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert authorization == "Basic " + base64.b64encode(b"AC1:token").decode()
    assert parse_qs(body) == {
        "From": ["+12125550142"],
        "To": ["+12125550199"],
        "Body": ["We are open at nine."],
    }
    assert sent(found, at).state == "sent"
    assert len(peer.asked) == 1


def test_a_text_goes_out_by_telnyx(
    take: Take, peer: Peer, at: datetime, settings: Settings
) -> None:
    connect(settings, "telnyx", peer.url)
    peer.answers = [(200, {"data": {"id": "40385f64", "to": [{"status": "queued"}]}})]
    assert sent(take(), at).provider_id == "40385f64"
    [(path, authorization, body)] = peer.asked
    assert (path, authorization) == ("/v2/messages", "Bearer token")
    assert json.loads(body) == {
        "from": "+12125550142",
        "to": "+12125550199",
        "text": "We are open at nine.",
    }


@pytest.mark.parametrize(
    ("carrier", "status", "content", "says"),
    [
        (
            "twilio",
            400,
            {"code": 21211, "message": "Invalid 'To' Phone Number", "status": 400},
            "Invalid 'To' Phone Number",
        ),
        ("twilio", 401, {"code": 20003, "message": "Authenticate"}, "Authenticate"),
        (
            "telnyx",
            422,
            {"errors": [{"code": "40310", "title": "Invalid", "detail": "No such number"}]},
            "No such number",
        ),
        ("telnyx", 403, {}, "403"),
    ],
)
def test_what_a_carrier_refuses_has_failed_in_its_words(
    take: Take,
    peer: Peer,
    at: datetime,
    settings: Settings,
    carrier: str,
    status: int,
    content: dict[str, Any],
    says: str,
) -> None:
    connect(settings, carrier, peer.url)
    peer.answers = [(status, content)]
    found = sent(take(), at)
    assert found.state == "failed"
    assert says in found.answer
    assert found.body == ""


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_carrier_that_cannot_now_is_tried_again_for_an_hour(
    take: Take, peer: Peer, at: datetime, status: int
) -> None:
    peer.answers = [(status, {}), (status, {}), TWILIO_TOOK_IT]
    found = take()
    with pytest.raises(Unreachable):
        sent(found, at)
    found.refresh_from_db()
    assert (found.state, found.body) == ("queued", "We are open at nine.")
    late = take()
    assert sent(late, at + timedelta(hours=1)).state == "failed"
    assert sent(found, at + timedelta(minutes=1)).state == "sent"


def test_a_text_of_unknown_fate_is_not_sent_twice(take: Take, peer: Peer, at: datetime) -> None:
    found = take()
    Dispatch.objects.filter(pk=found.pk).update(state="sending")
    found = sent(found, at)
    assert found.state == "failed"
    assert "may have been sent" in found.answer
    assert peer.asked == []


def test_an_email_really_goes_out(take: Take, at: datetime, mailoutbox: list[Any]) -> None:
    found = sent(take(sid=new_sid("EM"), **EMAIL), at)
    assert found.state == "sent"
    [mail] = mailoutbox
    assert mail.to == ["bob@acme.example", "carol@acme.example"]
    assert (mail.cc, mail.bcc) == ([], ["dora@acme.example"])
    assert (mail.subject, mail.body) == ("A call for you", "We are open at nine.")
    assert mail.reply_to == ["desk@acme.example"]
    assert "desk@acme.example" not in mail.from_email
    assert mail.extra_headers["Message-ID"].startswith(f"<{found.sid}@")
    assert found.body == ""


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no")}), "failed"),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"later")}), "queued"),
        (smtplib.SMTPDataError(554, b"no"), "failed"),
        (smtplib.SMTPDataError(451, b"later"), "queued"),
        (ConnectionRefusedError(), "queued"),
    ],
)
def test_what_a_mail_server_says_decides(
    take: Take, at: datetime, monkeypatch: pytest.MonkeyPatch, error: Exception, state: str
) -> None:
    def fail(_self: EmailBackend, _mails: object) -> int:
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    found = take(sid=new_sid("EM"), **EMAIL)
    if state == "queued":
        with pytest.raises(Unreachable):
            sent(found, at)
        found.refresh_from_db()
    else:
        found = sent(found, at)
    assert found.state == state


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"body": "  "}, InvalidInput, "nothing to send"),
        ({"body": "x" * 1601}, InvalidInput, "1600"),
        ({"to": "bob"}, InvalidInput, "a number"),
        ({"to": "+442079460000"}, NotAllowed, "prefixes"),
        ({"to": "+19005550199"}, NotAllowed, "prefixes"),
        ({"sender": "+12125550999"}, NotAllowed, "number of the account"),
        ({"sender": ""}, NotAllowed, "number of the account"),
        (EMAIL | {"to": ""}, InvalidInput, "1 to 10"),
        (EMAIL | {"to": "bob"}, InvalidInput, "email addresses"),
        (EMAIL | {"to": "a@b.example\nBcc: c@d.example"}, InvalidInput, "email addresses"),
        (EMAIL | {"cc": ",".join(["bob@acme.example"] * 10)}, InvalidInput, "1 to 10"),
        ({"kind": "fax", "body": "no address"}, Refused, "web address"),
        ({"kind": "fax", "body": "http://10.0.0.1/a.pdf"}, Refused, "private"),
    ],
)
def test_what_is_not_sent_is_refused_in_words(
    take: Take, peer: Peer, changes: dict[str, str], error: type[DeskbellError], says: str
) -> None:
    with pytest.raises(error, match=says):
        take(**changes)
    assert not Dispatch.objects.exists()


def test_whoever_said_stop_gets_no_texts_of_calls_either(
    take: Take, peer: Peer, at: datetime
) -> None:
    texting.stop(ours="+12125550142", theirs="+12125550199", at=at)
    with pytest.raises(NotAllowed, match="answered STOP"):
        take()
    assert take(to="+12125550198").state == "queued"


def test_numbers_are_those_of_the_accounts_country(
    take: Take, peer: Peer, acme: Account, acme_number: PhoneNumber
) -> None:
    acme.country = "GB"
    acme.save()
    found = take(sender="12125550142", to="+12125550199")
    assert (found.sender, found.recipients) == ("+12125550142", {"to": ["+12125550199"]})


def test_no_carrier_means_no_texts(take: Take, settings: Settings) -> None:
    connect(settings, "")
    with pytest.raises(Refused, match="DESKBELL_TWILIO"):
        take()


def test_an_account_has_its_caps_by_the_hour(
    take: Take, peer: Peer, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatches, "MOST_AN_HOUR", {"email": 1, "text": 2})
    take()
    take(kind="message")
    with pytest.raises(NotAllowed, match="2 texts an hour"):
        take()
    take(sid=new_sid("EM"), **EMAIL)
    with pytest.raises(NotAllowed, match="1 emails an hour"):
        take(sid=new_sid("EM"), **EMAIL)
    assert take(at=at + timedelta(minutes=61)).state == "queued"


def test_the_same_sid_again_is_the_same_dispatch(take: Take, peer: Peer, at: datetime) -> None:
    first = take(sid="SM" + "1" * 32)
    assert take(sid="SM" + "1" * 32, body="Other words").pk == first.pk
    assert Dispatch.objects.count() == 1


def test_a_document_is_faxed_from_where_it_lies(
    take: Take, peer: Peer, at: datetime, settings: Settings, tmp_path: Path
) -> None:
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, data_dir=tmp_path)
    peer.documents["/way.pdf"] = b"%PDF-1.7 how to find us"
    found = sent(take(kind="fax", body=f"{peer.url}/way.pdf"), at)
    assert (found.state, found.body, found.provider_id) == ("sent", "", found.sid)
    spool = tmp_path / "fax" / "outgoing"
    assert (spool / f"{found.sid}.pdf").read_bytes() == peer.documents["/way.pdf"]
    facts = json.loads((spool / f"{found.sid}.json").read_text())
    assert (facts["to"], facts["from"]) == ("+12125550199", "+12125550142")


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (b"", "not there"),
        (b"<html>", "no PDF"),
        (b"%PDF-" + bytes(10 * 1024 * 1024), "10 MB"),
    ],
)
def test_what_is_no_document_is_not_faxed(
    take: Take, peer: Peer, at: datetime, document: bytes, says: str
) -> None:
    peer.documents["/way.pdf"] = document
    found = sent(take(kind="fax", body=f"{peer.url}/way.pdf"), at)
    assert found.state == "failed"
    assert says in found.answer


def test_faxes_have_a_cap_of_their_own(take: Take, peer: Peer, at: datetime) -> None:
    for _ in range(dispatches.MOST_AN_HOUR["fax"]):
        take(kind="fax", body=f"{peer.url}/way.pdf")
    with pytest.raises(NotAllowed, match="20 faxes an hour"):
        take(kind="fax", body=f"{peer.url}/way.pdf")
    take()
