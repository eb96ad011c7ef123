"""Gather that takes speech, with a voice that is really recognised: what a caller would lose."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from deskbell import speech
from deskbell.voice.tests.stage import NUMBER, response, spoken, staged

pytestmark = pytest.mark.timeout(180)  # the first recogniser of a process loads its model

NAMES = "Bob Jones,Alice Smith,Charlie Brown"
PROMPT = "Say the name of a person, all of it please, and take your time"


def said(text: str) -> bytes:
    """`text` in a voice, and the silence after it."""
    return speech.speak_mulaw(text, language="en", voice="woman") + b"\xff" * 8000 * 2


def test_a_name_is_understood_while_the_prompt_plays(tmp_path: Path) -> None:
    async def play() -> None:
        gather = (
            f'<Gather input="speech" action="/named" hints="{NAMES}" timeout="9"'
            ' partialResultCallback="/partly">'
        )
        async with staged(tmp_path, f"{gather}<Say>{PROMPT}</Say></Gather>") as stage:
            stage.web.pages |= {"/named": response("<Say>Thank you</Say>"), "/partly": 204}
            voice = await asyncio.to_thread(said, "Alice Smith")
            call = await stage.phone.call(NUMBER)
            call.speak(voice)
            told = await stage.web.gets("/named", within=60)
            assert told["SpeechResult"] == "Alice Smith"
            assert told["Digits"] == ""
            assert 0 <= float(told["Confidence"]) <= 1
            await call.hears(spoken("Thank you"))
            assert spoken(PROMPT) not in call.heard()
            partly = stage.web.of("/partly")
            assert [each["SequenceNumber"] for each in partly] == [
                str(at) for at in range(len(partly))
            ]
            assert {each["UnstableSpeechResult"] for each in partly} <= set(NAMES.split(","))

    asyncio.run(play())


def test_a_key_wins_over_speech_that_comes_later(tmp_path: Path) -> None:
    async def play() -> None:
        gather = f'<Gather input="speech dtmf" action="/menu" hints="{NAMES}" timeout="1"/>'
        async with staged(tmp_path, gather) as stage:
            stage.web.pages["/menu"] = response("<Hangup/>")
            voice = await asyncio.to_thread(said, "Bob Jones")
            call = await stage.phone.call(NUMBER)
            call.press("4")
            await asyncio.sleep(0.3)
            call.speak(voice)
            told = await stage.web.gets("/menu", within=20)
            assert (told["Digits"], told["SpeechResult"]) == ("4", "")

    asyncio.run(play())


def test_nobody_speaks_and_the_action_is_asked_all_the_same(tmp_path: Path) -> None:
    async def play() -> None:
        gather = (
            f'<Gather input="dtmf speech" action="/menu" hints="{NAMES}" timeout="1"'
            ' actionOnEmptyResult="true"/>'
        )
        async with staged(tmp_path, gather) as stage:
            stage.web.pages["/menu"] = response("<Hangup/>")
            await stage.phone.call(NUMBER)
            told = await stage.web.gets("/menu")
            assert (told["Digits"], told["SpeechResult"]) == ("", "")
            assert "Confidence" not in told

    asyncio.run(play())


def test_a_language_that_nobody_understands_leaves_the_keys(tmp_path: Path) -> None:
    async def play() -> None:
        gather = '<Gather input="dtmf speech" language="fi-FI" numDigits="1" action="/menu"/>'
        async with staged(tmp_path, gather) as stage:
            stage.web.pages["/menu"] = response("<Hangup/>")
            call = await stage.phone.call(NUMBER)
            call.press("3")
            assert (await stage.web.gets("/menu"))["Digits"] == "3"

    asyncio.run(play())
