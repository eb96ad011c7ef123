"""Twilio's own client at a stage's gateway: what it can do with ours, anybody's program can."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from twilio.rest import Client

from deskbell.voice.tests.stage import ACCOUNT, SECRET, Stage, staged
from tests.phone import Phone

CALLEE = "+12125550142"
T = TypeVar("T")


class Twilio:
    """The client `twilio` of a stage; each method is one request, made in a thread."""

    def __init__(self, stage: Stage, *, account: str = ACCOUNT, secret: str = SECRET) -> None:
        self.client: Any = Client(account, secret)
        self.client.api.base_url = stage.environment.voice_url

    async def do(self, act: Callable[[Any], T]) -> T:
        """Does `act(client)`."""
        return await asyncio.to_thread(act, self.client)

    async def call(self, **options: Any) -> Any:
        """`Calls`: makes one."""
        return await self.do(lambda client: client.calls.create(**options))

    async def change(self, sid: str, **options: Any) -> Any:
        """`Calls/{sid}`: changes it."""
        return await self.do(lambda client: client.calls(sid).update(**options))

    async def look(self, sid: str) -> Any:
        """`Calls/{sid}`: how it is."""
        return await self.do(lambda client: client.calls(sid).fetch())


@asynccontextmanager
async def with_callee(
    folder: Path, *pages: str, callee: dict[str, Any] | None = None, **options: Any
) -> AsyncIterator[tuple[Stage, Phone, Twilio]]:
    """A stage whose calls to numbers ring at a phone, and the client that asks for them."""
    async with (
        staged(folder, *pages, **options) as stage,
        Phone(stage.phone.sip, user="callee", **(callee or {})) as phone,
    ):
        await stage.calls_out_to(phone)
        yield stage, phone, Twilio(stage)
