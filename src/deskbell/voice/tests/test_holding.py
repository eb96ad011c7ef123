"""Hold, Resume and Refer as the other phone sees them, and keys that are sent by Play."""

from __future__ import annotations

import asyncio
from pathlib import Path

from deskbell.voice.tests.stage import NUMBER, response, spoken, staged, until


def test_a_caller_is_put_on_hold_hears_music_and_is_taken_back(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, '<Hold action="/held"/>') as stage:
            stage.web.pages |= {
                "/held": response("<Say>Music</Say>", '<Resume action="/back"/>'),
                "/back": response("<Say>Hello again</Say>"),
            }
            call = await stage.phone.call(NUMBER)
            held = await stage.web.gets("/held")
            assert (held["HoldStatus"], held["HoldSipResponseCode"]) == ("held", "200")
            await call.gets_offer("sendonly")
            back = await stage.web.gets("/back")
            assert (back["ResumeStatus"], back["ResumeSipResponseCode"]) == ("resumed", "200")
            await call.gets_offer("sendrecv")
            await call.hears(spoken("Hello again"))
            assert spoken("Music") in call.heard()
            await call.ended()

    asyncio.run(play())


def test_a_resume_without_a_hold_is_passed_over(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, '<Resume action="/back"/><Say>Next verb</Say>') as stage:
            call = await stage.phone.call(NUMBER)
            await call.hears(spoken("Next verb"))
            await call.ended()
            assert stage.web.of("/back") == []

    asyncio.run(play())


def test_keys_are_sent_to_the_caller(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, '<Play digits="1w2#"/><Say>Done</Say>') as stage:
            call = await stage.phone.call(NUMBER)
            await call.hears(spoken("Done"))
            await call.hears_keys("12#")
            await call.ended()

    asyncio.run(play())


REFER = '<Refer action="/gone"><Sip>sip:bob@example.com</Sip></Refer>'


def test_a_caller_is_referred_to_somebody_else(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, REFER) as stage:
            stage.web.pages["/gone"] = response("<Hangup/>")
            call = await stage.phone.call(NUMBER)
            await until(lambda: call.referred == ["sip:bob@example.com"])
            await call.send(
                "NOTIFY",
                body="SIP/2.0 200 OK",
                kind="message/sipfrag",
                extra=("Event: refer", "Subscription-State: terminated;reason=noresource"),
            )
            told = await stage.web.gets("/gone")
            assert told["ReferCallStatus"] == "completed"
            assert told["ReferSipResponseCode"] == "202"
            assert told["NotifySipResponseCode"] == "200"
            await call.ended()

    asyncio.run(play())


def test_a_phone_that_refuses_to_be_referred(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, f"<Say>One moment</Say>{REFER}") as stage:
            stage.web.pages["/gone"] = response("<Say>It did not work</Say>")
            call = await stage.phone.call(NUMBER)
            call.refer_code = 603
            await call.hears(spoken("It did not work"))
            told = stage.web.of("/gone")[0]
            assert (told["ReferCallStatus"], told["ReferSipResponseCode"]) == ("failed", "603")
            await call.ended()

    asyncio.run(play())


def test_a_phone_that_takes_no_new_offer_is_not_on_hold(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, '<Say>One moment</Say><Hold action="/held"/>') as stage:
            stage.web.pages["/held"] = response("<Hangup/>")
            call = await stage.phone.call(NUMBER)
            call.offer_code = 488
            told = await stage.web.gets("/held")
            assert (told["HoldStatus"], told["HoldSipResponseCode"]) == ("failed", "488")
            await call.ended()

    asyncio.run(play())
