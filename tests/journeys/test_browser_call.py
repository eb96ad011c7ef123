"""A browser calls by SIP over WebSocket, through Kamailio and rtpengine; both sides are heard."""

from __future__ import annotations

import asyncio
import hashlib
import socket
from pathlib import Path

import pytest
from aiohttp.web import Response
from playwright.async_api import async_playwright

from deskbell.voice.sounds import tone
from deskbell.voice.tests.stage import WebSide, free_port, response, until
from tests.baresip import tone_share
from tests.browser import CHROMIUM
from tests.journeys.test_kamailio import NUMBER, gateways
from tests.kamailio import Front, needs_kamailio, needs_rtpengine, rtpengine

pytestmark = [pytest.mark.journey, needs_kamailio, needs_rtpengine]
PHONE = (Path(__file__).parent / "browser_phone.js").read_text().partition("async (")


def own_address() -> str:
    """An address of this machine that is not loopback, which browsers leave out of ICE."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asks:
        try:
            asks.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no network, and browsers call by no other address")
        return str(asks.getsockname()[0])


def test_a_browser_calls_and_is_heard(tmp_path: Path) -> None:
    async def play() -> None:
        host = own_address()
        web = WebSide(free_port())
        web.trunks.append(host)
        clip = tone(500, 6.0)
        name = hashlib.sha256(clip).hexdigest()
        web.prompts[name] = clip
        record = '<Record maxLength="3" playBeep="false" action="/said"/>'
        web.pages["/voice/incoming"] = response(
            f"<Play>{web.url}/voice/prompts/{name}</Play>", record
        )
        web.pages["/said"] = response("<Hangup/>")
        front = Front(tmp_path / "kamailio", host=host)
        async with (
            gateways(tmp_path, web, 1, host=host) as made,
            rtpengine(tmp_path / "rtpengine", host=host) as relay,
        ):
            front.gateways = [made[0].sip]
            front.takes_tls(relay)
            web.pages["/page"] = Response(text="<title>A page</title>", content_type="text/html")
            async with front.running(), async_playwright() as playwright:
                browser = await playwright.chromium.launch(
                    executable_path=CHROMIUM,
                    args=[
                        *("--no-sandbox", "--disable-dev-shm-usage"),
                        *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
                        "--autoplay-policy=no-user-gesture-required",
                    ],
                )
                context = await browser.new_context(
                    ignore_https_errors=True, permissions=["microphone"]
                )
                tab = await context.new_page()
                await tab.goto(f"{web.url}/page")
                heard = await tab.evaluate(
                    "".join(PHONE[1:]).rstrip().rstrip(";"),
                    {
                        "url": f"wss://{front.tls}",
                        "host": str(front.sip),
                        "number": NUMBER,
                        "listenMs": 3000,
                    },
                )
                assert heard["status"] == 200, front.said[-4000:]
                assert abs(heard["hertz"] - 500) < 20, heard
                await until(lambda: bool(web.recordings), within=30)
                await browser.close()
            [recording] = web.recordings.values()
            assert tone_share(recording[44:], 700) > 0.5

    asyncio.run(play())
