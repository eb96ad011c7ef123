"""A web application for a Deskbell gateway in twenty lines: a menu, and an operator to talk to."""

import sys

from aiohttp import web

CONFIGURATION = {
    "trunks": [{"name": "carrier", "addresses": ["127.0.0.0/8"], "outgoing": sys.argv[2]}],
    "caps": {"calls": 20},
    "limits": {"prefixes": ["+1"], "calls_out": 5},
    "incoming": f"http://127.0.0.1:{sys.argv[1]}/menu",
    "account_sid": "AC" + "0" * 32,
}
MENU = '<Gather numDigits="1" action="/operator"><Say>For the operator press 1.</Say></Gather>'
OPERATOR = "<Dial><Number>+12125550142</Number></Dial>"


async def configure(_request: web.Request) -> web.Response:
    return web.json_response(CONFIGURATION)


async def document(request: web.Request) -> web.Response:
    verbs = OPERATOR if request.path == "/operator" else MENU
    return web.Response(text=f"<Response>{verbs}</Response>", content_type="text/xml")


app = web.Application()
app.add_routes([web.get("/voice/config", configure), web.post("/{document}", document)])
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]))
