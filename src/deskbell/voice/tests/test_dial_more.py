"""Dials of registered phones, of a gateway that is killed, and of calls that are sent elsewhere."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from deskbell.foundation.environment import Address
from deskbell.voice.tests.callees import dial_staged, talk
from deskbell.voice.tests.rest import Twilio
from deskbell.voice.tests.stage import (
    ACCOUNT,
    NUMBER,
    WebSide,
    free_port,
    response,
    settings,
    spoken,
    staged,
)
from deskbell.voice.tests.test_program import program
from tests.phone import Phone, answers

REALM = "deskbell"


def test_every_contact_of_a_phone_rings_and_the_first_to_answer_has_it(tmp_path: Path) -> None:
    async def play() -> None:
        side = WebSide(free_port())
        ha1 = hashlib.md5(f"desk:{REALM}:sesame".encode()).hexdigest()
        phone = {"username": "desk", "name": "front desk", "account": ACCOUNT, "numbers": ["101"]}
        side.more |= {"realm": REALM, "phones": [phone | {"ha1": {"MD5": ha1}}]}
        side.pages["/dialled"] = response("<Hangup/>")
        async with AsyncExitStack() as stack:
            dial = '<Dial action="/dialled"><Number>101</Number></Dial>'
            stage = await stack.enter_async_context(staged(tmp_path, dial, web=side))
            sip = Address("127.0.0.1", stage.environment.sip.port)
            kinds = ("UDP", "TCP")
            phones = [
                await stack.enter_async_context(Phone(sip, user="desk", transport=kind))
                for kind in kinds
            ]
            for each in phones:
                assert (await each.register("desk", "sesame", domain=REALM)).code == 200
            call = await stage.phone.call(NUMBER)
            first, second = [await each.rung() for each in phones]
            assert stage.phone.user in first.invite.header("from")
            second.answer()
            await first.ended()
            assert first.is_cancelled
            await talk(call, second)
            second.hang_up()
            assert (await side.gets("/dialled"))["DialCallStatus"] == "completed"

    asyncio.run(play())


def test_a_recorded_talk_outlives_its_gateway(tmp_path: Path) -> None:
    async def play() -> None:
        side = WebSide(free_port())
        side.more["sip_hosts"] = ["127.0.0.1"]
        side.pages["/dialled"] = 204
        await side.start()
        environment = settings(tmp_path, side.port)
        async with (
            program(environment) as process,
            Phone(environment.sip) as phone,
            Phone(environment.sip, user="callee", on_call=answers()) as other,
        ):
            dial = f'<Dial action="/dialled" record="true"><Sip>{other.address}</Sip></Dial>'
            side.pages["/voice/incoming"] = response(dial)
            call = await phone.call(NUMBER)
            callee = await other.rung()
            await talk(call, callee)
            await talk(call, callee, name="some more")  # what is recorded is written each second
            process.kill()
            await process.wait()
        async with program(environment):
            told = await side.gets("/dialled")
            await side.gets("/recording")
        assert told["DialCallStatus"] == "completed"
        assert told["CallStatus"] == "completed"
        assert int(told["RecordingDuration"]) >= 1
        assert len(side.recordings[told["RecordingSid"]]) > 8_000
        await side.stop()
        assert side.unsigned == []

    asyncio.run(play())


@pytest.mark.parametrize("who", ["caller", "callee"])
def test_either_of_two_who_talk_is_sent_elsewhere_over_rest(tmp_path: Path, who: str) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}) as stage:
            stage.dials(stage.sip())
            stage.web.pages["/elsewhere"] = response("<Say>You are elsewhere</Say>")
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            await talk(call, callee)
            twilio = Twilio(stage.stage)
            sid = stage.web.of("/voice/incoming")[0]["CallSid"]
            if who == "callee":
                calls = await twilio.do(lambda client: client.calls.list(parent_call_sid=sid))
                sid = calls[0].sid
            await twilio.change(sid, url=f"{stage.web.url}/elsewhere")
            goes, stays = (call, callee) if who == "caller" else (callee, call)
            await goes.hears(spoken("You are elsewhere"))
            assert await goes.ended() == "system"
            assert await stays.ended() == "system"
            if who == "callee":  # the caller's Dial is over, and its action asked
                assert (await stage.outcome())["DialCallStatus"] == "completed"
            else:
                assert stage.web.of("/dialled") == []

    asyncio.run(play())


def test_a_caller_who_is_sent_elsewhere_while_it_rings_has_the_ringing_stop(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {}) as stage:
            stage.dials(stage.sip())
            stage.web.pages["/elsewhere"] = response("<Say>You are elsewhere</Say>")
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            callee.ring()
            sid = stage.web.of("/voice/incoming")[0]["CallSid"]
            await Twilio(stage.stage).change(sid, url=f"{stage.web.url}/elsewhere")
            await callee.ended()
            assert callee.is_cancelled
            await call.hears(spoken("You are elsewhere"))

    asyncio.run(play())
