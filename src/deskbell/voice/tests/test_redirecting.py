"""Calls that are sent elsewhere from outside while they are in the middle of something."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from deskbell.voice.tests.rest import CALLEE, Twilio, with_callee
from deskbell.voice.tests.stage import NUMBER, noise, response, spoken, staged, until
from tests.phone import answers

DIAL = f'<Dial action="/dialled"><Number>{CALLEE}</Number></Dial>'
ANSWERS: dict[str, Any] = {"on_call": answers()}


async def _sids(twilio: Twilio) -> tuple[str, str]:
    """The sids of caller and callee who are talking."""
    found = await twilio.do(lambda client: client.calls.list(status="in-progress"))
    by_direction = {call.direction: call for call in found}
    child = by_direction["outbound-dial"]
    parent = by_direction["inbound"]
    assert child.parent_call_sid == parent.sid
    return parent.sid, child.sid


def test_a_callee_is_taken_away_and_the_caller_goes_on(tmp_path: Path) -> None:
    async def play() -> None:
        async with with_callee(tmp_path, DIAL, callee=ANSWERS) as (stage, phone, twilio):
            stage.web.pages["/dialled"] = response("<Say>Your party is gone</Say>")
            stage.web.pages["/other"] = response('<Say loop="0">Somewhere else</Say>')
            caller = await stage.phone.call(NUMBER)
            callee = await phone.rung()
            words = noise("words", 3)
            await callee.acknowledged()
            callee.speak(words)
            await caller.hears(*(words[at : at + 1600] for at in range(8000, 24000, 1600)))
            _, child = await _sids(twilio)
            await twilio.change(child, url=f"{stage.web.url}/other")
            await callee.hears(spoken("Somewhere else"))
            assert (await stage.web.gets("/dialled"))["DialCallStatus"] == "completed"
            await caller.hears(spoken("Your party is gone"))
            await caller.ended()
            await callee.hears_more(4000)  # whom the caller's end does not touch
            assert (await stage.web.gets("/other"))["CallSid"] == child
            await twilio.change(child, status="completed")
            assert await callee.ended() == "system"

    asyncio.run(play())


def test_a_caller_is_taken_away_and_the_callee_is_let_go(tmp_path: Path) -> None:
    async def play() -> None:
        async with with_callee(tmp_path, DIAL, callee=ANSWERS) as (stage, phone, twilio):
            caller = await stage.phone.call(NUMBER)
            callee = await phone.rung()
            words = noise("words", 3)
            await callee.acknowledged()
            callee.speak(words)
            await caller.hears(*(words[at : at + 1600] for at in range(8000, 24000, 1600)))
            parent, _ = await _sids(twilio)
            await twilio.change(parent, twiml=response("<Say>This way</Say>"))
            await caller.hears(spoken("This way"))
            assert await callee.ended() == "system"
            assert await caller.ended() == "system"
            assert stage.web.of("/dialled") == []
            await until(lambda: stage.health["legs"] == 0)

    asyncio.run(play())


def test_a_caller_who_waits_for_keys_or_a_document_is_taken_away(tmp_path: Path) -> None:
    async def play() -> None:
        gather = '<Gather action="/menu" timeout="60"><Say>Go</Say></Gather>'
        async with staged(tmp_path, gather) as stage:
            twilio = Twilio(stage)
            caller = await stage.phone.call(NUMBER)
            await caller.hears(spoken("Go").ljust(320, b"\xff"))
            [running] = await twilio.do(lambda client: client.calls.list())
            for word in ("First", "Second", "Third"):
                await twilio.change(running.sid, twiml=response(f'<Say loop="0">{word}</Say>'))
                await caller.hears(spoken(word))
            assert stage.web.of("/menu") == []
            await twilio.change(running.sid, url="http://127.0.0.1:9/nowhere")  # and the apology
            assert await caller.ended() == "system"

    asyncio.run(play())


def test_a_fault_in_a_request_or_a_call_out_ends_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        music = '<Say loop="0">Music</Say>'
        async with with_callee(tmp_path, music, callee=ANSWERS) as (stage, phone, twilio):
            caller = await stage.phone.call(NUMBER)
            await caller.hears(spoken("Music"))

            async def faulty(*_args: object, **_options: object) -> None:
                raise RuntimeError("a fault of ours")

            order = {"to": CALLEE, "from_": NUMBER, "twiml": response("<Say>Hello</Say>")}
            with monkeypatch.context() as patched:
                patched.setattr(stage.gateway.lines.routes, "to", faulty)
                with pytest.raises(TwilioRestException) as refused:
                    await twilio.call(**order)
                assert (refused.value.status, refused.value.code) == (500, 20500)

            def failing(*_args: object, **_options: object) -> None:
                raise RuntimeError("another fault of ours")

            with monkeypatch.context() as patched:
                patched.setattr(stage.gateway.agent, "invite", failing)
                await twilio.call(**order)
                await until(lambda: stage.health["calls"] == 1)
            await twilio.call(**order)
            await (await phone.rung()).hears(spoken("Hello"))
            await caller.hears_more(8000)
            assert not caller.is_over
            await until(lambda: stage.health["legs"] == 1)

    asyncio.run(play())


def test_a_call_has_a_fallback_of_its_own(tmp_path: Path) -> None:
    async def play() -> None:
        async with with_callee(tmp_path, callee=ANSWERS) as (stage, phone, twilio):
            stage.web.pages["/said"] = 500
            stage.web.pages["/instead"] = response("<Say>Please call later</Say>")
            await twilio.call(
                to=CALLEE,
                from_=NUMBER,
                url=f"{stage.web.url}/said",
                fallback_url=f"{stage.web.url}/instead",
            )
            callee = await phone.rung()
            await callee.hears(spoken("Please call later"))
            assert (await stage.web.gets("/instead"))["ErrorUrl"] == f"{stage.web.url}/said"

    asyncio.run(play())
