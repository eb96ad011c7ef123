"""A web application for a Deskbell gateway: a menu, and messages that land here as WAV files.

use-the-gateway-alone.md, beside this file, says how to run it.
"""

import asyncio
import sys
import time
from pathlib import Path

from aiohttp import web

URL = f"http://127.0.0.1:{sys.argv[1]}"
CONFIGURATION = {
    "trunks": [{"name": "here", "addresses": ["127.0.0.0/8"]}],
    "caps": {"calls": 20},
    "incoming": f"{URL}/menu",
    "account_sid": "AC" + "0" * 32,
}
MENU = """<Gather numDigits="1" action="/pressed">
    <Say>Welcome. Press 1 for the time, or 2 to leave a message.</Say>
  </Gather>
  <Redirect>/menu</Redirect>"""


def rcml(verbs: str) -> web.Response:
    return web.Response(text=f"<Response>{verbs}</Response>", content_type="text/xml")


async def configuration(_request: web.Request) -> web.Response:
    return web.json_response(CONFIGURATION)


async def menu(_request: web.Request) -> web.Response:
    return rcml(MENU)


async def pressed(request: web.Request) -> web.Response:
    if (await request.post())["Digits"] == "2":
        return rcml('<Say>Speak now, then press pound.</Say><Record action="/thanks"/>')
    return rcml(f"<Say>It is {time.strftime('%H:%M')}.</Say><Redirect>/menu</Redirect>")


async def thanks(_request: web.Request) -> web.Response:
    return rcml("<Say>Thank you. Goodbye.</Say>")


async def keep(request: web.Request) -> web.Response:
    path = Path(f"{request.match_info['sid']}.wav")
    await asyncio.to_thread(path.write_bytes, await request.read())
    return web.Response(status=201)


app = web.Application(client_max_size=30 * 1024 * 1024)
app.add_routes(
    [
        web.get("/voice/config", configuration),
        web.post("/menu", menu),
        web.post("/pressed", pressed),
        web.post("/thanks", thanks),
        web.put("/voice/recordings/{sid:RE[0-9a-f]+}", keep),
    ]
)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]))
