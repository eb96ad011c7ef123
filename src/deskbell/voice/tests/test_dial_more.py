"""Dials of phones that registered with us, and one whose gateway is killed while two talk."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import AsyncExitStack
from pathlib import Path

from deskbell.foundation.environment import Address
from deskbell.voice.tests.callees import talk
from deskbell.voice.tests.stage import (
    ACCOUNT,
    NUMBER,
    WebSide,
    free_port,
    response,
    settings,
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
        assert len(side.recordings[told["RecordingSid"]]) > 16_000
        await side.stop()
        assert side.unsigned == []

    asyncio.run(play())
