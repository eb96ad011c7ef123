"""A caller says a name to the demo's attendant, and the right telephone rings."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from deskbell import speech
from tests.house import House, greeting_now, prompts
from tests.patience import patience
from tests.phone import Phone, answers
from tests.phone_calls import CallHandle

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not speech.can_hear("en-US"), reason="PocketSphinx is not installed"),
]


def phone_of(house: House, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in house.account["phones"] if each["name"] == name)
    return found


async def asked_for_a_name(house: House, caller: Phone) -> CallHandle:
    """Calls, and presses 5 as soon as the greeting is heard."""
    known = prompts(house)
    call = await caller.call(house.account["numbers"][0]["number"])
    assert call.status == 200
    async with patience(20):
        while not greeting_now(known, call.heard()):
            await asyncio.sleep(0.1)
    call.press("5")
    ask = next(audio for text, audio in known.items() if "name" in text and "say" in text.lower())
    await call.hears(ask, within=20)
    return call


def test_a_name_that_is_said_rings_its_phone(house: House) -> None:
    said = speech.speak_mulaw("Alice", language="en-US", voice="Man")
    line = phone_of(house, "alice")

    async def play() -> None:
        async with (
            Phone(house.sip) as caller,
            Phone(house.sip, user=line["username"], on_call=answers()) as hers,
        ):
            assert (await hers.register(hers.user, line["password"])).code == 200
            call = await asked_for_a_name(house, caller)
            call.speak(said)
            rung = await hers.rung(within=20)
            await rung.acknowledged(within=20)
            rung.speak(said)
            await call.hears(said[2000:2480], within=20)  # a gap elsewhere is no matter here
            call.hang_up()

    asyncio.run(play())
