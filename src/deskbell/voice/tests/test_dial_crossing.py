"""Dials in which things happen at the same moment, or go wrong half-way."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from aiohttp import web as http

from deskbell.voice import interpreter, tones
from deskbell.voice.sounds import HOLD
from deskbell.voice.tests.callees import dial_staged, heard_by, talk
from deskbell.voice.tests.rest import Twilio
from deskbell.voice.tests.stage import (
    NUMBER,
    Asked,
    WebSide,
    free_port,
    response,
    spoken,
    staged,
    until,
)
from tests.phone import Phone, answers
from tests.phone_messages import Request, parse

ELSEWHERE = 'SIP;cause=200;text="Call completed elsewhere"'


def reasons(phone: Phone, method: str) -> list[str]:
    """What the gateway's requests to a phone said of why they came."""
    requests = [message for data in phone.messages if isinstance(message := parse(data), Request)]
    return [each.header("reason") for each in requests if each.method == method]


def test_phones_that_lose_show_no_missed_call(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {}, {}) as stage:
            stage.dials(stage.sip(0), stage.sip(1))
            call = await stage.caller.call(NUMBER)
            first, second = [await phone.rung() for phone in stage.phones]
            first.ring()
            second.answer()
            await first.ended()
            assert reasons(stage.phones[0], "CANCEL") == [ELSEWHERE]
            await talk(call, second)

    asyncio.run(play())


def test_of_two_who_answer_at_once_one_is_told_that_the_other_has_it(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {}, {}) as stage:
            stage.dials(stage.sip(0), stage.sip(1))
            call = await stage.caller.call(NUMBER)
            callees = [await phone.rung() for phone in stage.phones]
            for callee in callees:
                callee.answer()
            await until(lambda: any(callee.is_over for callee in callees))
            at = 0 if callees[0].is_over else 1
            assert reasons(stage.phones[at], "BYE") == [ELSEWHERE]
            winner = callees[1 - at]
            await talk(call, winner)
            winner.hang_up()
            told = await stage.outcome()
            assert (told["DialCallStatus"], told["DialSipCallId"]) == ("completed", winner.call_id)

    asyncio.run(play())


def test_a_caller_who_gives_up_is_a_missed_call(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path) as stage:
            stage.dials(stage.sip())
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            callee.ring()
            call.hang_up()
            await callee.ended()
            assert reasons(stage.phones[0], "CANCEL") == [""]

    asyncio.run(play())


@pytest.mark.parametrize("on_bridge", ["false", "true"])
def test_who_heard_a_network_hears_ringing_while_the_callee_is_screened(
    tmp_path: Path, on_bridge: str
) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path) as stage:
            stage.web.pages["/screen"] = response('<Pause length="20"/>')
            stage.dials(stage.sip(url="/screen"), answerOnBridge=on_bridge)
            call = await stage.caller.start(NUMBER)
            callee = await stage.phones[0].rung()
            callee.early()
            await heard_by(callee, call, "early")
            ringing = tones.ringing("")[:8000]
            before = call.heard().count(ringing)
            callee.answer()
            await stage.web.gets("/screen")
            await until(lambda: call.heard().count(ringing) > before)

    asyncio.run(play())


def test_a_caller_who_leaves_while_digits_are_sent_keeps_nobody_on_the_line(
    tmp_path: Path,
) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, outgoing=True) as stage:
            stage.carrier.on_call = answers()
            stage.dials(f'<Number sendDigits="{"w" * 20}1">+12125550177</Number>')
            call = await stage.caller.call(NUMBER)
            callee = await stage.carrier.rung()
            await callee.acknowledged()
            call.hang_up()
            assert await callee.ended(within=3) == "system"
            await stage.outcome(within=3)

    asyncio.run(play())


def test_the_longest_call_loses_neither_its_recording_nor_its_action(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interpreter, "LONGEST_CALL", 2.5)

    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}) as stage:
            stage.dials(stage.sip(), record="true")
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            await talk(call, callee)
            assert await call.ended() == "system"
            assert await callee.ended() == "system"
            told = await stage.outcome()
            assert told["DialCallStatus"] == "completed"
            await stage.web.gets("/recording")
            assert told["RecordingSid"] in stage.web.recordings

    asyncio.run(play())


def test_a_conferences_callbacks_come_in_the_order_of_what_happened(tmp_path: Path) -> None:
    async def play() -> None:
        side = WebSide(free_port())
        side.pages["/told"] = 503
        room = '<Dial><Conference statusCallback="/told" beep="false">room</Conference></Dial>'
        async with staged(tmp_path, room, web=side, first_wait=0.3) as stage:
            call = await stage.phone.call(NUMBER)
            await side.gets("/told")
            side.pages["/told"] = 204
            call.hang_up()
            await until(lambda: "conference-end" in str(side.of("/told")))
            numbers = [int(told["SequenceNumber"]) for told in side.of("/told")]
            assert numbers == sorted(numbers)

    asyncio.run(play())


@pytest.mark.parametrize("kind", ["Sip", "Conference"])
def test_an_action_that_cannot_be_asked_is_told_later(tmp_path: Path, kind: str) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}) as stage:
            stage.web.pages["/dialled"] = 503
            noun = stage.sip() if kind == "Sip" else "<Conference>room</Conference>"
            stage.dials(noun, timeLimit="1", record="true" if kind == "Sip" else "false")
            call = await stage.caller.call(NUMBER)
            await stage.web.gets("/dialled")
            call.hang_up()
            await until(lambda: stage.stage.health["calls"] == 0)
            asked = len(stage.web.of("/dialled"))
            stage.web.pages["/dialled"] = 204
            told = await stage.web.gets("/dialled", times=asked + 1)
            assert (told["DialCallStatus"], told["CallStatus"]) == ("completed", "completed")
            if kind == "Sip":
                await stage.web.gets("/recording")
                assert told["RecordingSid"] in stage.web.recordings

    asyncio.run(play())


def test_a_callee_who_is_sent_elsewhere_in_the_screening_hears_that_alone(tmp_path: Path) -> None:
    async def slowly(_web: WebSide, _asked: Asked) -> http.Response:
        await asyncio.sleep(1)
        text = response('<Say loop="0">Press one</Say>')
        return http.Response(text=text, content_type="text/xml")

    async def play() -> None:
        async with dial_staged(tmp_path, {}, {"on_call": answers()}) as stage:
            stage.web.pages["/screen"] = slowly
            stage.web.pages["/elsewhere"] = response('<Say loop="0">You are elsewhere</Say>')
            stage.dials(stage.sip(0), stage.sip(1, url="/screen"))
            await stage.caller.call(NUMBER)
            callee = await stage.phones[1].rung()
            sid = (await stage.web.gets("/screen"))["CallSid"]
            twilio = Twilio(stage.stage)
            await twilio.change(sid, url=f"{stage.web.url}/elsewhere")
            await callee.hears(spoken("You are elsewhere") * 3)
            await callee.hears_more(8000)
            assert spoken("Press one")[:800] not in callee.heard()

    asyncio.run(play())


def test_a_call_that_nobody_could_hear_has_failed(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path) as stage:
            stage.web.pages["/told"] = 204
            await Twilio(stage.stage).call(
                to=stage.phones[0].address,
                from_="+12125550111",
                twiml=response("<Say>Hello</Say>"),
                status_callback=f"{stage.web.url}/told",
            )
            callee = await stage.phones[0].rung()
            callee.answer(sdp=callee.sdp().replace("RTP/AVP 0", "RTP/AVP 3"))
            assert (await stage.web.gets("/told"))["CallStatus"] == "failed"

    asyncio.run(play())


def test_a_slow_dns_leaves_nobody_in_silence_and_rings_for_nobody_who_left(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path) as stage:

            async def slowly(_host: str) -> list[str]:
                await asyncio.sleep(60)
                return []

            stage.web.more["sip_hosts"] = ["127.0.0.1", *(f"far{at}.example" for at in range(4))]
            await stage.stage.reconfigure()
            stage.stage.gateway.lines.resolver._ask = slowly
            far = "".join(f"<Sip>sip:x@far{at}.example</Sip>" for at in range(4))
            stage.dials(stage.sip(), far)
            call = await stage.caller.call(NUMBER)
            other = await stage.caller.call(NUMBER)
            other.hang_up()
            callee = await stage.phones[0].rung(within=5)
            assert spoken(HOLD)[:1600] in call.heard()
            callee.answer()
            await talk(call, callee)
            assert len(stage.phones[0].taken) == 1

    asyncio.run(play())
