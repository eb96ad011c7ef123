"""The smallest web side that a gateway can stand before: one menu for every caller."""

from __future__ import annotations

import hashlib
import logging
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

PROMPT = random.Random(5).randbytes(80_000)  # 10 s of G.711; its sound does not matter
NAME = hashlib.sha256(PROMPT).hexdigest()


def application(base: str) -> web.Application:
    """Answers what a gateway asks of `base`: configuration, prompt, first document, status."""

    async def config(_: web.Request) -> web.Response:
        return web.json_response(
            {
                "trunks": [{"name": "local", "addresses": ["127.0.0.0/8"]}],
                "caps": {"calls": 100_000},
                "prompts": [NAME],
                "incoming": f"{base}/voice/incoming",
                "status_callback": f"{base}/voice/status",
                "account_sid": "AC" + "0" * 32,
            }
        )

    async def incoming(request: web.Request) -> web.Response:
        await request.post()
        play = f'<Play loop="0">{base}/voice/prompts/{NAME}</Play>'
        document = f'<Response><Gather timeout="3600" numDigits="1">{play}</Gather></Response>'
        return web.Response(text=document, content_type="text/xml")

    async def prompt(_: web.Request) -> web.Response:
        return web.Response(body=PROMPT, content_type="audio/basic")

    async def status(request: web.Request) -> web.Response:
        await request.post()
        return web.Response(status=204)

    stub = web.Application()
    stub.router.add_get("/voice/config", config)
    stub.router.add_post("/voice/incoming", incoming)
    stub.router.add_get(f"/voice/prompts/{NAME}", prompt)
    stub.router.add_post("/voice/status", status)
    return stub


@asynccontextmanager
async def web_side(host: str, port: int) -> AsyncIterator[None]:
    """Serves it as long as the block runs."""
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # a gateway that ends hangs up
    runner = web.AppRunner(application(f"http://{host}:{port}"), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    try:
        yield
    finally:
        await runner.cleanup()
