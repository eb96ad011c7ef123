"""A stage with telephones to call: their web side lets documents ring them as `<Sip>`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deskbell.foundation.environment import Address
from deskbell.voice.tests.stage import Stage, WebSide, free_port, noise, response, staged
from tests.phone import Phone
from tests.phone_calls import PhoneCall


@dataclass
class DialStage:
    """A stage, phones that can be called, and what is behind a trunk."""

    stage: Stage
    phones: list[Phone]
    carrier: Phone

    @property
    def web(self) -> WebSide:
        return self.stage.web

    @property
    def caller(self) -> Phone:
        return self.stage.phone

    def sip(self, number: int = 0, /, **attributes: str) -> str:
        """A noun that rings the phone `number`."""
        text = "".join(f' {name}="{value}"' for name, value in attributes.items())
        return f"<Sip{text}>{self.phones[number].address}</Sip>"

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
    """A stage with a phone for each of `phones`, which are their options.

    With `outgoing` there is a trunk, whose other end is the phone `carrier`.
    """
    side = WebSide(free_port())
    side.more["sip_hosts"] = ["127.0.0.1"]
    side.limits["caller_id"] = "+12125550111"
    async with AsyncExitStack() as stack:
        carrier = Phone(Address("127.0.0.1", 1), user="carrier")
        await stack.enter_async_context(carrier)
        if outgoing:
            side.trunks_out = [f"127.0.0.1:{carrier.port}"]
        stage = await stack.enter_async_context(staged(folder, web=side, **options))
        side.pages["/dialled"] = response("<Hangup/>")
        opened = []
        for number, option in enumerate(phones or ({},)):
            terms = {"user": f"callee{number}"} | option
            phone = Phone(Address("127.0.0.1", stage.environment.sip.port), **terms)
            opened.append(await stack.enter_async_context(phone))
        carrier.sip = opened[0].sip
        yield DialStage(stage, opened, carrier)


async def heard_by(speaker: PhoneCall, listener: PhoneCall, name: str, *, tries: int = 12) -> None:
    """Has `speaker` say something until `listener` hears it, byte for byte and whole.

    The first words may be lost: nobody at a phone knows when the other side is connected.
    """
    clip, before = noise(name, 0.4), len(listener.heard())
    for _ in range(tries):
        speaker.speak(clip)
        await speaker.spoken()
        await asyncio.sleep(0.1)
        if clip in listener.heard()[before:]:
            return
    raise AssertionError(f"{name} was not heard")


async def talk(one: PhoneCall, other: PhoneCall, *, name: str = "") -> None:
    """Both hear each other."""
    await heard_by(one, other, f"one {name}")
    await heard_by(other, one, f"other {name}")


async def mixed_by(speaker: PhoneCall, listener: PhoneCall, *, tries: int = 12) -> None:
    """Has `speaker` say something until `listener` hears it through a mixer.

    A mixer decodes and codes anew, which changes nothing while nobody else speaks.
    """
    await heard_by(speaker, listener, f"mixed {id(speaker)} {id(listener)}", tries=tries)
