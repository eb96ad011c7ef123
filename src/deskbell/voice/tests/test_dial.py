"""Dial with real phones: one calls, others ring, and what becomes of each is checked."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from deskbell.voice.tests.callees import DialStage, dial_staged, talk
from deskbell.voice.tests.stage import NUMBER, response, spoken, until
from tests.patience import patience
from tests.phone import answers, refuses


def test_caller_and_callee_talk_and_the_action_learns_of_it(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}) as stage:
            stage.dials(stage.sip())
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            await talk(call, callee)
            callee.hang_up()
            told = await stage.outcome()
            assert told["DialCallStatus"] == "completed"
            assert told["DialCallSid"].startswith("CA")
            assert told["DialCallSid"] != told["CallSid"]
            assert told["OutboundCallSid"] == told["DialCallSid"]
            assert told["DialSipResponseCode"] == "200"
            assert told["DialSipCallId"] == callee.call_id
            assert 1 <= int(told["DialCallDuration"]) <= 6
            assert told["CallStatus"] == "in-progress"
            assert await call.ended() == "system"

    asyncio.run(play())


def test_without_an_action_the_next_verb_follows(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}) as stage:
            dial = f"<Dial>{stage.sip()}</Dial>"
            stage.web.pages["/voice/incoming"] = response(dial, "<Say>Behind it</Say>")
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            await talk(call, callee)
            callee.hang_up()
            await call.hears(spoken("Behind it"))

    asyncio.run(play())


@pytest.mark.parametrize(
    ("code", "status"),
    [(486, "busy"), (603, "busy"), (480, "no-answer"), (404, "failed"), (503, "failed")],
)
def test_a_callee_refuses(tmp_path: Path, code: int, status: str) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": refuses(code)}) as stage:
            stage.dials(stage.sip())
            call = await stage.caller.call(NUMBER)
            told = await stage.outcome()
            assert told["DialCallStatus"] == status
            assert told["DialSipResponseCode"] == str(code)
            assert told["DialCallDuration"] == "0"
            await call.ended()

    asyncio.run(play())


def test_nobody_answers_in_time(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {}, {}) as stage:
            stage.dials(stage.sip(0), stage.sip(1), timeout="1")
            await stage.caller.call(NUMBER)
            callees = [await phone.rung() for phone in stage.phones]
            callees[0].ring()
            told = await stage.outcome()
            assert told["DialCallStatus"] == "no-answer"
            assert told["DialRingDuration"] == "1"
            for callee in callees:
                await callee.ended()
                assert callee.is_cancelled

    asyncio.run(play())


def test_the_first_of_several_to_answer_gets_the_caller(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {}, {}, {"on_call": refuses(486)}) as stage:
            stage.dials(stage.sip(0), stage.sip(1), stage.sip(2))
            call = await stage.caller.call(NUMBER)
            first, second = [await phone.rung() for phone in stage.phones[:2]]
            first.ring()
            second.ring()
            second.answer()
            await first.ended()
            assert first.is_cancelled
            await talk(call, second)
            second.hang_up()
            told = await stage.outcome()
            assert told["DialCallStatus"] == "completed"
            assert told["DialSipCallId"] == second.call_id

    asyncio.run(play())


def test_a_caller_who_gives_up_cancels_all(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {}, {}) as stage:
            stage.dials(stage.sip(0), stage.sip(1))
            call = await stage.caller.call(NUMBER)
            callees = [await phone.rung() for phone in stage.phones]
            for callee in callees:
                callee.ring()
            call.hang_up()
            for callee in callees:
                await callee.ended()
                assert callee.is_cancelled
            told = await stage.outcome()
            assert told["DialCallStatus"] == "canceled"
            assert told["CallStatus"] == "completed"
            await until(lambda: stage.stage.health["calls"] == 0)

    asyncio.run(play())


def test_a_caller_who_hangs_up_ends_the_callees_call(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}) as stage:
            stage.dials(stage.sip())
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            await talk(call, callee)
            call.hang_up()
            assert await callee.ended() == "system"
            told = await stage.outcome()
            assert told["DialCallStatus"] == "completed"
            assert told["CallStatus"] == "completed"
            assert (await stage.web.gets("/voice/status"))["HangupBy"] == "caller"

    asyncio.run(play())


def test_the_talk_ends_at_its_time_limit(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}) as stage:
            stage.dials(stage.sip(), timeLimit="1")
            stage.web.pages["/dialled"] = response("<Say>Time is over</Say>")
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            assert await callee.ended(within=4) == "system"
            await call.hears(spoken("Time is over"))
            assert (await stage.outcome())["DialCallStatus"] == "completed"

    asyncio.run(play())


def test_who_may_not_be_called_has_failed(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path) as stage:
            nouns = "<Sip>sip:x@192.0.2.1</Sip><Number>+4930123</Number><Client>nobody</Client>"
            stage.dials(nouns)
            await stage.caller.call(NUMBER)
            assert (await stage.outcome())["DialCallStatus"] == "failed"
            assert stage.phones[0].taken == []

    asyncio.run(play())


def test_a_callee_with_nothing_in_common_is_a_failure(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path) as stage:
            stage.dials(stage.sip())
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            callee.answer(sdp=callee.sdp().replace("RTP/AVP 0", "RTP/AVP 3"))
            assert (await stage.outcome())["DialCallStatus"] == "failed"
            assert await callee.ended() == "system"
            await call.ended()

    asyncio.run(play())


CALLBACKS = [
    ("answers", "", ["initiated 0", "ringing 1", "answered 2", "completed 3"]),
    ("refuses", "", ["initiated 0", "ringing 1", "busy 3"]),
    ("is silent", "", ["initiated 0", "ringing 1", "no-answer 3"]),
    ("answers", "answered,completed", ["answered 2", "completed 3"]),
    ("refuses", "completed", ["busy 3"]),
]


@pytest.mark.parametrize(("does", "events", "told"), CALLBACKS)
def test_status_callbacks(tmp_path: Path, does: str, events: str, told: list[str]) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path) as stage:
            stage.web.pages["/callee"] = 204
            noun = stage.sip(statusCallback="/callee", statusCallbackEvent=events)
            stage.dials(noun, timeout="1")
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            callee.ring()
            if does == "answers":
                callee.answer()
                await talk(call, callee)
                callee.hang_up()
            elif does == "refuses":
                callee.refuse(486)
            over = await stage.outcome()
            await stage.web.gets("/callee", times=len(told))
            found = sorted(stage.web.of("/callee"), key=lambda one: int(one["SequenceNumber"]))
            assert [f"{one['CallStatus']} {one['SequenceNumber']}" for one in found] == told
            for one in found:
                assert one["CallSid"] == over["DialCallSid"]
                assert one["ParentCallSid"] == over["CallSid"]
                assert one["CallbackSource"] == "call-progress-events"
                assert one["Direction"] == "outbound-dial"
                assert "Timestamp" in one
            if does == "answers":
                assert int(found[-1]["CallDuration"]) >= 1

    asyncio.run(play())


def test_a_gateway_that_stops_ends_both_calls(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}) as stage:
            stage.dials(stage.sip())
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            await talk(call, callee)
            stopping = asyncio.create_task(stage.stage.gateway.stop())
            assert await call.ended(within=2) == "system"
            assert await callee.ended(within=2) == "system"
            async with patience(4):
                await stopping

    asyncio.run(play())


def test_a_fault_in_one_call_leaves_the_others_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(stage: DialStage) -> None:
        stage.dials(stage.sip(0))
        call = await stage.caller.call(NUMBER)
        callee = await stage.phones[0].rung()
        await talk(call, callee)

        def fault(*_args: object, **_named: object) -> None:
            raise RuntimeError("a fault")

        monkeypatch.setattr("deskbell.voice.verbs.dialling.Bridge.open", fault)
        broken = await stage.caller.call(NUMBER)
        other = await stage.phones[0].rung()
        assert await other.ended() == "system"
        await broken.hears(stage.stage.gateway.sounds.apology)
        assert await broken.ended() == "system"
        await talk(call, callee, name="still")
        call.hang_up()
        await callee.ended()

    async def run() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}) as stage:
            await play(stage)

    asyncio.run(run())
