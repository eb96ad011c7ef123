"""A gateway that is about to stop: no call is cut, no new one begins, and it says so."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest
from twilio.base.exceptions import TwilioRestException

from deskbell.foundation.errors import Refused, Unreachable
from deskbell.voice import client
from deskbell.voice.tests.rest import CALLEE, Twilio
from deskbell.voice.tests.stage import (
    NUMBER,
    SECRET,
    WebSide,
    free_port,
    response,
    settings,
    staged,
)
from deskbell.voice.tests.test_program import program
from tests.patience import patience
from tests.phone import Phone


def test_a_gateway_that_drains_says_so_and_takes_no_calls(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, '<Say loop="0">Music</Say>') as stage:
            url = stage.environment.voice_url
            call = await stage.phone.call(NUMBER)
            with pytest.raises(Refused):
                await asyncio.to_thread(client.drain, url, "wrong")
            assert not stage.health["draining"]
            await asyncio.to_thread(client.drain, url, SECRET)
            health = await asyncio.to_thread(client.health, url)
            assert (health["draining"], health["ready"], health["calls"]) == (True, False, 1)
            assert (await stage.phone.call(NUMBER)).status == 503
            assert (await stage.phone.options()).code == 503
            with pytest.raises(TwilioRestException) as refused:
                await Twilio(stage).call(to=CALLEE, from_=NUMBER, twiml=response("<Hangup/>"))
            assert (refused.value.status, refused.value.code) == (503, 20503)
            await call.hears_more(8000)
            assert not call.is_over
            call.hang_up()
            assert await stage.gateway.drained(within=5)

    asyncio.run(play())


@pytest.mark.parametrize("is_hurried", [False, True])
def test_sigterm_waits_for_calls_and_a_second_does_not(tmp_path: Path, is_hurried: bool) -> None:
    async def play() -> None:
        web = WebSide(free_port())
        clip, url = web.add_prompt("music", 0.5)
        web.pages["/voice/incoming"] = response(f'<Play loop="0">{url}</Play>')
        await web.start()
        environment = settings(tmp_path, web.port)
        more = {"DESKBELL_DRAIN_SECONDS": "60"}
        async with program(environment, **more) as process, Phone(environment.sip) as phone:
            call = await phone.call(NUMBER)
            await call.hears(clip)
            process.send_signal(signal.SIGTERM)
            async with patience(5):
                while not (await _health(environment.voice_url)).get("draining"):  # noqa: ASYNC110 another process
                    await asyncio.sleep(0.02)
            assert (await phone.call(NUMBER)).status == 503
            await call.hears_more(8000)
            assert process.returncode is None
            if is_hurried:
                process.send_signal(signal.SIGTERM)
                assert await call.ended(within=5) == "system"
            else:
                call.hang_up()
            async with patience(8):
                assert await process.wait() == 0
            assert (await web.gets("/voice/status"))["CallStatus"] == "completed"
        await web.stop()

    asyncio.run(play())


async def _health(url: str) -> dict[str, object]:
    try:
        return await asyncio.to_thread(client.health, url)
    except Unreachable:
        return {}
