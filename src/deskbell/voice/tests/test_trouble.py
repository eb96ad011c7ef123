"""When things go wrong: the caller is told, the call goes on if it can, others notice nothing."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest
from aiohttp import web as http

from deskbell.voice.sounds import APOLOGY, HOLD
from deskbell.voice.tests.stage import (
    NUMBER,
    Asked,
    WebSide,
    free_port,
    response,
    spoken,
    staged,
    until,
)


def test_no_web_side_means_the_apology_and_a_bye(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path) as stage:
            await stage.web.stop()
            call = await stage.phone.call(NUMBER)
            assert call.status == 200
            await call.hears(spoken(APOLOGY))
            assert await call.ended() == "system"

    asyncio.run(play())


def test_a_web_side_that_comes_back_goes_on_with_the_call(tmp_path: Path) -> None:
    async def play() -> None:
        verbs = "<Say>Hello</Say><Redirect>/next</Redirect>"
        async with staged(tmp_path, verbs) as stage:
            stage.web.pages["/next"] = 502
            call = await stage.phone.call(NUMBER)
            await call.hears(spoken("Hello"))
            await call.hears(spoken(APOLOGY)[:4000])
            stage.web.pages["/next"] = response("<Say>Here again</Say>")
            await call.hears(spoken("Here again"))
            assert await call.ended() == "system"

    asyncio.run(play())


def test_a_slow_web_side_never_leaves_a_caller_in_silence(tmp_path: Path) -> None:
    async def slowly(_web: WebSide, _asked: Asked) -> http.Response:
        await asyncio.sleep(3)
        return http.Response(text=response("<Say>At last</Say>"), content_type="text/xml")

    async def play() -> None:
        async with staged(tmp_path, "<Say>Hello</Say><Redirect>/next</Redirect>") as stage:
            stage.web.pages["/next"] = slowly
            call = await stage.phone.call(NUMBER)
            await call.hears(spoken("At last"))
            heard = call.heard()
            assert spoken(HOLD) in heard
            assert b"\xff" * 8000 * 3 not in heard

    asyncio.run(play())


def test_documents_that_are_none_end_in_the_apology(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path) as stage:
            stage.web.pages["/voice/incoming"] = "<Response><Say>"
            call = await stage.phone.call(NUMBER)
            await call.hears(spoken(APOLOGY))
            assert await call.ended() == "system"

    asyncio.run(play())


@pytest.mark.parametrize(
    ("broken", "code"), [(502, "11200"), (404, "11200"), ("<Response><Say>", "12100")]
)
def test_a_fallback_is_asked_for_what_cannot_be_had(
    tmp_path: Path, broken: int | str, code: str
) -> None:
    async def play() -> None:
        web = WebSide(free_port())
        web.more["fallback"] = f"{web.url}/instead"
        async with staged(tmp_path, "<Redirect>/next</Redirect>", web=web) as stage:
            stage.web.pages["/next"] = broken
            stage.web.pages["/instead"] = response("<Say>Please call later</Say>")
            call = await stage.phone.call(NUMBER)
            await call.hears(spoken("Please call later"))
            asked = stage.web.of("/instead")[0]
            assert asked["ErrorCode"] == code
            assert asked["ErrorUrl"] == f"{web.url}/next"
            assert asked["CallStatus"] in {"ringing", "in-progress"}
            assert await call.ended() == "system"
            assert spoken(APOLOGY)[:1600] not in call.heard()

    asyncio.run(play())


def test_without_a_good_fallback_the_apology_is_heard(tmp_path: Path) -> None:
    async def play() -> None:
        web = WebSide(free_port())
        web.more["fallback"] = f"{web.url}/instead"
        async with staged(tmp_path, web=web) as stage:
            stage.web.pages["/voice/incoming"] = 502
            stage.web.pages["/instead"] = 500
            call = await stage.phone.call(NUMBER)
            await call.hears(spoken(APOLOGY))
            assert await call.ended() == "system"

    asyncio.run(play())


def test_documents_that_lead_in_a_circle_end(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, "<Redirect>/voice/incoming</Redirect>") as stage:
            call = await stage.phone.call(NUMBER)
            assert await call.ended() == "system"
            assert len(stage.web.of("/voice/incoming")) <= 60

    asyncio.run(play())


def test_a_prompt_that_cannot_be_had_is_passed_over(tmp_path: Path) -> None:
    async def play() -> None:
        verbs = f"<Play>/voice/prompts/{'0' * 64}</Play><Play>/no.wav</Play><Say>Still here</Say>"
        async with staged(tmp_path, verbs) as stage:
            call = await stage.phone.call(NUMBER)
            await call.hears(spoken("Still here"))
            assert await call.ended() == "system"

    asyncio.run(play())


def test_a_fault_in_one_call_is_heard_in_no_other(tmp_path: Path) -> None:
    def speak(text: str, *, language: str, voice: str) -> bytes:
        if text == "Fault":
            raise RuntimeError("a fault of ours")
        return spoken(text)

    async def play() -> None:
        async def by_number(_web: WebSide, asked: Asked) -> http.Response:
            text = "Fault" if asked.fields["To"] == "666" else "Music"
            return http.Response(
                text=response(f'<Say loop="0">{text}</Say>'), content_type="text/xml"
            )

        async with staged(tmp_path, speak=speak) as stage:
            stage.web.pages["/voice/incoming"] = by_number
            good = await stage.phone.call(NUMBER)
            await good.hears(spoken("Music"))
            bad = await stage.phone.call("666")
            await bad.hears(spoken(APOLOGY))
            assert await bad.ended() == "system"
            await good.hears_more(8000)
            assert good.hung_up_by == ""
            good.hang_up()

    asyncio.run(play())


def test_malformed_sip_is_dropped_and_counted(tmp_path: Path) -> None:
    async def play() -> None:
        noise = random.Random(4475)
        async with staged(tmp_path, "<Say>Hello</Say>") as stage:
            answer = await stage.phone.options()
            assert answer.code == 200
            assert "INVITE" in answer.headers["allow"][0]
            torture = [
                b"\r\n\r\n",
                b"INVITE",
                b"INVITE sip:a SIP/2.0\r\n\r\n",
                b"SIP/2.0 abc\r\n\r\n",
                b"BYE sip:a SIP/2.0\r\nVia: \r\nFrom: x\r\nTo: y\r\nCall-ID: z\r\nCSeq: q\r\n\r\n",
                b"REGISTER sip:a SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=\xff\r\n\r\n",
                *(noise.randbytes(noise.randrange(1, 900)) for _ in range(200)),
            ]
            for message in torture:
                stage.phone.send(message)
                await asyncio.sleep(0)
            call = await stage.phone.call(NUMBER)
            await call.hears(spoken("Hello"))
            assert stage.health["sip_dropped"] >= 200

    asyncio.run(play())


def test_a_phone_that_never_acknowledges(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, '<Say loop="0">Music</Say>') as stage:
            stage.phone.is_deaf = True
            call = await stage.phone.call(NUMBER)
            await until(lambda: call.responses.count(200) > 1)
            stage.phone.is_deaf = False
            call.invite_again()
            await call.hears(spoken("Music"))
            call.hang_up()
            assert (await stage.web.gets("/voice/status"))["HangupBy"] == "caller"

    asyncio.run(play())


def test_a_line_gone_silent_is_hung_up(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, '<Say loop="0">Music</Say>', media_timeout=0.5) as stage:
            call = await stage.phone.call(NUMBER)
            await call.hears(spoken("Music"))
            call.rtp.is_muted = True
            assert await call.ended() == "system"
            assert (await stage.web.gets("/voice/status"))["HangupBy"] == "system"

    asyncio.run(play())


def test_nobody_else_on_the_machine_reads_what_callers_say(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, "<Hangup/>") as stage:
            folder = stage.environment.data_dir / "voice"
            assert folder.stat().st_mode & 0o077 == 0

    asyncio.run(play())
