"""A gateway that stops while calls of every kind run: all end, politely and soon."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from aiohttp import web as http

from deskbell.voice.tests.callees import dial_staged, talk
from deskbell.voice.tests.rest import Twilio
from deskbell.voice.tests.stage import Asked, WebSide, noise, response, until


def test_calls_of_every_kind_end_with_the_gateway(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {}, {}, {}) as stage:
            bridged, ringing, asked_for = stage.phones
            is_over = asyncio.Event()
            found = {
                "bridged": f'<Dial action="/dialled" record="true">{stage.sip(0)}</Dial>',
                "ringing": f"<Dial>{stage.sip(1)}</Dial>",
                "conference": "<Dial><Conference>room</Conference></Dial>",
                "recording": '<Record action="/recorded" timeout="30"/>',
                "hanging": "<Redirect>/hangs</Redirect>",
            }

            async def incoming(_web: WebSide, asked: Asked) -> http.Response:
                text = response(found[asked.fields["To"]])
                return http.Response(text=text, content_type="text/xml")

            async def hangs(_web: WebSide, _asked: Asked) -> http.Response:
                await is_over.wait()
                return http.Response(status=500)

            stage.web.pages |= {"/voice/incoming": incoming, "/hangs": hangs, "/recorded": 204}
            calls = {number: await stage.caller.start(number) for number in found}
            called = [await phone.rung() for phone in (bridged, ringing)]
            called[0].answer()
            called[1].ring()
            await calls["recording"].answered()
            await talk(calls["bridged"], called[0])
            calls["recording"].speak(noise("a message", 1.0))
            await calls["recording"].spoken()
            await Twilio(stage.stage).call(
                to=asked_for.address, from_="+12125550111", twiml=response("<Say>Hello</Say>")
            )
            called.append(await asked_for.rung())
            called[2].ring()
            await until(lambda: stage.stage.health["calls"] == len(found) + 3)
            began = time.monotonic()
            await stage.stage.gateway.stop()
            took = time.monotonic() - began
            is_over.set()
            assert took < 5
            for each in (*called, *calls.values()):
                await each.ended(within=1)
            assert all(each.is_cancelled for each in called[1:])
            assert stage.web.of("/recorded")
            assert (stage.web.of("/dialled"))[0]["DialCallStatus"] == "completed"
            assert len(stage.web.recordings) == 2

    asyncio.run(play())
