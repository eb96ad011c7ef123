"""While two talk: keys, digits, hold, recordings, codecs, and screening before it."""

from __future__ import annotations

import asyncio
import io
import wave
from pathlib import Path

import pytest

from deskbell.voice import tones
from deskbell.voice.media.g711 import ALAW_OF_MULAW, to_linear
from deskbell.voice.tests.callees import dial_staged, heard_by, talk
from deskbell.voice.tests.stage import NUMBER, WebSide, noise, response, spoken, until
from tests.phone import answers

TRUNK_NUMBER = "+12125550177"


# Screening


@pytest.mark.parametrize(("key", "status"), [("1", "completed"), ("2", "no-answer")])
def test_a_screened_callee_decides(tmp_path: Path, key: str, status: str) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}) as stage:
            stage.dials(stage.sip(url="/screen"))
            stage.web.pages["/screen"] = response(
                '<Gather action="/taken" numDigits="1"><Say>Press one</Say></Gather><Hangup/>'
            )
            after = "<Say>You are connected</Say>" if key == "1" else "<Hangup/>"
            stage.web.pages["/taken"] = response(after)
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            await callee.hears(spoken("Press one"))
            asked = stage.web.of("/screen")[0]
            callee.press(key)
            if key == "1":
                await callee.hears(spoken("You are connected"))
                await talk(call, callee)
                assert spoken("Press one") not in call.heard()
                callee.hang_up()
            told = await stage.outcome()
            assert await callee.ended() in {"phone", "system"}
            assert told["DialCallStatus"] == status
            assert asked["CallSid"] == told["DialCallSid"]
            assert asked["ParentCallSid"] == told["CallSid"]
            assert asked["SipCallId"] == callee.call_id

    asyncio.run(play())


def test_who_hangs_up_in_the_screening_has_not_taken_the_call(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}) as stage:
            stage.dials(stage.sip(url="/screen"))
            stage.web.pages["/screen"] = response('<Say loop="0">Press one</Say>')
            await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            await callee.hears(spoken("Press one"))
            callee.hang_up()
            assert (await stage.outcome())["DialCallStatus"] == "no-answer"

    asyncio.run(play())


def test_others_ring_on_while_one_is_screened_and_a_caller_may_leave(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {}, {}) as stage:
            stage.dials(stage.sip(0, url="/screen"), stage.sip(1, url="/screen"), timeout="20")
            stage.web.pages["/screen"] = response(
                '<Dial><Sip>sip:x@y</Sip></Dial><Gather action="/taken" numDigits="1"/>'
            )
            stage.web.pages["/taken"] = response("<Pause/>")
            call = await stage.caller.call(NUMBER)
            first, second = [await phone.rung() for phone in stage.phones]
            first.answer()
            await stage.web.gets("/screen")
            assert not second.is_over
            second.answer()
            await stage.web.gets("/screen", times=2)
            second.press("1")
            await talk(call, second)
            assert await first.ended() == "system"
            call.hang_up()
            assert await second.ended() == "system"
            assert (await stage.outcome())["DialCallStatus"] == "completed"

    asyncio.run(play())


def test_a_screening_has_its_time(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, outgoing=True) as stage:
            carrier = stage.carrier
            carrier.on_call = answers()
            stage.dials(f'<Number url="/screen" timeout="1">{TRUNK_NUMBER}</Number>')
            stage.web.pages["/screen"] = response('<Say loop="0">Press one</Say>')
            await stage.caller.call(NUMBER)
            callee = await carrier.rung()
            assert await callee.ended(within=4) == "system"
            assert (await stage.outcome())["DialCallStatus"] == "no-answer"

    asyncio.run(play())


# Numbers through a trunk


def test_a_number_goes_through_the_trunk_with_digits_behind_it(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, outgoing=True) as stage:
            noun = f'<Number sendDigits="w12">{TRUNK_NUMBER}?X-Room=7&amp;Evil=1</Number>'
            stage.dials(noun, callerId="+12125550111")
            call = await stage.caller.call(NUMBER)
            callee = await stage.carrier.rung()
            assert callee.invite.uri.startswith(f"sip:{TRUNK_NUMBER}@")
            assert "+12125550111" in callee.invite.header("from")
            assert callee.invite.header("x-room") == "7"
            assert callee.invite.header("evil") == ""
            callee.answer()
            await callee.hears_keys("12")
            await talk(call, callee)
            callee.hang_up()
            assert (await stage.outcome())["DialCallStatus"] == "completed"

    asyncio.run(play())


def test_a_stranger_sees_a_number_of_the_account_and_no_other(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, outgoing=True) as stage:
            stage.dials(f"<Number>{TRUNK_NUMBER}</Number>", callerId="+12125550999")
            call = await stage.caller.call(NUMBER)
            callee = await stage.carrier.rung()
            assert "+12125550111" in callee.invite.header("from")
            call.hang_up()
            await callee.ended()

    asyncio.run(play())


# Keys


def test_keys_go_across_both_ways_and_in_both_forms(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}) as stage:
            stage.dials(stage.sip())
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            await talk(call, callee)
            call.press("12*")
            await callee.hears_keys("12*")
            callee.press("9")
            await call.hears_keys("9")
            body = "Signal=5\r\nDuration=160"
            assert (await call.send("INFO", body=body, kind="application/dtmf-relay")).code == 200
            await callee.hears_keys("12*5")

    asyncio.run(play())


def test_a_caller_hangs_up_on_the_callee_with_the_star(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}) as stage:
            stage.dials(stage.sip(), hangupOnStar="true")
            stage.web.pages["/dialled"] = response("<Say>Back again</Say>")
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            await talk(call, callee)
            callee.press("*")
            call.press("1")
            await callee.hears_keys("1")
            call.press("*")
            assert await callee.ended() == "system"
            await call.hears(spoken("Back again"))

    asyncio.run(play())


# Codecs


@pytest.mark.parametrize(("caller", "callee"), [("PCMA", "PCMU"), ("PCMU", "PCMA")])
def test_different_codecs_understand_each_other(tmp_path: Path, caller: str, callee: str) -> None:
    async def play() -> None:
        phone = {"codec": callee, "on_call": answers()}
        async with dial_staged(tmp_path, phone, phone={"codec": caller}) as stage:
            stage.dials(stage.sip())
            call = await stage.caller.call(NUMBER)
            other = await stage.phones[0].rung()
            one, two = (call, other) if caller == "PCMU" else (other, call)
            clip = noise("in one law", 0.3)
            for _ in range(8):  # the first words may be lost
                one.speak(clip)
                await one.spoken()
                if clip.translate(ALAW_OF_MULAW)[:1600] in two.heard():
                    break
                await asyncio.sleep(0.1)
            else:
                raise AssertionError("nothing was heard in the other law")

    asyncio.run(play())


def test_g722_on_one_side(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"codec": "G722", "on_call": answers()}) as stage:
            stage.dials(stage.sip())
            call = await stage.caller.call(NUMBER)
            other = await stage.phones[0].rung()
            await until(lambda: len(other.rtp.received) > 20)
            call.press("7")
            await other.hears_keys("7")
            call.hang_up()
            await other.ended()

    asyncio.run(play())


# Hold


@pytest.mark.parametrize("who", ["caller", "callee"])
def test_hold_and_resume(tmp_path: Path, who: str) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}) as stage:
            stage.dials(stage.sip())
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            await talk(call, callee)
            holds, alone = (call, callee) if who == "caller" else (callee, call)
            answer = await holds.hold()
            assert "a=recvonly" in answer.body
            await alone.hears(tones.music()[:4000])
            assert not alone.is_over
            assert (await holds.resume()).code == 200
            await talk(call, callee, name="again")
            callee.hang_up()
            assert (await stage.outcome())["DialCallStatus"] == "completed"

    asyncio.run(play())


# Recordings


def channels_of(content: bytes) -> list[bytes]:
    """The samples of each channel of a WAV file at 8 kHz."""
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getsampwidth(), file.getframerate()) == (2, 8000)
        frames, count = file.readframes(file.getnframes()), file.getnchannels()
    if count == 1:
        return [frames]
    return [
        b"".join(frames[at : at + 2] for at in range(2 * channel, len(frames), 2 * count))
        for channel in range(count)
    ]


async def recorded(side: WebSide, told: dict[str, str]) -> list[bytes]:
    await side.gets("/recording")
    sid = told["RecordingSid"]
    assert told["RecordingUrl"] == f"{side.url}/voice/recordings/{sid}"
    return channels_of(side.recordings[sid])


@pytest.mark.parametrize(
    "kind", ["record-from-answer", "record-from-answer-dual", "record-from-ringing"]
)
def test_both_sides_are_recorded(tmp_path: Path, kind: str) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}) as stage:
            stage.web.pages["/recorded"] = 204
            stage.dials(stage.sip(), record=kind, recordingStatusCallback="/recorded")
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            await heard_by(call, callee, "the caller")
            await heard_by(callee, call, "the callee")
            callee.hang_up()
            told = await stage.outcome()
            assert int(told["RecordingDuration"]) >= 1
            channels = await recorded(stage.web, told)
            caller = to_linear(noise("the caller", 0.4), "PCMU")[640:5000]
            other = to_linear(noise("the callee", 0.4), "PCMU")[640:5000]
            assert caller in channels[0]
            assert other in channels[-1]
            assert len(channels) == (2 if kind.endswith("dual") else 1)
            if kind.endswith("dual"):
                assert other not in channels[0]
            about = await stage.web.gets("/recorded")
            assert about["RecordingSid"] == told["RecordingSid"]
            assert about["RecordingStatus"] == "completed"
            assert about["RecordingChannels"] == str(len(channels))

    asyncio.run(play())


def test_a_recording_outlives_a_web_side_that_is_away(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}) as stage:
            stage.dials(stage.sip(), record="true")
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            await talk(call, callee)
            await stage.web.stop()
            call.hang_up()
            await callee.ended()
            await until(lambda: stage.stage.health["spooled"] >= 3)  # audio, action, status
            await stage.web.start()
            told = await stage.outcome()
            assert told["DialCallStatus"] == "completed"
            assert told["CallStatus"] == "completed"
            await recorded(stage.web, told)

    asyncio.run(play())
