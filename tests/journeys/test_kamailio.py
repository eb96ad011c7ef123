"""Many gateways behind one address, as docs/how-to/run-many-gateways.md promises."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deskbell.voice.tests.stage import WebSide, free_port, response, until
from tests import sipp
from tests.kamailio import Front, GatewayProcess, needs_kamailio

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240), needs_kamailio]

NUMBER = "12125550100"


@asynccontextmanager
async def gateways(folder: Path, web: WebSide, count: int) -> AsyncIterator[list[GatewayProcess]]:
    """Gateway processes that are ready; all are stopped in the end."""
    await web.start()
    made: list[GatewayProcess] = []
    try:
        for number in range(count):
            first = 36_000 + 400 * number
            made.append(
                GatewayProcess(folder / f"gateway-{number}", web.port, f"{first}-{first + 399}")
            )
        for each in made:
            await each.until(each.is_ready, within=60)
        yield made
    finally:
        for each in made:
            if each.process.poll() is None:
                each.stop()
        await web.stop()


async def shares(both: list[GatewayProcess]) -> list[int]:
    """How many calls each gateway has now."""
    return [int(str((await each.health())["calls"])) for each in both]


def test_a_killed_gateway_ends_its_own_calls_and_no_new_one_is_refused(tmp_path: Path) -> None:
    async def play() -> None:
        web = WebSide(free_port())
        _, url = web.add_prompt("news", 6.0)
        web.pages["/voice/incoming"] = response(f"<Play>{url}</Play>", "<Hangup/>")
        async with gateways(tmp_path, web, 2) as both:
            sips = [each.sip for each in both]
            async with Front(tmp_path / "kamailio", sips).running() as front:
                callers = await sipp.call(
                    tmp_path / "sipp", front.sip, NUMBER, calls=40, per_second=2, seconds=90
                )
                try:
                    await until(lambda: len(web.of("/voice/incoming")) >= 12, within=20)
                    before = await shares(both)
                    assert all(before), f"one gateway has no call: {before}"
                    both[0].kill()
                    assert await callers.done(within=100) == "", front.said[-4000:]
                finally:
                    await callers.stop()
                statuses = Counter(form["CallStatus"] for form in web.of("/voice/status"))
                assert statuses == {"completed": 40 - before[0]}, statuses

    asyncio.run(play())
