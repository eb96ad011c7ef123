"""The smallest web side that a gateway can stand before: a menu, a call passed on, one recorded."""

from __future__ import annotations

import hashlib
import logging
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

PROMPT = random.Random(5).randbytes(80_000)  # 10 s of G.711; its sound does not matter
NAME = hashlib.sha256(PROMPT).hexdigest()


MENU, BRIDGED, RECORDED = "2025550100", "2025550101", "2025550102"
_CALLEE = "<Number>+12025550199</Number>"


def document(base: str, number: str) -> str:
    """What happens to calls for `number`."""
    if number == BRIDGED:
        return f"<Response><Dial>{_CALLEE}</Dial></Response>"
    if number == RECORDED:
        return f'<Response><Dial record="true">{_CALLEE}</Dial></Response>'
    play = f'<Play loop="0">{base}/voice/prompts/{NAME}</Play>'
    return f'<Response><Gather timeout="3600" numDigits="1">{play}</Gather></Response>'


def application(base: str, *, callee: int) -> web.Application:
    """Answers what a gateway asks of `base`: configuration, prompt, first document, status,
    recordings. Calls out go to the SIP port `callee`."""

    async def config(_: web.Request) -> web.Response:
        return web.json_response(
            {
                "trunks": [
                    {
                        "name": "local",
                        "addresses": ["127.0.0.0/8"],
                        "outgoing": f"127.0.0.1:{callee}",
                    }
                ],
                "limits": {"prefixes": ["+"], "calls_out": 100_000},
                "caps": {"calls": 100_000},
                "prompts": [NAME],
                "incoming": f"{base}/voice/incoming",
                "status_callback": f"{base}/voice/status",
                "account_sid": "AC" + "0" * 32,
            }
        )

    async def incoming(request: web.Request) -> web.Response:
        number = str((await request.post()).get("To", ""))
        return web.Response(text=document(base, number), content_type="text/xml")

    async def prompt(_: web.Request) -> web.Response:
        return web.Response(body=PROMPT, content_type="audio/basic")

    async def status(request: web.Request) -> web.Response:
        await request.post()
        return web.Response(status=204)

    async def recording(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=201)

    stub = web.Application(client_max_size=64 * 1024 * 1024)
    stub.router.add_get("/voice/config", config)
    stub.router.add_post("/voice/incoming", incoming)
    stub.router.add_get(f"/voice/prompts/{NAME}", prompt)
    stub.router.add_post("/voice/status", status)
    stub.router.add_put("/voice/recordings/{sid}", recording)
    return stub


@asynccontextmanager
async def web_side(host: str, port: int, *, callee: int = 5060) -> AsyncIterator[None]:
    """Serves it as long as the block runs."""
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # a gateway that ends hangs up
    runner = web.AppRunner(application(f"http://{host}:{port}", callee=callee), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    try:
        yield
    finally:
        await runner.cleanup()
