"""A message rings the SIP phone of whoever is on call, is spoken, and is answered by a key."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from deskbell import speech
from deskbell.voice.sounds import tone
from tests.house import House, running_house, text_of, until
from tests.on_call import Clerk, Person, at_phones, clerk, hears, sentence
from tests.phone import Phone
from tests.phone_incoming import Incoming

pytestmark = pytest.mark.journey
BEEP = 1000  # Hz
GREETING = (
    "Hi, you have reached the voice mail of the plumbers on Main Street. We are not here "
    "right now. Please leave a message after the tone, and we will call you back."
)
DEMO = "On call"


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with running_house() as running:
        yield running


@pytest.fixture(scope="module")
def at_work(house: House) -> Iterator[Clerk]:
    with clerk(house) as working:
        yield working


def phones(house: House) -> list[dict[str, Any]]:
    return list(house.account["phones"])


async def first_rung(open_phones: list[Phone]) -> Incoming:
    """The first call that comes to any of the phones."""
    waiting = {asyncio.create_task(each.rung(within=40)) for each in open_phones}
    done, others = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for each in others:
        each.cancel()
    return done.pop().result()


def deliveries(house: House, message: int) -> list[Any]:
    found = house.rows(
        "SELECT state, answer FROM delivery_delivery WHERE message_id = %s AND kind = 'call'"
        " ORDER BY id",
        message,
    )
    return [tuple(each) for each in found]


def message_row(house: House, message: int) -> tuple[str, str]:
    [row] = house.rows(
        "SELECT status, acknowledged_from FROM deskbell_messages_message WHERE id = %s", message
    )
    return row[0], row[1]


def taken_by(house: House, message: int) -> str:
    [row] = house.rows(
        "SELECT acknowledged_by FROM deskbell_messages_message WHERE id = %s", message
    )
    return str(row[0])


async def news(house: House, message: int, words: str) -> str:
    """What a delivery of the message says with these words in it, as soon as one does."""

    def look() -> list[str]:
        return [answer for _, answer in deliveries(house, message) if words in answer]

    return str((await asyncio.to_thread(until, look, 30, words))[0])


async def answered(phone: Phone) -> Incoming:
    """The next call that comes to the phone, picked up."""
    call = await phone.rung(within=40)
    call.ring()
    call.answer()
    return call


async def with_phones(house: House, act: Any) -> None:
    async with AsyncExitStack() as stack:
        opened = []
        for told in phones(house):
            phone = await stack.enter_async_context(Phone(house.sip, user=told["username"]))
            assert (await phone.register(phone.user, told["password"])).code == 200
            opened.append(phone)
        await act(opened)


def test_without_a_phone_the_call_is_no_failure(house: House, at_work: Clerk) -> None:
    message = at_work.message(DEMO, "The tap drips")
    [(state, answer)] = until(
        lambda: [each for each in deliveries(house, message)[:1] if each[1]], 30, "no delivery"
    )
    assert state == "unanswered"
    assert "not connected" in answer
    take_it(house, message)


def test_a_key_in_the_call_acknowledges_the_message(house: House, at_work: Clerk) -> None:
    async def act(opened: list[Phone]) -> None:
        message = await asyncio.to_thread(at_work.message, DEMO, "The tap drips")
        call = await first_rung(opened)
        call.ring()
        call.answer()
        await call.hears_more(16_000, within=30)
        call.press("1")
        await call.ended(within=30)
        assert await asyncio.to_thread(message_row, house, message) == ("acknowledged", "call")

    asyncio.run(with_phones(house, act))


def test_a_message_that_somebody_takes_meanwhile_stops_ringing(
    house: House, at_work: Clerk
) -> None:
    async def act(opened: list[Phone]) -> None:
        message = await asyncio.to_thread(at_work.message, DEMO, "The tap drips")
        call = await first_rung(opened)
        call.ring()
        await asyncio.to_thread(take_it, house, message)
        await call.ended(within=20)
        assert call.is_cancelled

    asyncio.run(with_phones(house, act))


def test_a_busy_phone_is_rung_again(house: House, at_work: Clerk) -> None:
    async def act(opened: list[Phone]) -> None:
        message = await asyncio.to_thread(at_work.message, DEMO, "The tap drips")
        call = await first_rung(opened)
        call.ring()
        call.refuse(486)
        found = await asyncio.to_thread(
            until,
            lambda: [each for each in deliveries(house, message) if "busy" in each[1]],
            20,
            "nobody says that it was busy",
        )
        assert found[0][0] == "retrying"

    asyncio.run(with_phones(house, act))


def take_it(house: House, message: int) -> None:
    """Somebody acknowledges the message by the link in its mail."""
    mails = until(lambda: house.inbox.about(message), 30, "no mail of the message")
    link = re.search(r"http://\S+/ack/\S+", text_of(mails[0]))
    assert link
    answer = httpx.post(link[0], data={"answer": "acknowledge"})
    assert answer.status_code in {200, 303}


def test_it_is_heard_again_and_passed_on_to_the_next_level(house: House, at_work: Clerk) -> None:
    alice, bob = Person("Alice", "pumps"), Person("Bob", "boss")
    at_work.level("Pumps", [alice], then=[bob])
    content = "The message: The pump leaks."

    async def act() -> None:
        async with at_phones(house, at_work, alice, bob) as (hers, his):
            message = at_work.message("Pumps", "The pump leaks")
            call = await answered(hers)
            call.speak(speech.speak_mulaw("Hello?"))
            await hears(house, call, "This is Acme Dental, with a message for Alice.")
            await hears(house, call, content)
            before = len(call.heard())
            call.press("2")
            await hears(house, call, content, after=before)
            call.press("3")
            other = await his.rung(within=30)
            answer = await news(house, message, "pressed 3")
            await hears(house, call, answer.partition(": ")[2])
            assert "After Pumps" in answer
            assert await call.ended(within=30) == "system"
            other.ring()
            other.answer()
            await hears(house, other, "This is Acme Dental, with a message for Bob.")
            other.press("1")
            await other.ended(within=30)
            assert message_row(house, message) == ("acknowledged", "call")
            assert taken_by(house, message) == "Bob"

    asyncio.run(act())


def test_machines_get_what_their_owners_allow(house: House, at_work: Clerk) -> None:
    allowed = ("complete", "callback", "beep_ours", "beep_caller")
    people = [Person("Alice", each.replace("_", "-"), each) for each in allowed]
    at_work.level("Voicemail", people)
    greeting = speech.speak_mulaw(GREETING, language="en-GB") + b"\xff" * 5600

    async def act() -> None:
        async with at_phones(house, at_work, *people) as phones:
            message = at_work.message("Voicemail", "The safe stands open")
            calls = await asyncio.gather(*(answered(each) for each in phones))
            for call in calls:
                call.speak(greeting + tone(BEEP, 0.4))
            complete, callback, ours, caller = calls
            private = "The message: The safe stands open."
            await hears(house, complete, private)
            await hears(house, callback, "A message waits for you.")
            await ours.hears_keys("12125550142#", within=30)
            await caller.hears_keys("12125550187#", within=30)
            for call in calls:
                assert await call.ended(within=30) == "system"
            spoken = await sentence(house, private)
            assert [spoken in call.heard() for call in calls] == [True, False, False, False]
            assert not any(call.rtp.keys for call in (complete, callback))
            found = deliveries(house, message)
            assert {state for state, _ in found} == {"delivered"}
            assert {answer for _, answer in found} == {
                "Voicemail answered and got the complete message",
                "Voicemail answered and was asked for a call back",
                "Our number was left as tones",
                "The caller's number was left as tones",
            }
            assert message_row(house, message)[0] != "acknowledged"

    asyncio.run(act())


def test_where_nobody_answers_the_level_rings_again(house: House, at_work: Clerk) -> None:
    alice = Person("Alice", "upstairs")
    at_work.level("Upstairs", [alice], repeat=1)

    async def act() -> None:
        async with at_phones(house, at_work, alice) as (hers,):
            message = at_work.message("Upstairs", "The roof leaks")
            first = await hers.rung(within=30)
            first.ring()
            first.refuse(480)
            again = await hers.rung(within=30)
            again.ring()
            again.answer()
            again.press("1")
            await again.ended(within=30)
            (state, answer), (other, _) = deliveries(house, message)
            assert (state, answer) == ("unanswered", "Nobody answered")
            assert other == "delivered"

    asyncio.run(act())


def test_two_press_1_at_once_and_one_of_them_has_it(house: House, at_work: Clerk) -> None:
    alice, bob = Person("Alice", "front"), Person("Bob", "back")
    at_work.level("Both", [alice, bob])

    async def act() -> None:
        async with at_phones(house, at_work, alice, bob) as phones:
            message = at_work.message("Both", "The gas smells", is_emergency=True)
            calls = await asyncio.gather(*(answered(each) for each in phones))
            for call, name in zip(calls, ("Alice", "Bob"), strict=True):
                await hears(house, call, f"This is Acme Dental, with a message for {name}.")
                first = (await sentence(house, "This is an emergency."))[:4000]
                second = await sentence(house, f"This is Acme Dental, with a message for {name}.")
                assert 0 <= call.heard().find(first) < call.heard().find(second)
            for call in calls:
                call.press("1")
            for call in calls:
                await call.ended(within=30)
            assert message_row(house, message) == ("acknowledged", "call")
            winner = taken_by(house, message)
            won, lost = calls if winner == "Alice" else calls[::-1]
            thanks = "Thank you. You take care of it, and nobody else is called."
            await hears(house, won, f"{winner} acknowledges it. {thanks}")
            await hears(house, lost, f"{winner} has it already.")
            assert [state for state, _ in deliveries(house, message)] == ["delivered"] * 2

    asyncio.run(act())
