"""An independent phone, Debian's baresip: it registers, calls, is held, and transfers."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from aiohttp import web

from deskbell.foundation.environment import Address
from deskbell.voice.media.g711 import to_linear
from deskbell.voice.tests.stage import ACCOUNT, Asked, WebSide, free_port, response, staged
from tests.baresip import account, baresip, needs_baresip, tone_share
from tests.patience import patience
from tests.phone import Phone

pytestmark = [
    pytest.mark.journey,
    needs_baresip,
]
REALM = "deskbell"
PASSWORD = "sesame"


def phone_of(name: str) -> dict[str, object]:
    ha1 = hashlib.md5(f"{name}:{REALM}:{PASSWORD}".encode()).hexdigest()
    return {
        "username": name,
        "name": f"desk {name}",
        "account": ACCOUNT,
        "realm": REALM,
        "ha1": {"MD5": ha1},
        "numbers": [name],
    }


async def extensions(_side: WebSide, asked: Asked) -> web.Response:
    """Rings the extension that was called; who calls must be a phone that we know."""
    assert asked.fields["Phone"] in {"101", "102", "103"}
    document = response(f'<Dial action="/dialled"><Number>{asked.fields["To"]}</Number></Dial>')
    return web.Response(text=document, content_type="text/xml")


async def until(condition: Callable[[], bool], *, within: float = 15.0) -> None:
    async with patience(within):
        while not condition():
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("by", ["udp", "tcp"])
def test_baresip_registers_calls_holds_and_transfers(tmp_path: Path, by: str) -> None:
    async def play() -> None:
        side = WebSide(free_port(), trunks=["192.0.2.0/24"])
        side.more |= {"realm": REALM, "phones": [phone_of(name) for name in ("101", "102", "103")]}
        side.pages |= {"/voice/incoming": extensions, "/dialled": response("<Hangup/>")}
        async with staged(tmp_path, web=side) as stage:
            sip = Address("127.0.0.1", stage.environment.sip.port)
            lines = [account(n, REALM, PASSWORD, proxy=sip, transport=by) for n in ("101", "102")]
            async with (
                baresip(tmp_path / "101", lines[0], hertz=440) as alice,
                baresip(tmp_path / "102", lines[1], hertz=1000) as bob,
                Phone(sip, user="103") as desk,
            ):
                for each in (alice, bob):
                    await each.says("200 OK")
                assert (await desk.register("103", PASSWORD, domain=REALM)).code == 200
                alice.do("dial", f"sip:102@{REALM}")
                await alice.hears_soon(1000)
                await bob.hears_soon(440)

                bob.do("hold")
                await until(lambda: not alice.hears(1000))  # but music
                bob.do("resume")
                await alice.hears_soon(1000)

                bob.do("transfer", f"sip:103@{sip}")
                call = await desk.rung()
                call.answer()
                await bob.sees("CALL_CLOSED")
                await until(lambda: tone_share(to_linear(call.heard()[-4000:], "PCMU"), 440) > 0.5)
                call.hang_up()
                told = await side.gets("/dialled")
                assert told["DialCallStatus"] == "completed"
                assert told["DialSipCallId"] == call.call_id
                await alice.sees("CALL_CLOSED")

    asyncio.run(play())
