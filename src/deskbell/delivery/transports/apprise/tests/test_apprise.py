"""That no address leads inside, holds a worker up, reads our files or shows its keys."""

from __future__ import annotations

import dataclasses
import importlib
import json
import logging
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from deskbell.delivery.tests.example import Behaviour, parcel
from deskbell.delivery.transport import Brief, Fate, Note, Outcome
from deskbell.delivery.transports.apprise import services, wire
from deskbell.delivery.transports.apprise.tests.peer import Peer
from deskbell.delivery.transports.apprise.transport import AppriseTransport
from deskbell.foundation import dialling, http
from deskbell.foundation.environment import environment
from deskbell.foundation.errors import InvalidInput

BEAS = "http://localhost:8000/ack/bea"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#on-call"


@pytest.fixture
def peer() -> Iterator[Peer]:
    with Peer() as peer:
        yield peer


def allow(monkeypatch: pytest.MonkeyPatch, *hosts: str) -> None:
    changed = dataclasses.replace(environment(), private_hosts=frozenset(hosts))
    monkeypatch.setattr(dialling, "environment", lambda: changed)


@pytest.fixture
def allowed(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> Peer:
    allow(monkeypatch, *peer.private_hosts)
    return peer


def names(monkeypatch: pytest.MonkeyPatch, **leads: str) -> None:
    """Has names lead to addresses, as a resolver would."""
    real = socket.getaddrinfo

    def resolve(host: Any, *rest: Any, **options: Any) -> Any:
        return real(leads.get(str(host).replace(".", "_"), host), *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def sent(address: str, **changes: Any) -> Outcome:
    return AppriseTransport().send(parcel(address=address, **changes))


def test_a_notification_says_who_and_what_and_has_the_link(allowed: Peer) -> None:
    outcome = sent(allowed.address, caller_name="Ann Lee")
    assert outcome.fate == Fate.DELIVERED
    assert outcome.words == "ntfy took it: it answered 200"
    [received] = allowed.received
    said = json.loads(received.text)
    assert said["topic"] == "on-call-topic"
    assert said["title"] == "Message for Acme Dental from Ann Lee"
    assert "My crown came off & it hurts." in said["message"]
    assert "Phone: (212) 555-0187" in said["message"]
    assert "Acknowledge: http://localhost:8000/ack/" in said["message"]


def test_an_emergency_and_a_bundle_are_told(allowed: Peer) -> None:
    at = parcel().taken_at
    brief = Brief(16, at, "Bea", "", "Call me", is_emergency=False, acknowledge_url=BEAS)
    sent(allowed.address, is_emergency=True)
    sent(allowed.address, bundled=(brief,))
    first, second = (json.loads(each.text) for each in allowed.received)
    assert first["title"].startswith("EMERGENCY for Acme Dental")
    assert second["title"].startswith("2 messages for Acme Dental")
    assert "Also from Bea: Call me" in second["message"]
    assert BEAS in second["message"]


def test_a_note_is_sent_as_it_is(allowed: Peer) -> None:
    note = Note("key", allowed.address, "Self-test failed", "Nobody was reached.", parcel().sent_at)
    assert AppriseTransport().send_note(note).fate == Fate.DELIVERED
    said = json.loads(allowed.received[0].text)
    assert (said["title"], said["message"]) == ("Self-test failed", "Nobody was reached.")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "[::1]"])
def test_an_address_that_leads_inside_is_not_taken(host: str) -> None:
    with pytest.raises(InvalidInput, match="private address"):
        AppriseTransport().check_address(f"json://{host}:8080/hook")


def test_a_name_that_leads_inside_later_is_not_called(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was public when it was checked; the check at the connection is what counts."""
    address = f"ntfy://notify.example.com:{peer.port}/topic"
    names(monkeypatch, notify_example_com="93.184.215.14")
    AppriseTransport().check_address(address)
    names(monkeypatch, notify_example_com="127.0.0.1")
    outcome = sent(address)
    assert outcome.fate == Fate.LASTING
    assert "private address" in outcome.words
    assert peer.received == []


def test_a_service_whose_name_leads_inside_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, hooks_slack_com="127.0.0.1")
    outcome = sent(SLACK)
    assert outcome.fate == Fate.LASTING
    assert "private address" in outcome.words
    assert "TIiajkdnlazkcOXrIdevi7FQ" not in outcome.words


def test_a_redirect_is_not_followed(allowed: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    with Peer() as inside:
        allow(monkeypatch, *allowed.private_hosts, *inside.private_hosts)
        allowed.elsewhere = f"http://127.0.0.1:{inside.port}/admin"
        outcome = sent(allowed.address)
        assert outcome.fate == Fate.LASTING
        assert "leads elsewhere" in outcome.words
        assert inside.paths == []


def test_the_environments_proxies_and_sign_ins_are_not_used(
    allowed: Peer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with Peer() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login root password secret\n")
        netrc.chmod(0o600)
        monkeypatch.setenv("NETRC", str(netrc))
        assert sent(allowed.address).fate == Fate.DELIVERED
        assert proxy.paths == []
    assert "authorization" not in allowed.headers[0]


def test_a_slow_answer_is_given_up(allowed: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "TIMEOUT_SECONDS", 0.5)
    allowed.behaviour = Behaviour.HANG
    began = time.monotonic()
    outcome = sent(f"{allowed.address}?rto=3600&cto=3600")
    assert (outcome.fate, outcome.may_have_arrived) == (Fate.PASSING, True)
    assert time.monotonic() - began < 3


def test_a_byte_at_a_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "TIMEOUT_SECONDS", 0.6)
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        allow(monkeypatch, f"127.0.0.1:{port}")

        def drip() -> None:
            taken, _ = server.accept()
            with taken:
                taken.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
                while not over.wait(0.05):
                    try:
                        taken.sendall(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        began = time.monotonic()
        outcome = sent(f"ntfy://127.0.0.1:{port}/topic")
        took = time.monotonic() - began
        over.set()
        thread.join()
    assert outcome.fate == Fate.PASSING
    assert took < 3


def test_tls_is_verified_whatever_the_address_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    certificate = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        allow(monkeypatch, f"127.0.0.1:{port}")

        def serve() -> None:
            taken, _ = server.accept()
            try:
                with context.wrap_socket(taken, server_side=True) as wrapped:
                    heard.append(wrapped.recv(1000))
            except OSError:
                return

        thread = threading.Thread(target=serve)
        thread.start()
        outcome = sent(f"ntfys://127.0.0.1:{port}/topic?verify=no")
        thread.join()
    assert outcome.fate == Fate.PASSING
    assert not any(heard)


def self_signed(folder: Path) -> Path:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.mark.parametrize(
    "address",
    [
        "syslog://",
        "dbus://",
        "file:///etc/passwd",
        "mailto://a:b@example.com",
        "mqtt://example.com/topic",
        "exec://ls",
        "sns://key/secret/region/+12125550134",
        "twilio://AC:token@+12125550100/+12125550134",
    ],
)
def test_services_that_speak_something_else_are_refused_with_what_is_possible(address: str) -> None:
    with pytest.raises(InvalidInput, match=r"slack://.*tgram://") as caught:
        AppriseTransport().check_address(address)
    assert "token" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        f"{SLACK}?template=/etc/passwd",
        f"{SLACK}?Template=file:///etc/passwd",
        "tgram://123456789:abcdefg_hijklmnop/12315544/?template=http://10.0.0.1/x",
        "ntfys://ntfy.sh/topic?attach=file:///etc/passwd",
    ],
)
def test_files_are_not_read_for_anybody(address: str) -> None:
    with pytest.raises(InvalidInput, match="files are not read"):
        AppriseTransport().check_address(address)
    assert sent(address).fate == Fate.LASTING


@pytest.mark.parametrize(
    ("address", "label"),
    [
        (SLACK, "Slack"),
        (f"https://hooks.slack.com/services/{SLACK[8:-9]}", "hooks.slack.com"),
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "Discord"),
        ("tgram://123456789:abcdefg_hijklmnop/12315544/", "Telegram"),
        ("pagerduty://integrationkey1234@apikey5678", "PagerDuty"),
        ("ntfys://ntfy.sh/on-call-topic", "ntfy"),
        ("ntfy://on-call-topic", "ntfy"),
        ("zulip://bot@org/abcdefghijklmnopqrstuvwxyz012345/on-call", "Zulip"),
    ],
)
def test_people_see_the_service_and_no_key(
    address: str, label: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names(monkeypatch, ntfy_sh="93.184.215.14")
    transport = AppriseTransport()
    assert transport.check_address(address) == address
    shown = transport.shown(address)
    assert shown.startswith(f"{label}, …")
    assert len(shown) <= len(label) + 3 + 4


def test_nothing_of_an_address_is_written_down(
    allowed: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for behaviour in (Behaviour.TAKE, Behaviour.REFUSE, Behaviour.CUT):
        allowed.behaviour = behaviour
        for scheme in ("gotify", "json"):
            outcome = sent(f"{scheme}://127.0.0.1:{allowed.port}/AnApplicationToken")
            assert "AnApplicationToken" not in outcome.words
    assert "AnApplicationToken" not in caplog.text


# An address of each service, as the library's own pages write them, with keys of the right form.
HEX = "0123456789abcdef" * 2
ADDRESSES = {
    "Better Stack": f"betterstack://{HEX}",
    "Discord": "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
    "Google Chat": f"gchat://workspace/{HEX}/{HEX}",
    "Gotify": "gotifys://gotify.example.com/AbCdEfGhIjKlMnO",
    "iLert": f"ilert://{HEX}",
    "JSON": "jsons://json.example.com/hook",
    "Matrix": "matrixs://user:password@matrix.example.com/#room",
    "Mattermost": f"mmosts://chat.example.com/{HEX}",
    "Microsoft Teams": f"workflows://prod-01.logic.azure.com/{HEX}/{HEX}",
    "ntfy": "ntfys://ntfy.example.com/topic",
    "Opsgenie": "opsgenie://8b799edf-6f98-4d3a-9be7-2862fb4e5752",
    "PagerDuty": "pagerduty://integrationkey1234@apikey5678",
    "Pushbullet": f"pbul://{HEX}",
    "Pushover": "pover://" + "u" * 30 + "@" + "a" * 30,
    "Pushsafer": "psafers://" + "a" * 20,
    "Rocket.Chat": "rockets://user:password@chat.example.com/room",
    "SIGNL4": "signl4://secret1234",
    "Slack": SLACK,
    "Splunk On-Call": "splunk://route@" + "8b799edf-6f98-4d3a-9be7-2862fb4e5752",
    "Squadcast": f"squadcast://{HEX}",
    "Telegram": "tgram://123456789:abcdefg_hijklmnop/12315544/",
    "Twist": "twist://password:user@example.com/#channel",
    "Webex": "webex://" + "a" * 80,
    "Zulip": f"zulip://bot@org/{HEX}/on-call",
}


@pytest.mark.parametrize("label", services.SERVICES)
def test_no_service_goes_out_but_by_the_checked_way(
    label: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every name there is leads inside, and no connection is made all the same."""

    def inside(_host: object, port: object, *_: object, **__: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    def connected(*_: object) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket, "getaddrinfo", inside)
    monkeypatch.setattr(socket.socket, "connect", connected)
    outcome = sent(ADDRESSES[label])
    assert outcome.fate == Fate.LASTING
    assert outcome.words.startswith(f"{label} must not be called there: ")
    assert "private address" in outcome.words


def test_every_service_is_the_librarys_own() -> None:
    for label, (_, _, schemes) in services.SERVICES.items():
        found = services.service(label)
        assert set(found.schemes) == set(schemes.split())
        module = importlib.import_module(found.module)
        assert isinstance(module.requests, wire.Requests)
        source = Path(str(module.__file__)).read_text()
        for other in ("import socket", "urllib.request", "http.client", "subprocess", "httpx"):
            assert other not in source, (label, other)


def test_outside_a_notification_the_way_is_closed() -> None:
    with pytest.raises(LookupError):
        wire.Requests().get("http://127.0.0.1:9/")


def test_what_a_service_says_in_its_own_words_counts(allowed: Peer) -> None:
    """A service may answer 200 and still not have taken it."""
    with wire.exchange("key") as told:
        answer = wire.Requests().post(f"http://127.0.0.1:{allowed.port}/", json={"a": 1})
        assert isinstance(answer, requests.Response)
        assert answer.json()["event"] == "message"
        assert answer.status_code == requests.codes.ok
    assert len(told.outcomes) == 1
    assert allowed.headers[0]["idempotency-key"] == "key"
    assert allowed.headers[0]["content-type"] == "application/json"
