"""The gateway is killed in mid-call and started again: callers are taken up, other legs are ended.

The processes are real ones, and so are the phones, which only see a new offer within their call.
"""

from __future__ import annotations

import asyncio
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from deskbell.foundation.environment import Environment
from deskbell.voice.kept.keeper import read_journal
from deskbell.voice.kept.record import KeptCall
from deskbell.voice.remote import Calls, CallsAddress, NewCall
from deskbell.voice.tests.rest import CALLEE
from deskbell.voice.tests.stage import (
    ACCOUNT,
    NUMBER,
    SECRET,
    WebSide,
    free_port,
    noise,
    response,
    settings,
    until,
)
from deskbell.voice.tests.test_program import program
from tests.phone import CallHandle, Phone


@dataclass
class Scene:
    """A web side, and the settings of the processes that come one after the other."""

    web: WebSide
    environment: Environment
    clips: dict[str, bytes]

    def play(self, name: str) -> str:
        """A Play of the clip `name`, which both sides know."""
        self.clips[name], url = self.web.add_prompt(name, 0.5)
        return f'<Play loop="0">{url}</Play>'

    @property
    def kept(self) -> list[KeptCall]:
        """The calls that a next process would find."""
        path = self.environment.data_dir / "voice" / "calls.jsonl"
        return list(read_journal(path.read_bytes()).values())

    async def has_kept(self, *, answered: int) -> None:
        """Waits until that many answered calls are on the disk."""
        await until(lambda: sum(kept.answered is not None for kept in self.kept) == answered)


@asynccontextmanager
async def scene(folder: Path) -> AsyncIterator[Scene]:
    web = WebSide(free_port())
    await web.start()
    try:
        yield Scene(web, settings(folder, web.port), {})
    finally:
        await web.stop()
    assert web.unsigned == []


async def kill(process: Process) -> None:
    process.kill()
    await process.wait()


def test_a_caller_is_taken_up_and_hears_what_the_web_side_says_next(tmp_path: Path) -> None:
    async def play() -> None:
        async with scene(tmp_path) as at:
            step = '<Gather action="/step?account=7&amp;n=3" numDigits="1" timeout="60">'
            at.web.pages["/voice/incoming"] = response(f"{step}{at.play('menu')}</Gather>")
            at.web.pages["/step"] = response(
                f'<Gather action="/again" numDigits="1">{at.play("sorry")}</Gather>'
            )
            at.web.pages["/again"] = response("<Hangup/>")
            async with Phone(at.environment.sip) as phone:
                async with program(at.environment) as first:
                    call = await phone.call(NUMBER)
                    await call.hears(at.clips["menu"][:2000])
                    await at.has_kept(answered=1)
                    await kill(first)
                async with program(at.environment):
                    await call.hears(at.clips["sorry"][:2000])
                    asked = await at.web.gets("/step")
                    began = at.web.of("/voice/incoming")[0]
                    assert asked["CallSid"] == began["CallSid"]
                    assert asked["CallStatus"] == "in-progress"
                    assert asked["CallTimestamp"] == began["CallTimestamp"]
                    call.press("2")
                    assert (await at.web.gets("/again"))["Digits"] == "2"
                    assert await call.ended() == "system"
                    over = await at.web.gets("/voice/status")
                    assert over["CallStatus"] == "completed"
                    assert int(over["CallDuration"]) >= 1
                    await until(lambda: not at.kept)

    asyncio.run(play())


def test_who_is_not_there_any_more_is_told_as_lost(tmp_path: Path) -> None:
    async def play() -> None:
        async with scene(tmp_path) as at:
            at.web.pages["/voice/incoming"] = response(f"{at.play('menu')}")
            async with program(at.environment) as first, Phone(at.environment.sip) as phone:
                call = await phone.call(NUMBER)
                await call.hears(at.clips["menu"][:2000])
                await at.has_kept(answered=1)
                await kill(first)
            async with program(at.environment):
                over = await at.web.gets("/voice/status", within=20)
                assert (over["CallStatus"], over["HangupBy"]) == ("failed", "system")
                assert over["LostBecause"] == "gateway_lost"
                assert int(over["CallDuration"]) >= 1
                await until(lambda: not at.kept)

    asyncio.run(play())


def test_legs_that_were_ordered_are_hung_up_on_and_told(tmp_path: Path) -> None:
    async def play() -> None:
        async with scene(tmp_path) as at, Phone(at.environment.sip, user="rita") as rita:
            at.web.trunks_out = [f"{rita.host}:{rita.port}"]
            at.web.pages["/leg"] = 204
            calls = Calls(CallsAddress.ours(at.environment.voice_url, ACCOUNT, SECRET))
            order = NewCall(
                CALLEE,
                NUMBER,
                document=response(at.play("talk")),
                status_callback=f"{at.web.url}/leg",
            )
            async with program(at.environment) as first:
                made = [await asyncio.to_thread(calls.create, order) for _ in range(2)]
                talks, rings = await rita.rung(), await rita.rung()
                talks.answer()
                rings.ring()
                await talks.hears(at.clips["talk"][:2000])
                await at.has_kept(answered=1)
                await until(lambda: len(at.kept) == 2)
                await kill(first)
            async with program(at.environment):
                assert await talks.ended() == "system"
                await rings.ended()
                await at.web.gets("/leg", times=2)
                told = {one["CallSid"]: one for one in at.web.of("/leg")}
                assert set(told) == {one.sid for one in made}
                for one in told.values():
                    assert (one["CallStatus"], one["HangupBy"]) == ("failed", "system")
                    assert one["LostBecause"] == "gateway_lost"
                    assert one["SequenceNumber"] == "3"
                await until(lambda: not at.kept)

    asyncio.run(play())


def test_who_was_still_waiting_for_an_answer_is_refused(tmp_path: Path) -> None:
    async def play() -> None:
        async with scene(tmp_path) as at, Phone(at.environment.sip, user="bob") as bob:
            at.web.trunks_out = [f"{bob.host}:{bob.port}"]
            at.web.pages["/voice/incoming"] = response(
                f'<Dial answerOnBridge="true"><Number>{CALLEE}</Number></Dial>'
            )
            async with Phone(at.environment.sip) as phone:
                async with program(at.environment) as first:
                    call = await phone.start(NUMBER)
                    (await bob.rung()).ring()
                    await until(lambda: len(at.kept) == 2)
                    await kill(first)
                async with program(at.environment):
                    assert await call.answered() == 503
                    assert (await at.web.gets("/voice/status"))["CallStatus"] == "failed"

    asyncio.run(play())


def test_a_message_that_was_being_left_is_told_before_what_comes_next(tmp_path: Path) -> None:
    async def play() -> None:
        async with scene(tmp_path) as at:
            at.web.pages["/voice/incoming"] = response('<Record action="/done" playBeep="false"/>')
            at.web.pages["/done"] = response(at.play("thanks"))
            async with Phone(at.environment.sip) as phone:
                async with program(at.environment) as first:
                    call = await phone.call(NUMBER)
                    call.speak(noise("a caller", 3))
                    await call.spoken()
                    await at.has_kept(answered=1)
                    await kill(first)
                async with program(at.environment):
                    await call.hears(at.clips["thanks"][:2000])
                    recorded, resumed = at.web.of("/done")
                    assert recorded["Digits"] == "hangup"
                    assert "RecordingSid" not in resumed

    asyncio.run(play())


def test_many_callers_are_taken_up_on_ports_that_nobody_sends_to(tmp_path: Path) -> None:
    async def play() -> None:
        async with scene(tmp_path) as at:
            room = '<Conference startConferenceOnEnter="false" waitUrl="/wait">desk</Conference>'
            at.web.pages["/voice/incoming"] = response(f'<Dial action="/step">{room}</Dial>')
            at.web.pages["/wait"] = response(at.play("music"))
            at.web.pages["/step"] = response(at.play("sorry"))
            async with Phone(at.environment.sip) as phone:
                async with program(at.environment) as first:
                    calls: list[CallHandle] = [await phone.call(NUMBER) for _ in range(20)]
                    await at.has_kept(answered=20)
                    before = {kept.port for kept in at.kept}
                    await kill(first)
                async with program(at.environment):
                    for call in calls:
                        await call.hears(at.clips["sorry"][:2000])
                    assert len({one["CallSid"] for one in at.web.of("/step")}) == 20
                    await asyncio.sleep(0.5)
                    after = {kept.port for kept in at.kept}
                    assert len(after) == 20
                    assert not before & after

    asyncio.run(play())
