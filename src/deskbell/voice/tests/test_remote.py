"""The web side's door for calls: our gateway does what it is told, carriers are asked in Twilio's
words. Their answers are those of their documentation.
"""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar
from urllib.parse import parse_qs

import pytest

from deskbell.foundation import dialling
from deskbell.foundation.carriers import CarrierKeys
from deskbell.foundation.environment import environment
from deskbell.foundation.errors import (
    Conflict,
    DeskbellError,
    InvalidInput,
    NotAllowed,
    NotFound,
    Refused,
    Unreachable,
)
from deskbell.voice.client import (
    Calls,
    CallsAddress,
    NewCall,
    NewParticipant,
    gateways_in_turn,
    ready_gateway,
)
from deskbell.voice.tests.stage import (
    ACCOUNT,
    NUMBER,
    SECRET,
    Stage,
    response,
    spoken,
    staged,
)
from tests.phone import Phone, answers

CALLEE = "+12125550142"
KEYS = CarrierKeys("AC1", "token", "key")
T = TypeVar("T")


async def do(act: Callable[[], T]) -> T:
    """The door waits, as Django does: in a thread."""
    return await asyncio.to_thread(act)


def door(stage: Stage, *, secret: str = SECRET) -> Calls:
    """The door to a stage's gateway."""
    return Calls(CallsAddress.ours(stage.environment.voice_url, ACCOUNT, secret))


def test_our_gateway_is_told_what_to_do(tmp_path: Path) -> None:
    async def play() -> None:
        async with (
            staged(tmp_path) as stage,
            Phone(stage.phone.sip, on_call=answers()) as phone,
        ):
            await stage.calls_out_to(phone)
            calls = door(stage)
            stage.web.pages |= {
                "/wait": response('<Say loop="0">Please wait</Say>'),
                "/next": response('<Say loop="0">Music</Say>'),
                "/progress": 204,
            }
            order = NewCall(
                to=CALLEE,
                caller=NUMBER,
                url=f"{stage.web.url}/wait",
                status_callback=f"{stage.web.url}/progress",
                events=("initiated", "answered", "completed"),
                token="a delivery's",
            )
            made = await do(lambda: calls.create(order))
            assert (await do(lambda: calls.create(order))).sid == made.sid
            callee = await phone.rung()
            await callee.hears(spoken("Please wait"))
            assert (await do(lambda: calls.get(made.sid))).status == "in-progress"
            assert (await do(lambda: calls.cancel(made.sid))).status == "in-progress"
            await do(lambda: calls.redirect(made.sid, url=f"{stage.web.url}/next"))
            await callee.hears(spoken("Music"))
            assert (await do(lambda: calls.end(made.sid))).status == "completed"
            assert await callee.ended() == "system"
            await stage.web.gets("/progress", times=3)
            told = {form["CallStatus"] for form in stage.web.of("/progress")}
            assert told == {"initiated", "in-progress", "completed"}
            with pytest.raises(Conflict):
                await do(lambda: calls.end(made.sid))
            with pytest.raises(NotFound):
                await do(lambda: calls.get("CA" + "0" * 32))
            with pytest.raises(Refused, match="Authenticate"):
                await do(lambda: door(stage, secret="guessed").get(made.sid))

    asyncio.run(play())


def test_who_is_in_a_conference_of_ours(tmp_path: Path) -> None:
    async def play() -> None:
        async with (
            staged(tmp_path, "<Dial><Conference>room 7</Conference></Dial>") as stage,
            Phone(stage.phone.sip, on_call=answers()) as phone,
        ):
            await stage.calls_out_to(phone)
            calls = door(stage)
            caller = await stage.phone.call(NUMBER)
            order = NewParticipant(CALLEE, NUMBER, label="rita", starts_conference=True)
            added = await do(lambda: calls.add("room 7", order))
            assert added.label == "rita"
            callee = await phone.rung()
            await callee.acknowledged()
            listed = await do(lambda: calls.participants("room 7"))
            assert added.call_sid in {each.call_sid for each in listed}
            sid = added.call_sid
            assert (await do(lambda: calls.change("room 7", sid, is_muted=True))).is_muted
            changed = await do(lambda: calls.change("room 7", sid, is_held=True))
            assert changed.is_held
            await do(lambda: calls.remove("room 7", sid))
            assert await callee.ended() == "system"
            assert not caller.is_over
            await do(lambda: calls.end_conference("room 7"))
            assert await caller.ended() == "system"

    asyncio.run(play())


def test_limits_are_told_apart(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path) as stage, Phone(stage.phone.sip) as phone:
            stage.web.limits = {"prefixes": ["+1"], "calls_out": 0}
            await stage.calls_out_to(phone)
            with pytest.raises(NotAllowed, match="prefixes"):
                await do(
                    lambda: door(stage).create(
                        NewCall("+4930901820", NUMBER, document=response("<Hangup/>"))
                    )
                )
            with pytest.raises(Unreachable, match="concurrency"):  # another try may help
                await do(
                    lambda: door(stage).create(
                        NewCall(CALLEE, NUMBER, document=response("<Hangup/>"))
                    )
                )

    asyncio.run(play())


def test_one_of_several_gateways_that_takes_calls(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path) as stage:
            url, gone = stage.environment.voice_url, "http://127.0.0.1:9"
            for token in "abc":
                found = await asyncio.to_thread(ready_gateway, [gone, url], token=token)
                assert found == url
            stage.gateway.drain()
            with pytest.raises(Unreachable, match="No voice gateway is ready"):
                await do(lambda: ready_gateway([gone, url]))

    asyncio.run(play())


def test_an_order_that_is_repeated_finds_the_gateway_it_went_to() -> None:
    urls = [f"http://gateway{at}:8070" for at in range(4)]
    for token in ("one", "two", "three"):
        assert gateways_in_turn(urls, token) == gateways_in_turn(urls[::-1], token)
    assert len({gateways_in_turn(urls, str(token))[0] for token in range(50)}) == len(urls)


# Carriers


class Carrier:
    """A carrier's REST on this machine: it gives `answers` in turn."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str, str]] = []
        self.answers: list[tuple[int, dict[str, Any] | None]] = []
        carrier = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"] or 0)
                body = self.rfile.read(size).decode()
                credentials = self.headers["Authorization"]
                carrier.asked.append((self.command, self.path, credentials, body))
                status, content = carrier.answers.pop(0)
                data = b"" if content is None else json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_DELETE = do_POST  # noqa: N815 their names

            def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002 its name

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def at(self, address: CallsAddress) -> Calls:
        """The door to this machine in the carrier's place."""
        path = address.base.partition("//")[2].partition("/")[2]
        return Calls(dataclasses.replace(address, base=f"{self.url}/{path}"))


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Iterator[Carrier]:
    found = Carrier()
    allowed = frozenset({found.url.removeprefix("http://")})
    changed = dataclasses.replace(environment(), private_hosts=allowed)
    monkeypatch.setattr(dialling, "environment", lambda: changed)
    Thread(target=found.server.serve_forever, args=(0.01,), daemon=True).start()
    yield found
    found.server.shutdown()
    found.server.server_close()


MADE = {"sid": "CA9", "status": "queued", "direction": "outbound-api", "duration": None}
BASIC = "Basic " + base64.b64encode(b"AC1:token").decode()


def test_twilio_makes_a_call(carrier: Carrier) -> None:
    address = CallsAddress.carrier("twilio", KEYS)
    assert address.base == "https://api.twilio.com/2010-04-01/Accounts/AC1"
    calls = carrier.at(address)
    carrier.answers = [(201, MADE), (200, MADE | {"status": "completed", "duration": "15"})]
    order = NewCall(
        to=CALLEE,
        caller="+12125550199",
        url="https://desk.example/voice/first?a=b&c=d",
        status_callback="https://desk.example/voice/status",
        events=("initiated", "completed"),
        timeout=25,
        machine_detection="DetectMessageEnd",
    )
    made = calls.create(order)
    assert (made.sid, made.status, made.seconds) == ("CA9", "queued", 0)
    assert calls.end("CA9").seconds == 15
    (method, path, credentials, body), (_, changed, _, change) = carrier.asked
    assert (method, path) == ("POST", "/2010-04-01/Accounts/AC1/Calls.json")
    assert credentials == BASIC
    assert parse_qs(body) == {
        "To": [CALLEE],
        "From": ["+12125550199"],
        "Url": ["https://desk.example/voice/first?a=b&c=d"],
        "StatusCallback": ["https://desk.example/voice/status"],
        "StatusCallbackEvent": ["initiated", "completed"],
        "Timeout": ["25"],
        "MachineDetection": ["DetectMessageEnd"],
    }
    assert changed == "/2010-04-01/Accounts/AC1/Calls/CA9.json"
    assert parse_qs(change) == {"Status": ["completed"]}


def test_twilio_moves_who_is_in_a_conference(carrier: Carrier) -> None:
    calls = carrier.at(CallsAddress.carrier("twilio", KEYS))
    member = {"call_sid": "CA9", "muted": False, "hold": False, "status": "connected"}
    carrier.answers = [
        (201, member | {"status": "queued", "label": "rita"}),
        (200, {"participants": [member], "page": 0}),
        (200, member | {"hold": True}),
        (204, None),
        (200, {"sid": "CF1", "status": "completed"}),
    ]
    order = NewParticipant(CALLEE, "+12125550199", label="rita", ends_conference=True)
    assert calls.add("room 7/a", order).label == "rita"
    assert [each.call_sid for each in calls.participants("CF1")] == ["CA9"]
    assert calls.change("CF1", "CA9", is_held=True, hold_url="https://desk.example/hold").is_held
    calls.remove("CF1", "CA9")
    calls.end_conference("CF1")
    base = "/2010-04-01/Accounts/AC1/Conferences"
    assert [(method, path) for method, path, _, _ in carrier.asked] == [
        ("POST", f"{base}/room%207%2Fa/Participants.json"),
        ("GET", f"{base}/CF1/Participants.json"),
        ("POST", f"{base}/CF1/Participants/CA9.json"),
        ("DELETE", f"{base}/CF1/Participants/CA9.json"),
        ("POST", f"{base}/CF1.json"),
    ]
    assert parse_qs(carrier.asked[0][3])["EndConferenceOnExit"] == ["true"]
    held = {"Hold": ["true"], "HoldUrl": ["https://desk.example/hold"]}
    assert parse_qs(carrier.asked[2][3]) == held


def test_signalwire_has_another_address(carrier: Carrier) -> None:
    address = CallsAddress.carrier("signalwire", KEYS, space="desk")
    assert address.base == "https://desk.signalwire.com/api/laml/2010-04-01/Accounts/AC1"
    carrier.answers = [(201, MADE)]
    assert carrier.at(address).create(NewCall(CALLEE, NUMBER, document="<Response/>")).sid == "CA9"
    [(_, path, credentials, _)] = carrier.asked
    assert path == "/api/laml/2010-04-01/Accounts/AC1/Calls.json"
    assert credentials == BASIC


def test_telnyx_has_other_words(carrier: Carrier) -> None:
    address = CallsAddress.carrier("telnyx", KEYS, account="org", application="7")
    assert address.base == "https://api.telnyx.com/v2/texml/Accounts/org"
    carrier.answers = [(200, {"data": {"call_sid": "v3:9", "status": "queued"}}), (200, MADE)]
    calls = carrier.at(address)
    assert calls.create(NewCall(CALLEE, NUMBER, document="<Response/>")).sid == "v3:9"
    calls.redirect("v3:9", document="<Response/>")
    (_, path, credentials, body), (_, changed, _, change) = carrier.asked
    assert (path, credentials) == ("/v2/texml/Accounts/org/Calls", "Bearer token")
    assert json.loads(body) == {
        "To": CALLEE,
        "From": NUMBER,
        "Texml": "<Response/>",
        "ApplicationSid": "7",
    }
    assert changed == "/v2/texml/Accounts/org/Calls/v3:9"
    assert json.loads(change) == {"Texml": "<Response/>"}


@pytest.mark.parametrize("name", ["signalwire", "telnyx", "pigeon"])
def test_a_carrier_without_what_it_needs(name: str) -> None:
    with pytest.raises(InvalidInput, match=name):
        CallsAddress.carrier(name, KEYS)


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, 21220, Conflict),
        (400, 21215, NotAllowed),
        (404, 20404, NotFound),
        (401, 20003, Refused),
        (400, 20001, InvalidInput),
        (429, 20429, Unreachable),
        (503, 20503, Unreachable),
    ],
)
def test_refusals_are_told_apart(
    carrier: Carrier, status: int, code: int, error: type[DeskbellError]
) -> None:
    carrier.answers = [(status, {"code": code, "message": "In its own words", "status": status})]
    with pytest.raises(error, match="In its own words"):
        carrier.at(CallsAddress.carrier("twilio", KEYS)).end("CA9")
