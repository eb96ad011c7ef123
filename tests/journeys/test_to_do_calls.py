"""A To Do rings a SIP phone of the demo, speaks its instructions, and knows how the call ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from deskbell import speech
from deskbell.voice.sounds import tone
from tests.house import House, running_house, until
from tests.on_call import Clerk, clerk, hears, sentence
from tests.phone import Phone
from tests.phone_incoming import Incoming

pytestmark = pytest.mark.journey
ALICE_BY_NUMBER = "+1 (212) 555-0143"
HELLO, WORDS = "This is Acme Dental.", "Please water the plants in the hall."
GREETING = "Hi, you have reached my voice mail. I am not here. Please speak after the tone."
BEEP = 1000  # Hz


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with running_house() as running:
        yield running


@pytest.fixture(scope="module")
def at_work(house: House) -> Iterator[Clerk]:
    with clerk(house) as working:
        yield working


@asynccontextmanager
async def alices_phone(house: House) -> AsyncIterator[Phone]:
    told = next(each for each in house.account["phones"] if each["extension"] == "101")
    async with Phone(house.sip, user=told["username"]) as phone:
        assert (await phone.register(phone.user, told["password"])).code == 200
        yield phone


async def rings(phone: Phone) -> Incoming:
    call = await phone.rung(within=40)
    call.ring()
    return call


def run_of(house: House, to_do: int) -> tuple[str, str]:
    """State and words of its only run, once that has ended."""

    def look() -> list[tuple[str, str]]:
        rows = house.rows(
            "SELECT state, answer, ended_at FROM todos_run WHERE to_do_id = %s", to_do
        )
        return [(row[0], row[1]) for row in rows if row[2]]

    [found] = until(look, 60, "the run has not ended")
    return str(found[0]), str(found[1])


def test_without_a_phone_it_fails_in_words(house: House, at_work: Clerk) -> None:
    to_do = at_work.to_do("w0411-alice", WORDS)
    state, answer = run_of(house, to_do)
    assert state == "failed"
    assert "not connected" in answer


def test_a_person_hears_it_and_hears_it_again(house: House, at_work: Clerk) -> None:
    async def act() -> None:
        async with alices_phone(house) as phone:
            to_do = await asyncio.to_thread(at_work.to_do, ALICE_BY_NUMBER, WORDS)
            call = await rings(phone)
            call.answer()
            call.speak(speech.speak_mulaw("Hello?"))
            await hears(house, call, HELLO)
            await hears(house, call, WORDS)
            before = len(call.heard())
            call.press("1")
            await hears(house, call, WORDS, after=before)
            await hears(house, call, "Goodbye.")
            assert await call.ended(within=30) == "system"
            found = await asyncio.to_thread(run_of, house, to_do)
            assert found == ("sent", "Answered by a person, and heard")

    asyncio.run(act())


def test_a_machine_keeps_it(house: House, at_work: Clerk) -> None:
    async def act() -> None:
        async with alices_phone(house) as phone:
            to_do = await asyncio.to_thread(at_work.to_do, ALICE_BY_NUMBER, WORDS)
            call = await rings(phone)
            call.answer()
            greeting = speech.speak_mulaw(GREETING, language="en-GB") + b"\xff" * 5600
            call.speak(greeting + tone(BEEP, 0.4))
            await hears(house, call, WORDS)
            assert await call.ended(within=30) == "system"
            assert call.heard().count(await sentence(house, WORDS)) == 1
            found = await asyncio.to_thread(run_of, house, to_do)
            assert found == ("sent", "Voicemail answered, and it was left there")

    asyncio.run(act())


@pytest.mark.parametrize(("code", "words"), [(486, "The line was busy"), (480, "Nobody answered")])
def test_nobody_takes_it(house: House, at_work: Clerk, code: int, words: str) -> None:
    async def act() -> None:
        async with alices_phone(house) as phone:
            to_do = await asyncio.to_thread(at_work.to_do, ALICE_BY_NUMBER, WORDS)
            call = await rings(phone)
            call.refuse(code)
            assert await asyncio.to_thread(run_of, house, to_do) == ("failed", words)

    asyncio.run(act())
