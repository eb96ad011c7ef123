"""Many gateways behind one address, as docs/how-to/run-many-gateways.md promises."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp.web import Response

from deskbell.voice.media.g711 import linear_of_mulaw
from deskbell.voice.signalling.digest import ha1_of
from deskbell.voice.sounds import tone
from deskbell.voice.tests.stage import ACCOUNT, Asked, WebSide, free_port, response, until
from tests import sipp
from tests.baresip import account, baresip, needs_baresip, tone_share
from tests.kamailio import Front, GatewayProcess, needs_kamailio, needs_rtpengine, rtpengine
from tests.phone import Phone
from tests.running import rtp_range

pytestmark = [pytest.mark.journey, needs_kamailio]

NUMBER = "12125550100"
REALM = "deskbell.example"


@asynccontextmanager
async def gateways(
    folder: Path, web: WebSide, count: int, **variables: str
) -> AsyncIterator[list[GatewayProcess]]:
    """Gateway processes that are ready; all are stopped in the end."""
    await web.start()
    made: list[GatewayProcess] = []
    try:
        for number in range(count):
            home = folder / f"gateway-{number}"
            made.append(GatewayProcess(home, web.port, rtp_range(400), **variables))
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
            async with Front(tmp_path / "kamailio", gateways=sips).running() as front:
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


def test_a_gateway_that_drains_cuts_no_call_and_new_ones_go_elsewhere(tmp_path: Path) -> None:
    async def play() -> None:
        web = WebSide(free_port())
        _, url = web.add_prompt("news", 6.0)
        web.pages["/voice/incoming"] = response(f"<Play>{url}</Play>", "<Hangup/>")
        async with gateways(tmp_path, web, 2, DESKBELL_DRAIN_SECONDS="60") as both:
            front = Front(tmp_path / "kamailio", gateways=[each.sip for each in both])
            async with front.running():
                callers = await sipp.call(
                    tmp_path / "sipp", front.sip, NUMBER, calls=30, per_second=2, seconds=60
                )
                try:
                    await until(lambda: len(web.of("/voice/incoming")) >= 12, within=20)
                    assert all(await shares(both))
                    both[0].ask_to_stop()
                    assert await callers.done(within=70) == "", front.said[-4000:]
                finally:
                    await callers.stop()
                assert await asyncio.to_thread(both[0].process.wait, 20) == 0
                assert await front.well() == [f"sip:{both[1].sip}"]
                reports = web.of("/voice/status")
                assert Counter(form["CallStatus"] for form in reports) == {"completed": 30}
                assert min(int(form["CallDuration"]) for form in reports) >= 6

    asyncio.run(play())


def phones(*names: str) -> list[dict[str, Any]]:
    """Phones as the configuration has them; each one's password is its name, twice."""
    return [
        {
            "username": name,
            "name": name,
            "account": ACCOUNT,
            "ha1": dict(ha1_of(name, REALM, name * 2)),
            "numbers": [],
        }
        for name in names
    ]


@needs_baresip
def test_a_phone_registers_through_kamailio_and_is_reached_from_any_gateway(
    tmp_path: Path,
) -> None:
    async def play() -> None:
        web = WebSide(free_port())
        web.pages["/voice/incoming"] = response("<Dial><Client>alice</Client></Dial>", "<Hangup/>")
        front = Front(tmp_path / "kamailio")
        web.more = {"realm": REALM, "phones": phones("alice"), "proxy": str(front.sip)}
        async with gateways(tmp_path, web, 2) as both:
            front.gateways = [each.sip for each in both]
            line = account("alice", REALM, "alice" * 2, proxy=front.sip)
            async with front.running(), baresip(tmp_path / "alice", line, hertz=700) as alice:
                await front.finds("alice")
                for gateway in both:
                    alice.events.clear()
                    async with Phone(gateway.sip) as phone:
                        call = await phone.call(NUMBER)
                        assert call.status == 200
                        await alice.sees("CALL_ESTABLISHED")
                        call.speak(tone(1000, 2.0))
                        await call.spoken()
                        call.hang_up()
                        heard = linear_of_mulaw(call.heard()).tobytes()
                    await alice.sees("CALL_CLOSED")
                    assert tone_share(heard, 700) > 0.8
                    assert tone_share(alice.heard, 1000) > 0.5

    asyncio.run(play())


@needs_baresip
@needs_rtpengine
def test_a_phone_with_tls_and_srtp_calls_and_is_called_with_audio_both_ways(
    tmp_path: Path,
) -> None:
    async def play() -> None:
        web = WebSide(free_port())
        clip = tone(500, 4.0)
        name = hashlib.sha256(clip).hexdigest()
        web.prompts[name] = clip
        web.pages["/said"] = response("<Hangup/>")
        record = '<Record maxLength="3" playBeep="false" action="/said"/>'
        talk = response(f"<Play>{web.url}/voice/prompts/{name}</Play>", record)

        async def lead(_web: WebSide, asked: Asked) -> Response:
            """Alice hears a tone and is recorded; whoever calls 100 reaches her."""
            dials = response("<Dial><Client>alice</Client></Dial>")
            return Response(
                text=dials if asked.fields["To"] == "100" else talk, content_type="text/xml"
            )

        web.pages["/voice/incoming"] = lead
        front = Front(tmp_path / "kamailio")
        web.more = {"realm": REALM, "phones": phones("alice"), "proxy": str(front.sip)}
        async with gateways(tmp_path, web, 1) as made, rtpengine(tmp_path / "rtpengine") as relay:
            front.gateways = [made[0].sip]
            front.takes_tls(relay)
            line = account(
                "alice", REALM, "alice" * 2, proxy=front.tls, transport="tls", mediaenc="srtp-mand"
            )
            async with (
                front.running(),
                baresip(tmp_path / "alice", line, hertz=700, modules=["srtp"]) as alice,
            ):
                await front.finds("alice")
                alice.do("dial", f"sip:{NUMBER}@{REALM}")
                await alice.sees("CALL_CLOSED", within=40)
                [recording] = web.recordings.values()
                assert tone_share(alice.heard, 500) > 0.5
                assert tone_share(recording[44:], 700) > 0.8

                alice.events.clear()
                async with Phone(made[0].sip) as phone:
                    call = await phone.call("100")
                    call.speak(tone(1000, 2.0))
                    await call.spoken()
                    call.hang_up()
                    heard = linear_of_mulaw(call.heard()).tobytes()
                await alice.sees("CALL_CLOSED")
                assert tone_share(heard, 700) > 0.8
                assert tone_share(alice.heard, 1000) > 0.5

    asyncio.run(play())
