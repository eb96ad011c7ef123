"""Whole calls: a real phone calls a real gateway, and a scripted web side leads the call."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from aiohttp import web

from deskbell.voice.media.g711 import ALAW_OF_MULAW
from deskbell.voice.tests.stage import (
    ACCOUNT,
    NUMBER,
    Asked,
    WebSide,
    response,
    spoken,
    staged,
    until,
)
from tests.patience import patience


def test_a_caller_hears_the_prompt_and_a_key_reaches_the_action(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path) as stage:
            clip, url = stage.web.add_prompt("menu", 0.5)
            stage.web.pages["/voice/incoming"] = response(
                f'<Gather action="/menu?at=1" timeout="5" numDigits="1"><Play>{url}</Play></Gather>'
            )
            stage.web.pages["/menu"] = response("<Say>You pressed two</Say>")
            call = await stage.phone.call(NUMBER, headers=("X-Room: 7",))
            await call.hears(clip)
            call.press("2")
            asked = await stage.web.gets("/menu")
            assert asked["Digits"] == "2"
            assert asked["CallStatus"] == "in-progress"
            await call.hears(spoken("You pressed two"))
            assert await call.ended() == "system"

            begun = stage.web.of("/voice/incoming")[0]
            assert begun["CallSid"] == asked["CallSid"]
            assert begun["CallSid"].startswith("CA")
            assert len(begun["CallSid"]) == 34
            assert begun["CallStatus"] == "ringing"
            assert begun["To"] == NUMBER
            assert begun["From"] == stage.phone.user
            assert begun["CallerName"] == "A Caller"
            assert begun["SipHeader_X-Room"] == "7"
            assert "ForwardedFrom" not in begun
            over = await stage.web.gets("/voice/status")
            assert over["CallStatus"] == "completed"
            assert over["HangupBy"] == "system"
            assert int(over["RtpPacketsReceived"]) > 20
            assert over["CallSid"] == begun["CallSid"]

    asyncio.run(play())


def test_the_web_side_says_whose_call_it_is(tmp_path: Path) -> None:
    async def play() -> None:
        owner = "AC" + "e" * 32
        async with staged(tmp_path) as stage:
            stage.web.pages["/voice/incoming"] = web.Response(
                text=response("<Redirect>/next</Redirect>"),
                content_type="text/xml",
                headers={"X-Deskbell-Account": owner},
            )
            stage.web.pages["/next"] = response("<Hangup/>")
            await stage.phone.call(NUMBER)
            asked = await stage.web.gets("/next")
            assert (stage.web.of("/voice/incoming")[0]["AccountSid"], asked["AccountSid"]) == (
                ACCOUNT,
                owner,
            )
            assert asked["GatewayUrl"] == stage.environment.voice_url
            assert (await stage.web.gets("/voice/status"))["AccountSid"] == owner

    asyncio.run(play())


def test_the_first_key_stops_what_plays(tmp_path: Path) -> None:
    async def play() -> None:
        long = "x" * 500  # ten seconds
        menu = f'<Gather action="/menu" numDigits="1"><Say>{long}</Say></Gather>'
        async with staged(tmp_path, menu) as stage:
            stage.web.pages["/menu"] = response("<Say>Stopped</Say>")
            call = await stage.phone.call(NUMBER)
            await call.hears(spoken(long)[:1600])
            call.press("5")
            await call.hears(spoken("Stopped"), within=2)
            assert spoken(long)[20_000:20_800] not in call.heard()

    asyncio.run(play())


@pytest.mark.parametrize(("codec", "digits"), [("PCMA", 96), ("PCMU", 126)])
def test_other_codecs_and_payload_types(tmp_path: Path, codec: str, digits: int) -> None:
    async def play() -> None:
        options = {"codec": codec, "digits_payload_type": digits}
        gather = '<Gather action="/menu" finishOnKey="#"><Say>Go</Say></Gather>'
        async with staged(tmp_path, gather, phone=options) as stage:
            stage.web.pages["/menu"] = response("<Hangup/>")
            call = await stage.phone.call(NUMBER)
            heard = spoken("Go").ljust(320, b"\xff")
            await call.hears(heard if codec == "PCMU" else heard.translate(ALAW_OF_MULAW))
            call.press("10#")
            assert (await stage.web.gets("/menu"))["Digits"] == "10"
            await call.ended()

    asyncio.run(play())


def test_a_call_over_tcp(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, "<Say>Hello</Say>", phone={"transport": "TCP"}) as stage:
            call = await stage.phone.call(NUMBER)
            await call.hears(spoken("Hello"))
            assert await call.ended() == "system"

    asyncio.run(play())


def test_an_invite_without_an_offer_gets_ours(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, "<Say>Hello</Say>") as stage:
            call = await stage.phone.call(NUMBER, late_offer=True)
            assert call.answer is not None
            assert "telephone-event" in call.answer.body
            await call.hears(spoken("Hello"))
            assert await call.ended() == "system"

    asyncio.run(play())


def test_an_offer_of_ours_that_nobody_answers_ends_the_call(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, "<Say>Hello</Say>") as stage:
            call = await stage.phone.start(NUMBER, late_offer=True)
            call.is_late_offer = False  # the ACK comes without the answer
            assert await call.ended() == "system"
            await until(lambda: not stage.health["legs"])

    asyncio.run(play())


@pytest.mark.parametrize("sip_host", ["0.0.0.0", "::1", "::"])
def test_the_caller_is_told_the_address_that_faces_it(tmp_path: Path, sip_host: str) -> None:
    async def play() -> None:
        gather = '<Gather action="/menu" numDigits="1"><Say>Go</Say></Gather>'
        async with staged(tmp_path, gather, sip_host=sip_host) as stage:
            stage.web.pages["/menu"] = response("<Say>Bye</Say>")
            call = await stage.phone.call(NUMBER)
            assert call.answer is not None
            host = stage.phone.host
            assert f"c=IN {'IP6' if ':' in host else 'IP4'} {host}\r" in call.answer.body
            assert f"<sip:{stage.phone.sip}>" in call.answer.headers["contact"]
            await call.hears(spoken("Go"))
            call.press("1")
            await call.hears(spoken("Bye"))
            assert await call.ended() == "system"

    asyncio.run(play())


def test_audio_of_the_other_family_is_refused_and_costs_no_port(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, "<Say>Hello</Say>") as stage:
            offer = "v=0\r\nc=IN IP6 ::1\r\nm=audio 4000 RTP/AVP 0\r\n"
            assert (await stage.phone.call(NUMBER, sdp=offer)).status == 488
            assert stage.web.asked == []
            assert stage.health["legs"] == 0

    asyncio.run(play())


def test_keys_by_sip_info_count_once(tmp_path: Path) -> None:
    async def play() -> None:
        gather = '<Gather action="/menu" timeout="1"/>'
        async with staged(tmp_path, gather) as stage:
            stage.web.pages["/menu"] = response("<Hangup/>")
            call = await stage.phone.call(NUMBER)
            sent = call.send("INFO", body="Signal=4\r\nDuration=160", kind="application/dtmf-relay")
            assert (await sent).code == 200
            call.press("4")  # the same key, by the other way
            await call.spoken()
            sent = call.send("INFO", body="5", kind="application/dtmf")
            assert (await sent).code == 200
            assert (await call.send("INFO", body="?", kind="text/plain")).code == 415
            assert (await stage.web.gets("/menu"))["Digits"] == "45"

    asyncio.run(play())


def test_hold_and_resume(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, '<Say loop="0">Music</Say>') as stage:
            call = await stage.phone.call(NUMBER)
            await call.hears(spoken("Music"))
            held = await call.send("INVITE", body=call.sdp("sendonly"))
            assert held.code == 200
            assert "a=recvonly" in held.body
            resumed = await call.send("INVITE", body=call.sdp())
            assert "a=sendrecv" in resumed.body
            assert (await call.send("UPDATE")).code == 200
            assert (
                await call.send("INVITE", body=call.sdp().replace("AVP 0", "AVP 3"))
            ).code == 488
            await call.hears_more(8000)
            call.hang_up()
            over = await stage.web.gets("/voice/status")
            assert over["HangupBy"] == "caller"

    asyncio.run(play())


def test_a_caller_who_gives_up(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, '<Pause length="10"/>') as stage:
            call = await stage.phone.start(NUMBER)
            await stage.web.gets("/voice/incoming")
            call.cancel()
            assert await call.answered() == 487
            assert (await stage.web.gets("/voice/status"))["CallStatus"] == "canceled"
            assert stage.health["dialogs"] == 0

    asyncio.run(play())


def test_it_rings_while_the_web_side_thinks(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, '<Pause length="1"/><Say>Hello</Say>') as stage:
            call = await stage.phone.start(NUMBER)
            call.invite_again()
            assert await call.answered() == 200
            assert 180 in call.responses
            call.invite_again()
            await call.hears(spoken("Hello"))
            await call.ended()
            assert len(stage.web.of("/voice/incoming")) == 1

    asyncio.run(play())


@pytest.mark.parametrize("status", [403, 404, 486, 503])
def test_the_web_side_refuses(tmp_path: Path, status: int) -> None:
    async def play() -> None:
        async with staged(tmp_path) as stage:
            stage.web.pages["/voice/incoming"] = status
            call = await stage.phone.call(NUMBER)
            assert call.status == status
            assert len(stage.web.asked) == 1

    asyncio.run(play())


def test_the_web_sides_words_for_a_refusal_are_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def refuses(_side: WebSide, _asked: Asked) -> web.Response:
        return web.json_response({"error": {"message": "Not today"}}, status=403)

    async def play() -> None:
        async with staged(tmp_path) as stage:
            stage.web.pages["/voice/incoming"] = refuses
            assert (await stage.phone.call(NUMBER)).status == 403

    asyncio.run(play())
    assert 'not_taken why="Not today"' in caplog.text


@pytest.mark.parametrize(("reason", "code"), [("busy", 486), ("rejected", 603)])
def test_a_document_refuses(tmp_path: Path, reason: str, code: int) -> None:
    async def play() -> None:
        async with staged(tmp_path, f'<Reject reason="{reason}"/>') as stage:
            assert (await stage.phone.call(NUMBER)).status == code

    asyncio.run(play())


def test_strangers_and_too_many_calls_are_refused(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, '<Pause length="5"/>') as stage:
            stage.web.max_calls = 1
            stage.gateway.keeper.reload()
            keeper = stage.gateway.keeper
            await until(lambda: keeper.present is not None and keeper.present.max_calls == 1)
            first = await stage.phone.start(NUMBER)
            await stage.web.gets("/voice/incoming")
            assert (await stage.phone.call(NUMBER)).status == 503
            first.cancel()
            await first.answered()
            stage.web.trunks = ["192.0.2.0/24"]
            await stage.gateway.keeper.refresh()
            assert (await stage.phone.call(NUMBER)).status == 403

    asyncio.run(play())


def test_an_offer_without_our_codecs(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, "<Say>Hello</Say>") as stage:
            offer = "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 3\r\n"
            assert (await stage.phone.call(NUMBER, sdp=offer)).status == 488
            assert stage.web.asked == []

    asyncio.run(play())


def test_redirects_other_kinds_of_answers_and_unknown_verbs(tmp_path: Path) -> None:
    async def play() -> None:
        redirect = '<Dance/><Redirect method="GET">next?a=b</Redirect><Say>Never</Say>'
        async with staged(tmp_path, redirect) as stage:
            stage.web.pages["/voice/next"] = web.Response(
                status=302, headers={"Location": "/plain"}
            )
            stage.web.pages["/plain"] = web.Response(text="Plain words", content_type="text/plain")
            call = await stage.phone.call(NUMBER)
            await call.hears(spoken("Plain words"))
            assert await call.ended() == "system"
            assert stage.web.of("/voice/next")[0]["a"] == "b"
            assert spoken("Never") not in call.heard()

    asyncio.run(play())


def test_a_gateway_that_stops_says_bye(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, '<Say loop="0">Music</Say>') as stage:
            call = await stage.phone.call(NUMBER)
            await call.hears(spoken("Music"))
            stopping = asyncio.create_task(stage.gateway.stop())
            assert await call.ended(within=2) == "system"
            assert (await stage.web.gets("/voice/status"))["CallStatus"] == "completed"
            async with patience(3):
                await stopping

    asyncio.run(play())
