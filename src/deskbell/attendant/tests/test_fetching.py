"""Recordings that a carrier keeps come here once, and our keys go to nobody else."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Callable, Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from pytest_django import Settings

from deskbell import speech
from deskbell.accounts.models import Account
from deskbell.attendant import fetching
from deskbell.attendant.ways import Way
from deskbell.calls.actions import begin, keep_recording
from deskbell.calls.models import Recording
from deskbell.foundation import dialling
from deskbell.foundation.carriers import CarrierKeys
from deskbell.foundation.environment import environment
from deskbell.foundation.errors import InvalidInput, Refused
from deskbell.platform.tenancy import account_scope

CALL, RECORDING = "CA" + "c" * 32, "RE" + "e" * 32
WAV = speech.write_wav(b"\x10\x20" * 8000)
Answer = Callable[[BaseHTTPRequestHandler], None]


class Peer:
    """A carrier's file server on this machine."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.answers: list[tuple[int, bytes, str]] = []
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                peer.asked.append((self.path, self.headers.get("Authorization", "")))
                status, body, location = peer.answers.pop(0)
                self.send_response(status)
                if location:
                    self.send_header("Location", location)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002 its name

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Peer]:
    peer = Peer()
    allowed = frozenset({peer.url.removeprefix("http://")})
    changed = dataclasses.replace(environment(), private_hosts=allowed)
    monkeypatch.setattr(dialling, "environment", lambda: changed)
    settings.ENVIRONMENT = dataclasses.replace(
        settings.ENVIRONMENT, carriers={"twilio": CarrierKeys("AC1", "token", "token")}
    )
    Thread(target=peer.server.serve_forever, args=(0.01,), daemon=True).start()
    yield peer
    peer.server.shutdown()
    peer.server.server_close()


@pytest.fixture
def recording(acme: Account, at: datetime) -> Iterator[Callable[[str], Recording]]:
    """Fetches the recording of a call from a URL and gives its row."""
    with account_scope(acme.pk):
        begin(
            account_id=acme.pk,
            sid=CALL,
            number=None,
            caller_id="1",
            caller_name="",
            dialled="2",
            at=at,
        )
        keep_recording(sid=RECORDING, call_sid=CALL, wav=None, seconds=3, at=at)

        def fetched(url: str) -> Recording:
            fetching.fetch(sid=RECORDING, call_sid=CALL, url=url, way=Way.TWILIO, at=at)
            return Recording.objects.get(sid=RECORDING)

        yield fetched


def test_a_recording_is_fetched_once(peer: Peer, recording: Callable[[str], Recording]) -> None:
    peer.answers = [(302, b"", "/there"), (200, WAV, "")]
    kept = recording(f"{peer.url}/r")
    with kept.audio.open() as audio:
        assert audio.read() == WAV
    assert kept.seconds == 1.0
    recording(f"{peer.url}/r")
    assert [path for path, _ in peer.asked] == ["/r", "/there"]


def test_what_is_not_written_yet_is_asked_for_again(
    peer: Peer, recording: Callable[[str], Recording]
) -> None:
    peer.answers = [(404, b"", ""), (503, b"", "")]
    for _ in range(2):
        with pytest.raises(fetching.NotYet):
            recording(f"{peer.url}/r")


def test_what_will_never_come_is_given_up(
    peer: Peer, recording: Callable[[str], Recording]
) -> None:
    peer.answers = [(401, b"", ""), (200, b"ID3 not a wav", ""), *[(302, b"", "/r")] * 4]
    with pytest.raises(Refused, match="401"):
        recording(f"{peer.url}/r")
    with pytest.raises(InvalidInput):
        recording(f"{peer.url}/r")
    with pytest.raises(Refused, match="next"):
        recording(f"{peer.url}/r")
    with pytest.raises(Refused):
        recording("http://169.254.169.254/latest/meta-data")


@pytest.mark.parametrize(
    ("url", "gets_keys"),
    [
        ("https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1", True),
        ("https://twilio.com/r", True),
        ("http://api.twilio.com/r", False),
        ("https://twilio.com.example.com/r", False),
        ("https://eviltwilio.com/r", False),
        ("https://api.signalwire.com/r", False),
    ],
)
def test_keys_go_to_the_carriers_own_hosts_only(peer: Peer, url: str, gets_keys: bool) -> None:
    pair = base64.b64encode(b"AC1:token").decode()
    sent = fetching._headers(url, Way.TWILIO).get("Authorization", "")
    assert sent == (f"Basic {pair}" if gets_keys else "")
