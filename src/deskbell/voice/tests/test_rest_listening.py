"""Calls over REST that are listened to: recorded whole, and judged for who answered."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from deskbell.voice.tests.rest import CALLEE, with_callee
from deskbell.voice.tests.stage import NUMBER, noise, recordings_left, response, spoken, until
from tests.phone import answers


def test_what_both_say_is_recorded_and_told(tmp_path: Path) -> None:
    async def play() -> None:
        async with with_callee(tmp_path, callee={"on_call": answers()}) as (stage, phone, twilio):
            stage.web.pages["/recorded"] = 204
            made = await twilio.call(
                to=CALLEE,
                from_=NUMBER,
                twiml=response("<Say>Please speak</Say>", '<Pause length="1"/>'),
                record=True,
                recording_channels="dual",
                recording_status_callback=f"{stage.web.url}/recorded",
            )
            callee = await phone.rung()
            callee.speak(noise("a callee", 0.5))
            await callee.hears(spoken("Please speak"))
            await callee.ended()
            told = await stage.web.gets("/recorded")
            assert told["CallSid"] == made.sid
            assert told["RecordingStatus"] == "completed"
            assert told["RecordingChannels"] == "2"
            assert told["RecordingSource"] == "OutboundAPI"
            audio = stage.web.recordings[told["RecordingSid"]]
            assert audio[22] == 2  # channels of the WAV
            assert len(audio) > 44 + 8000 * 2 * 2

    asyncio.run(play())


def test_a_call_that_is_sent_elsewhere_while_it_records_keeps_what_was_said(
    tmp_path: Path,
) -> None:
    async def play() -> None:
        record = '<Record action="/done" playBeep="false" timeout="20"/>'
        async with with_callee(tmp_path, callee={"on_call": answers()}) as (stage, phone, twilio):
            stage.web.pages["/done"] = 204
            made = await twilio.call(to=CALLEE, from_=NUMBER, twiml=response(record))
            callee = await phone.rung()
            callee.speak(noise("a callee", 1.0))
            await callee.spoken()
            await twilio.change(made.sid, twiml=response("<Say>Enough</Say>"))
            await callee.hears(spoken("Enough"))
            await callee.ended()
            told = await stage.web.gets("/done")
            await stage.web.gets("/recording")
            assert len(stage.web.recordings[told["RecordingSid"]]) > 44 + 8000
            assert recordings_left(tmp_path) == []

    asyncio.run(play())


@pytest.mark.parametrize(("seconds", "who"), [(0.6, "human"), (4.0, "machine_start")])
def test_the_document_waits_for_who_answered(tmp_path: Path, seconds: float, who: str) -> None:
    async def play() -> None:
        async with with_callee(tmp_path, callee={"on_call": answers()}) as (stage, phone, twilio):
            stage.web.pages["/said"] = response("<Say>A message for you</Say>")
            made = await twilio.call(
                to=CALLEE,
                from_=NUMBER,
                url=f"{stage.web.url}/said",
                machine_detection="Enable",
            )
            callee = await phone.rung()
            callee.speak(noise("a greeting", seconds))
            asked = await stage.web.gets("/said")
            assert asked["AnsweredBy"] == who
            await callee.hears(spoken("A message for you"))
            assert (await twilio.look(made.sid)).answered_by == who

    asyncio.run(play())


def test_who_answered_is_told_later_where_the_document_must_not_wait(tmp_path: Path) -> None:
    async def play() -> None:
        async with with_callee(tmp_path, callee={"on_call": answers()}) as (stage, phone, twilio):
            stage.web.pages["/verdict"] = 204
            await twilio.call(
                to=CALLEE,
                from_=NUMBER,
                twiml=response('<Say loop="0">Hello</Say>'),
                machine_detection="DetectMessageEnd",
                async_amd="true",
                async_amd_status_callback=f"{stage.web.url}/verdict",
            )
            callee = await phone.rung()
            await callee.hears(spoken("Hello"))
            assert stage.web.of("/verdict") == []
            callee.speak(noise("a greeting", 3.0))
            told = await stage.web.gets("/verdict")
            assert told["AnsweredBy"] == "machine_end_silence"
            callee.hang_up()

    asyncio.run(play())


def test_who_hangs_up_while_it_is_being_judged(tmp_path: Path) -> None:
    async def play() -> None:
        async with with_callee(tmp_path, callee={"on_call": answers()}) as (stage, phone, twilio):
            made = await twilio.call(
                to=CALLEE,
                from_=NUMBER,
                url=f"{stage.web.url}/said",
                machine_detection="Enable",
            )
            callee = await phone.rung()
            await callee.acknowledged()
            callee.hang_up()
            await until(lambda: not stage.health["calls"])
            assert stage.web.of("/said") == []
            assert (await twilio.look(made.sid)).status == "completed"

    asyncio.run(play())
