"""What a caller hears while somebody is rung, before and after their own call is answered."""

from __future__ import annotations

import asyncio
from pathlib import Path

from deskbell.voice import tones
from deskbell.voice.tests.callees import dial_staged, heard_by, talk
from deskbell.voice.tests.stage import NUMBER, noise, response, until
from tests.phone import refuses

EARLY = noise("an announcement of the network", 1.0)


def test_it_rings_as_in_the_country(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path) as stage:
            stage.dials(stage.sip(), ringTone="fr")
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            await call.hears(tones.ringing("fr")[:8000])
            callee.answer()
            await talk(call, callee)
            size = len(call.heard())
            await call.hears_more(16_000)
            assert tones.ringing("fr")[800:4000] not in call.heard()[size:]

    asyncio.run(play())


def test_a_tone_of_its_own_is_heard_again_and_again(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path) as stage:
            clip, url = stage.web.add_prompt("ringback", 0.3)
            stage.dials(stage.sip(), ringbackTone=url)
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            callee.early()
            await call.hears(clip * 2)
            callee.answer()
            await talk(call, callee)

    asyncio.run(play())


def test_a_single_callees_own_announcement_is_heard(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path) as stage:
            stage.dials(stage.sip())
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            callee.ring()
            callee.early()
            await heard_by(callee, call, "early")
            callee.answer()
            await talk(call, callee)
            callee.hang_up()
            assert (await stage.outcome())["DialCallStatus"] == "completed"

    asyncio.run(play())


def test_of_several_callees_none_is_heard_before_the_answer(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {}, {}) as stage:
            stage.dials(stage.sip(0), stage.sip(1))
            call = await stage.caller.call(NUMBER)
            first, second = [await phone.rung() for phone in stage.phones]
            first.early()
            first.speak(EARLY)
            await first.spoken()
            second.answer()
            await talk(call, second)
            assert EARLY[:1600] not in call.heard()

    asyncio.run(play())


def test_answered_on_bridge_the_caller_is_answered_with_the_callee(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path) as stage:
            stage.dials(stage.sip(), answerOnBridge="true")
            call = await stage.caller.start(NUMBER)
            callee = await stage.phones[0].rung()
            callee.ring()
            await until(lambda: 180 in call.responses)
            assert call.status == 0
            callee.answer()
            assert await call.answered() == 200
            await talk(call, callee)

    asyncio.run(play())


def test_answered_on_bridge_the_tone_is_early_media(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path) as stage:
            clip, url = stage.web.add_prompt("ringback", 0.3)
            stage.dials(stage.sip(), answerOnBridge="true", ringbackTone=url)
            call = await stage.caller.start(NUMBER)
            callee = await stage.phones[0].rung()
            await call.hears(clip * 2)
            assert 183 in call.responses
            assert call.status == 0
            callee.answer()
            assert await call.answered() == 200
            await talk(call, callee)

    asyncio.run(play())


def test_answered_on_bridge_the_callees_announcement_is_passed_on(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path) as stage:
            stage.dials(stage.sip(), answerOnBridge="true")
            call = await stage.caller.start(NUMBER)
            callee = await stage.phones[0].rung()
            callee.early(reliable=True)
            await heard_by(callee, call, "early")
            assert callee.pracks
            assert call.status == 0
            callee.answer()
            await talk(call, callee)

    asyncio.run(play())


def test_answered_on_bridge_a_refusal_is_passed_back(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": refuses(486)}) as stage:
            dial = f'<Dial answerOnBridge="true">{stage.sip()}</Dial>'
            stage.web.pages["/voice/incoming"] = response(dial)
            assert (await stage.caller.call(NUMBER)).status == 486

    asyncio.run(play())
