"""Gather's attributes as a caller meets them (RCML reference, section 3)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from deskbell.voice.tests.stage import NUMBER, response, spoken, staged

AFTER = "<Say>Next verb</Say>"


@pytest.mark.parametrize(
    ("attributes", "pressed", "digits"),
    [
        ('finishOnKey="#"', "12#", "12"),
        ('finishOnKey="*"', "1#2*", "1#2"),
        ('finishOnKey="" numDigits="3"', "1#2", "1#2"),
        ('numDigits="2"', "789", "78"),
        ('timeout="1"', "42", "42"),
        ('timeout="9" postTimeout="1"', "42", "42"),
        ('startInputKey="5" numDigits="2"', "1257", "57"),
        ('finishOnKey=""  numDigits="1"', "#7", "7"),
        ('actionOnEmptyResult="true"', "#", ""),
        ('actionOnEmptyResult="true" timeout="1"', "", ""),
        ('actionOnEmptyResult="true" timeout="9" preTimeout="1"', "", ""),
        ('input="dtmf speech" numDigits="1"', "3", "3"),
        ('input="speech" numDigits="1" timeout="1" actionOnEmptyResult="true"', "3", ""),
    ],
)
def test_what_the_action_is_told(
    tmp_path: Path, attributes: str, pressed: str, digits: str
) -> None:
    async def play() -> None:
        gather = f'<Gather action="/menu" {attributes}/>{AFTER}'
        async with staged(tmp_path, gather) as stage:
            stage.web.pages["/menu"] = response("<Hangup/>")
            call = await stage.phone.call(NUMBER)
            call.press(pressed)
            assert (await stage.web.gets("/menu"))["Digits"] == digits
            await call.ended()
            assert spoken("Next verb") not in call.heard()

    asyncio.run(play())


def test_what_nobody_recognises_is_heard_out_and_was_nothing(tmp_path: Path) -> None:
    async def play() -> None:
        gather = '<Gather action="/named" input="speech" timeout="1" actionOnEmptyResult="true">'
        async with staged(tmp_path, f"{gather}<Say>Say the name</Say></Gather>") as stage:
            stage.web.pages["/named"] = response("<Hangup/>")
            call = await stage.phone.call(NUMBER)
            call.press("5")
            told = await stage.web.gets("/named")
            assert (told["Digits"], told["SpeechResult"]) == ("", "")
            await call.ended()
            assert spoken("Say the name") in call.heard()

    asyncio.run(play())


def test_a_transfer_fails_at_once_and_the_caller_is_told(tmp_path: Path) -> None:
    async def play() -> None:
        dial = '<Dial action="/ended" ringbackTone="/tone"><Number>12125550142</Number></Dial>'
        async with staged(tmp_path, f"<Say>Hold on</Say>{dial}{AFTER}") as stage:
            stage.web.pages["/ended"] = response("<Say>Not connected</Say>")
            call = await stage.phone.call(NUMBER)
            await call.hears(spoken("Not connected"))
            await call.ended()
            assert stage.web.of("/ended")[0]["DialCallStatus"] == "failed"
            assert spoken("Next verb") not in call.heard()

    asyncio.run(play())


def test_a_transfer_without_an_action_runs_the_next_verb(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, f"<Dial>12125550142</Dial>{AFTER}") as stage:
            call = await stage.phone.call(NUMBER)
            await call.hears(spoken("Next verb"))
            await call.ended()

    asyncio.run(play())


@pytest.mark.parametrize(("attributes", "pressed"), [('timeout="1"', ""), ("", "#")])
def test_no_input_runs_the_next_verb(tmp_path: Path, attributes: str, pressed: str) -> None:
    async def play() -> None:
        async with staged(tmp_path, f'<Gather action="/menu" {attributes}/>{AFTER}') as stage:
            call = await stage.phone.call(NUMBER)
            call.press(pressed)
            await call.hears(spoken("Next verb"))
            await call.ended()
            assert stage.web.of("/menu") == []

    asyncio.run(play())


def test_prompts_play_in_a_row_and_the_wait_begins_after_them(tmp_path: Path) -> None:
    async def play() -> None:
        prompts = '<Say loop="2">One</Say><Pause length="1"/><Say loop="0">Two</Say>'
        gather = f'<Gather timeout="1" actionOnEmptyResult="true">{prompts}</Gather>'
        async with staged(tmp_path, gather) as stage:
            call = await stage.phone.call(NUMBER)
            await stage.web.gets("/voice/incoming")
            stage.web.pages["/voice/incoming"] = response("<Hangup/>")
            expected = spoken("One") * 2 + b"\xff" * 8000 + spoken("Two")
            assert expected in call.heard() or len(call.heard()) < len(expected) + 9000
            await call.hears(expected)
            again = await stage.web.gets("/voice/incoming", times=2)
            assert again["Digits"] == ""
            silence_after = call.heard().partition(expected)[2]
            assert len(silence_after) > 7000

    asyncio.run(play())


def test_the_first_key_stops_the_prompt_at_once(tmp_path: Path) -> None:
    text = "x" * 200  # four seconds
    prompt = spoken(text)

    async def play() -> None:
        gather = f'<Gather action="/menu" numDigits="1"><Say>{text}</Say></Gather>'
        async with staged(tmp_path, gather) as stage:
            stage.web.pages["/menu"] = response("<Pause/>")
            call = await stage.phone.call(NUMBER)
            await call.hears(prompt[:3200])
            before = len(call.heard())
            call.press("1")
            await stage.web.gets("/menu")
            await call.hears_more(1600)
            after = call.heard().rstrip(b"\xff")
            assert len(after) - before < 0.5 * 8000  # an event takes 60 ms by itself
            await call.ended()

    asyncio.run(play())


def test_keys_pressed_before_the_next_menu_count_for_it(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, '<Gather action="/menu" numDigits="1"/>') as stage:
            stage.web.pages["/menu"] = response('<Gather action="/below" numDigits="1"/>')
            stage.web.pages["/below"] = response("<Hangup/>")
            call = await stage.phone.call(NUMBER)
            call.press("37")
            assert (await stage.web.gets("/below"))["Digits"] == "7"
            assert stage.web.of("/menu")[0]["Digits"] == "3"

    asyncio.run(play())


def test_the_key_that_ends_digits_counts_for_no_other_menu(tmp_path: Path) -> None:
    async def play() -> None:
        asked = '<Gather action="/extension" numDigits="3"/>'
        async with staged(tmp_path, asked) as stage:
            unknown = '<Gather action="/again" finishOnKey="" numDigits="1" startInputKey="#5">'
            stage.web.pages["/extension"] = response(f"{unknown}<Say>None such</Say></Gather>")
            stage.web.pages["/again"] = response("<Hangup/>")
            call = await stage.phone.call(NUMBER)
            call.press("999#")
            await call.hears(spoken("None such"))
            call.press("#")
            assert (await stage.web.gets("/again"))["Digits"] == "#"

    asyncio.run(play())


def test_keys_during_an_announcement_count_for_nothing(tmp_path: Path) -> None:
    async def play() -> None:
        verbs = '<Say>Nobody asks for keys yet</Say><Gather action="/menu" numDigits="1"/>'
        async with staged(tmp_path, verbs) as stage:
            stage.web.pages["/menu"] = response("<Hangup/>")
            call = await stage.phone.call(NUMBER)
            call.press("9")
            await call.hears(spoken("Nobody asks for keys yet") + b"\xff" * 1600)
            call.press("4")
            assert (await stage.web.gets("/menu"))["Digits"] == "4"

    asyncio.run(play())
