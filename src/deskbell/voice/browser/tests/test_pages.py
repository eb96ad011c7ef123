"""Calls from a page: heard, pressed, recorded and ended like those of a telephone."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("aiortc", reason="requirements/browser.txt is not installed")

from deskbell.voice.browser import phones
from deskbell.voice.tests.stage import Asked, noise, spoken, staged, until
from deskbell.voice.tests.stage import response as document

from .page import paged

GATHER = '<Gather action="/next" timeout="5" numDigits="1"><Say>press one</Say></Gather>'


def run(work: Any) -> None:
    asyncio.run(work)


def test_a_page_hears_the_menu_and_presses_a_key(tmp_path: Path) -> None:
    async def story() -> None:
        async with staged(tmp_path, GATHER) as stage, paged(stage) as page:
            stage.web.pages["/next"] = document("<Say>second menu</Say>")
            assert await page.call() == 200
            await page.hears(spoken("press one"))
            page.send({"press": "1"})
            await page.hears(spoken("second menu"))
            await page.until("ended")
            first, second = (
                next(each for each in stage.web.asked if each.path == path)
                for path in ("/voice/incoming", "/next")
            )
            assert first.fields["From"] == "client:alice"
            assert second.fields["Digits"] == "1"
            assert page.events[:1] == ["answered"] or page.events[:2] == ["ringing", "answered"]
            await until(lambda: not len(stage.gateway.pages))

    run(story())


def test_what_a_page_says_is_recorded(tmp_path: Path) -> None:
    said = noise("somebody at a desk", 1.5)

    async def story() -> None:
        record = '<Record action="/recorded" playBeep="false" timeout="2"/>'
        async with staged(tmp_path, record) as stage, paged(stage) as page:
            stage.web.pages["/recorded"] = document("<Hangup/>")
            await page.call()
            await page.until("answered")
            page.microphone.says = said
            await page.until("ended", within=15)
            await until(lambda: bool(stage.web.recordings))
            [audio] = stage.web.recordings.values()
            assert len(audio) > 44 + 2 * 8000

    run(story())


def test_a_page_hangs_up(tmp_path: Path) -> None:
    async def story() -> None:
        async with staged(tmp_path, '<Pause length="60"/>', GATHER) as stage, paged(stage) as page:
            stage.web.pages["/voice/incoming"] = document(
                "<Say>hello</Say>", '<Pause length="60"/>'
            )
            await page.call()
            await page.hears(spoken("hello"))
            page.send({"hang_up": True})
            ended = await _status(stage.web.asked)
            assert (ended.fields["CallStatus"], ended.fields["HangupBy"]) == ("completed", "caller")

    run(story())


def test_a_page_that_is_closed_ends_its_call(tmp_path: Path) -> None:
    async def story() -> None:
        pages = ("<Say>hello</Say>", '<Pause length="60"/>')
        async with staged(tmp_path, *pages) as stage, paged(stage) as page:
            await page.call()
            await page.hears(spoken("hello"))
            await page.close()
            assert (await _status(stage.web.asked)).fields["HangupBy"] == "caller"

    run(story())


def test_one_account_s_pages_do_not_take_what_others_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phones, "MOST_OF_ACCOUNT", 1)

    async def story() -> None:
        pages = ("<Say>hello</Say>", '<Pause length="60"/>')
        async with staged(tmp_path, *pages) as stage, paged(stage) as page:
            assert await page.call() == 200
            async with paged(stage) as another:
                assert await another.call() == 400
            await page.hears(spoken("hello"))
            await page.close()
            await until(lambda: not len(stage.gateway.pages))
            async with paged(stage) as later:
                assert await later.call() == 200

    run(story())


def test_a_number_that_nobody_has_is_refused(tmp_path: Path) -> None:
    async def story() -> None:
        async with staged(tmp_path) as stage, paged(stage) as page:
            stage.web.pages["/voice/incoming"] = 404
            assert await page.call() == 200
            await page.until("refused")
            await until(lambda: not len(stage.gateway.pages))

    run(story())


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "sdp is a text"),
        ({"sdp": 5, "to": "1", "from": "a"}, "sdp is a text"),
        ({"sdp": "x" * 50_000, "to": "1", "from": "a"}, "sdp is a text"),
        ({"sdp": "v=0", "from": "a"}, "to is a text"),
        ({"sdp": "nonsense", "to": "1", "from": "a"}, "the offer"),
        (
            {"sdp": "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n", "to": "1", "from": "a"},
            "offer",
        ),
    ],
)
def test_a_bad_offer_is_refused_in_words(
    tmp_path: Path, fields: dict[str, Any], words: str
) -> None:
    async def story() -> None:
        async with staged(tmp_path) as stage, paged(stage) as page:
            status, found = await page.post(fields)
            assert status == 400
            assert words in found["error"]
            assert not len(stage.gateway.pages)

    run(story())


def test_only_who_has_the_secret_may_ask_for_a_page(tmp_path: Path) -> None:
    async def story() -> None:
        async with staged(tmp_path) as stage, paged(stage) as page:
            status, _ = await page.post({"sdp": "v=0", "to": "1", "from": "a"}, secret="guessed")
            assert status == 403

    run(story())


def test_a_page_may_send_nonsense(tmp_path: Path) -> None:
    async def story() -> None:
        async with staged(tmp_path, GATHER) as stage, paged(stage) as page:
            stage.web.pages["/next"] = document("<Say>second menu</Say>")
            await page.call()
            await page.hears(spoken("press one"))
            for message in ("", "{", "[]", '{"press": 7}', '{"press": "77"}', '{"press": "x"}'):
                page.send(message)
            page.send({"press": "2"})
            await page.hears(spoken("second menu"))

    run(story())


async def _status(asked: list[Asked]) -> Asked:
    await until(lambda: any(each.path == "/voice/status" for each in asked), within=10)
    return next(each for each in asked if each.path == "/voice/status")
