"""A web application for a Deskbell gateway: a menu, an operator on a SIP trunk, messages as files.

use-the-gateway-alone.md, beside this file, says how to run it.
"""

import asyncio
import sys
from pathlib import Path

from aiohttp import web

URL, TRUNK = f"http://127.0.0.1:{sys.argv[1]}", sys.argv[2]
CONFIGURATION = {
    "trunks": [{"name": "carrier", "addresses": ["127.0.0.0/8"], "outgoing": TRUNK}],
    "caps": {"calls": 20},
    "limits": {"prefixes": ["+1"], "calls_out": 5, "caller_id": "+12125550100"},
    "incoming": f"{URL}/menu",
    "account_sid": "AC" + "0" * 32,
}
VERBS = {
    "/menu": '<Gather numDigits="1" action="/pressed"><Say>For the operator press 1. To leave a '
    "message press 2.</Say></Gather><Redirect>/menu</Redirect>",
    "/pressed1": '<Dial timeout="20" action="/ended"><Number>+12125550142</Number></Dial>',
    "/pressed2": '<Say>Speak now, then press pound.</Say><Record action="/thanks"/>',
    "/ended": "<Say>The operator is gone.</Say><Redirect>/menu</Redirect>",
    "/thanks": "<Say>Thank you. Goodbye.</Say>",
}


async def configure(_request: web.Request) -> web.Response:
    return web.json_response(CONFIGURATION)


async def document(request: web.Request) -> web.Response:
    digits = str((await request.post()).get("Digits", ""))
    verbs = VERBS.get(request.path + digits) or VERBS.get(request.path) or VERBS["/menu"]
    return web.Response(text=f"<Response>{verbs}</Response>", content_type="text/xml")


async def keep(request: web.Request) -> web.Response:
    path = Path(request.path.rpartition("/")[2] + ".wav")
    await asyncio.to_thread(path.write_bytes, await request.read())
    return web.Response(status=201)


app = web.Application(client_max_size=64 * 1024 * 1024)
app.router.add_get("/voice/config", configure)
app.router.add_put("/voice/recordings/{sid}", keep)
app.router.add_post("/{document}", document)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]))
