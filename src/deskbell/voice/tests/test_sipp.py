"""Every kind of call, made or taken by SIPp: signalling by its book, audio that arrives."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest
from aiohttp import web

from deskbell.voice.signalling.destinations import Destination
from deskbell.voice.tests.scripted import scene
from deskbell.voice.tests.sipp import PROGRAM, Script, play, run, sdp
from deskbell.voice.tests.stage import Asked, WebSide, free_port, response, staged, until

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="SIPp is not installed")
MENU = "<Gather action='/key' numDigits='1' timeout='20'><Say>Press a key</Say></Gather>"
NEWS = "<Say>We are closed today</Say><Hangup/>"
TIMER = "Supported: timer"


def held() -> Script:
    script = Script().begins().talks().waits(400)
    for number, direction in ((2, "sendonly"), (3, "sendrecv")):
        script.sends("INVITE", number, body=sdp(direction=direction))
        script.gets(100, optional=True).gets(200).sends("ACK", number).waits(200)
    return script.ends(4)


CALLS = {
    "talks and hangs up": Script().begins().talks().waits(600).ends(2),
    "leaves the offer to us": Script().begins(body="").talks().waits(600).ends(2),
    "offers G.722 first and listens": Script().begins(body=sdp("9 0")).hears("BYE"),
    "listens to the end": Script().begins().hears("BYE"),
    "holds and resumes": held(),
    "updates": (
        Script()
        .begins()
        .talks()
        .waits(300)
        .sends("UPDATE", 2)
        .gets(200)
        .sends("UPDATE", 3, body=sdp(direction="sendonly"))
        .gets(200, header="Content-Type", like="application/sdp")
        .waits(200)
        .ends(4)
    ),
    "keeps a session": (
        Script()
        .begins(TIMER, "Session-Expires: 600;refresher=uac")
        .talks()
        .waits(300)
        .sends("UPDATE", 2, TIMER, "Session-Expires: 700;refresher=uac")
        .gets(200, header="Session-Expires", like="700;refresher=uac")
        .ends(3)
    ),
    "presses a key by INFO": (
        Script()
        .begins()
        .talks()
        .waits(300)
        .sends("INFO", 2, body="Signal=5", kind="application/dtmf-relay")
        .gets(200)
        .hears("BYE")
    ),
    "wants to be connected elsewhere": (
        Script()
        .begins()
        .talks()
        .waits(300)
        .sends("REFER", 2, "Refer-To: <sip:else@127.0.0.1>")
        .gets(603)
        .ends(3)
    ),
    "asks what we can do": (
        Script().begins().talks().waits(300).sends("OPTIONS", 2).gets(200).ends(3)
    ),
}


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
@pytest.mark.parametrize("kind", CALLS)
def test_a_caller(kind: str, tcp: bool, tmp_path: Path) -> None:
    async def story() -> None:
        listens = "listens" in kind
        async with staged(tmp_path / "gateway", NEWS if listens else MENU) as stage:
            stage.web.pages["/key"] = response("<Hangup/>")
            await run(CALLS[kind], stage, tmp_path, tcp=tcp)
            report = await stage.web.gets("/voice/status")
            assert report["CallStatus"] == "completed"
            # Who ends the call decides whose audio is sure to have been sent by then.
            if listens:
                assert stage.health["rtp_sent"] >= 20
            else:
                assert int(report["RtpPacketsReceived"]) > 0
            if "INFO" in kind:
                assert stage.web.of("/key")[0]["Digits"] == "5"
            await until(lambda: stage.health["calls"] == stage.health["dialogs"] == 0)

    asyncio.run(story())


async def _thinks(_side: WebSide, _asked: Asked) -> web.Response:
    await asyncio.sleep(1.0)
    return web.Response(text=response("<Say>Hello</Say>"), content_type="text/xml")


SLOW = {
    "whoever requires it gets the ringing reliably": (
        Script()
        .sends("INVITE", 1, "Require: 100rel", body=sdp())
        .gets(100, optional=True)
        .gets(180, header="RSeq", like="[0-9]+", keep="rseq")
        .sends("PRACK", 2, "RAck: [$rseq] 1 INVITE")
        .gets(200, header="CSeq", like="PRACK")
        .gets(200, header="CSeq", like="INVITE")
        .sends("ACK", 1)
        .hears("BYE")
    ),
    "whoever gives up is told so": (
        Script()
        .sends("INVITE", 1, body=sdp())
        .gets(100)
        .gets(180)
        .sends("CANCEL", 1, via="[last_Via:]")
        .gets(200)
        .gets(487)
        .sends("ACK", 1, via="[last_Via:]")
        .waits(100)
    ),
}


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
@pytest.mark.parametrize("kind", SLOW)
def test_before_the_answer(kind: str, tcp: bool, tmp_path: Path) -> None:
    async def story() -> None:
        async with staged(tmp_path / "gateway") as stage:
            stage.web.pages["/voice/incoming"] = _thinks
            await run(SLOW[kind], stage, tmp_path, tcp=tcp)
            report = await stage.web.gets("/voice/status")
            assert report["CallStatus"] == ("canceled" if "gives up" in kind else "completed")
            await until(lambda: stage.health["calls"] == stage.health["dialogs"] == 0)

    asyncio.run(story())


REFUSED = {
    "a session that is too short": (422, (TIMER, "Session-Expires: 30")),
    "what we do not have": (420, ("Require: precondition",)),
    "the place of a call that is not there": (481, ("Replaces: a;to-tag=b;from-tag=c",)),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_refused(kind: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with staged(tmp_path / "gateway", MENU) as stage:
            code, headers = REFUSED[kind]
            script = Script().sends("INVITE", 1, *headers, body=sdp()).gets(code)
            script.sends("ACK", 1, via="[last_Via:]").waits(100)
            await run(script, stage, tmp_path)
            assert stage.health["calls"] == 0
            await run(Script().sends("OPTIONS", 1).gets(200), stage, tmp_path)

    asyncio.run(story())


def is_taken(port: int, *, tcp: bool) -> bool:
    """Whether somebody listens there by now."""
    with socket.socket(type=socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


CHALLENGE = 'WWW-Authenticate: Digest realm="sipp", nonce="47ebe028cda119c35d4877b383027d28"'
VERIFIED = '<verifyauth assign_to="right" username="us" password="secret"/>'
CALLED = {
    "rings and answers": (
        Script()
        .hears("INVITE", 100)
        .answers(180)
        .answers(200, body=sdp())
        .waits_for("ACK")
        .hears("BYE")
    ),
    "wants to know who calls": (
        Script()
        .waits_for("INVITE")
        .answers(401, CHALLENGE)
        .waits_for("ACK")
        .waits_for("INVITE", action=VERIFIED, unless="right")
        .answers(200, body=sdp())
        .waits_for("ACK")
        .hears("BYE")
    ),
    "is heard early, reliably": (
        Script()
        .waits_for("INVITE")
        .answers(183, "Require: 100rel", "RSeq: 7", body=sdp())
        .hears("PRACK", 200)
        .waits(50)
    ),
    "is busy": Script().waits_for("INVITE").answers(486).waits_for("ACK"),
}


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
@pytest.mark.parametrize("kind", CALLED)
def test_a_callee(kind: str, tcp: bool, tmp_path: Path) -> None:
    async def story() -> None:
        async with scene() as on:
            port = free_port()
            there = asyncio.ensure_future(play(CALLED[kind], tmp_path, port=port, tcp=tcp))
            await until(lambda: is_taken(port, tcp=tcp))
            where = Destination(
                f"sip:callee@127.0.0.1:{port}",
                "127.0.0.1",
                port,
                "TCP" if tcp else "UDP",
                username="us",
                password="secret",
            )
            dialog = on.invite(where)
            await until(lambda: bool(on.heard.said))
            if kind == "is busy":
                assert on.heard.said == [("refused", 486)]
            elif "early" not in kind:
                await until(lambda: dialog.is_answered)
                dialog.hang_up()
            await there

    asyncio.run(story())
