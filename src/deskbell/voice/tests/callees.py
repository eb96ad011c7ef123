"""A stage with telephones to call: their web side lets documents ring them as `<Sip>`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from deskbell.foundation.environment import Address
from deskbell.voice.tests.stage import Stage, WebSide, free_port, noise, response, staged
from tests.phone import Phone
from tests.phone_calls import PhoneCall


@dataclass
class OpenWebSide(WebSide):
    """A web side whose configuration lets calls go to this machine, and through a trunk."""

    more: dict[str, Any] = field(
        default_factory=lambda: {
            "sip_hosts": ["127.0.0.1"],
            "limits": {"prefixes": ["+1"], "calls_out": 10, "caller_id": "+12125550111"},
        }
    )
    outgoing: str = ""

    def _on_configuration(self, request: web.Request) -> web.Response:
        answer = super()._on_configuration(request)
        if answer.status != 200:
            return answer
        content = json.loads(answer.text or "{}") | self.more
        if self.outgoing:
            content["trunks"].append(
                {"name": "carrier", "addresses": [], "outgoing": self.outgoing, "prefixes": ["+"]}
            )
        return web.json_response(content, headers={"ETag": answer.headers["ETag"]})


@dataclass
class DialStage:
    """A stage, and phones that can be called."""

    stage: Stage
    phones: list[Phone]

    @property
    def web(self) -> WebSide:
        return self.stage.web

    @property
    def caller(self) -> Phone:
        return self.stage.phone

    def sip(self, at: int = 0, **attributes: str) -> str:
        """A noun that rings the phone `at`."""
        text = "".join(f' {name}="{value}"' for name, value in attributes.items())
        return f"<Sip{text}>{self.phones[at].address}</Sip>"

    def dials(self, *nouns: str, path: str = "/voice/incoming", **attributes: str) -> None:
        """Has the document at `path` dial `nouns`, with /dialled as action."""
        told = {"action": "/dialled"} | attributes
        text = "".join(f' {name}="{value}"' for name, value in told.items() if value)
        self.web.pages[path] = response(f"<Dial{text}>{''.join(nouns)}</Dial>")

    async def outcome(self, *, within: float = 10.0) -> dict[str, str]:
        """What the Dial's action was told."""
        return await self.web.gets("/dialled", within=within)


@asynccontextmanager
async def dial_staged(
    folder: Path, *phones: dict[str, Any], outgoing: bool = False, **options: Any
) -> AsyncIterator[DialStage]:
    """A stage with a phone for each of `phones`, which are their options."""
    side = OpenWebSide(free_port())
    trunk = free_port()
    if outgoing:
        side.outgoing = f"127.0.0.1:{trunk}"
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(staged(folder, web=side, **options))
        side.pages["/dialled"] = response("<Hangup/>")
        opened = []
        for number, option in enumerate(phones or ({},)):
            terms = {"user": f"callee{number}"} | option
            phone = Phone(Address("127.0.0.1", stage.environment.sip.port), **terms)
            opened.append(await stack.enter_async_context(phone))
        yield DialStage(stage, opened)


async def heard_by(speaker: PhoneCall, listener: PhoneCall, name: str, *, tries: int = 12) -> None:
    """Has `speaker` say something until `listener` hears it, byte for byte and whole.

    The first words may be lost: nobody at a phone knows when the other side is connected.
    """
    clip = noise(name, 0.4)
    for _ in range(tries):
        speaker.speak(clip)
        await speaker.spoken()
        await asyncio.sleep(0.1)
        if clip in listener.heard():
            return
    raise AssertionError(f"{name} was not heard")


async def talk(one: PhoneCall, other: PhoneCall, *, name: str = "") -> None:
    """Both hear each other."""
    await heard_by(one, other, f"one {name}")
    await heard_by(other, one, f"other {name}")
