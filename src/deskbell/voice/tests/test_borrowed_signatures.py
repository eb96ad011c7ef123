"""Whom a document names gets signed requests, and cannot bring a signature to a gateway's doors."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from aiohttp import web

from deskbell.foundation.signing import HEADER, sign
from deskbell.voice.tests.stage import ACCOUNT, NUMBER, SECRET, response, staged

FIELDS = {"From": NUMBER, "To": "+12125550142", "Url": "http://thief.example/"}
REST = f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json"


def _moved(to: str) -> web.Response:
    return web.Response(status=307, headers={"Location": to})


@pytest.mark.parametrize(
    "door",
    [REST + "".join(name + value for name, value in sorted(FIELDS.items())), "/drain", "/reload"],
)
def test_a_host_has_nothing_signed_that_a_gateway_would_take(tmp_path: Path, door: str) -> None:
    async def play() -> None:
        document = ("<Play>/music.wav</Play>", "<Redirect>/next</Redirect>")
        async with staged(tmp_path, *document) as stage:
            stage.web.pages["/music.wav"] = _moved(door)
            stage.web.pages["/next"] = _moved(f"{stage.environment.voice_url}{door}")
            call = await stage.phone.call(NUMBER)
            await stage.web.gets("/next")
            await call.hears_more(1600)  # the apology: nothing else is asked for
            call.hang_up()
            await stage.web.gets("/voice/status")
            paths = [asked.path for asked in stage.web.asked]
            assert "/music.wav" in paths
            assert "/next" in paths
            assert not [path for path in paths if path.startswith(door[:5])]
            assert not stage.health["draining"]

    asyncio.run(play())


def test_a_path_cannot_stand_in_the_host(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, response("<Hangup/>")) as stage:
            host = "thief.example/evil"
            headers = {"Host": host, HEADER: sign(SECRET, f"http://{host}{REST}", FIELDS)}
            url = f"{stage.environment.voice_url}{REST}"
            request = Request(url, urlencode(FIELDS).encode(), headers)
            with pytest.raises(HTTPError, match="400"):
                await asyncio.to_thread(urlopen, request, timeout=5)
            assert stage.health["calls"] == 0

    asyncio.run(play())
