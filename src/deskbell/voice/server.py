"""The gateway's own HTTP: how it is, and what it is told to do."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Protocol

from aiohttp import web

from deskbell.foundation.environment import Address
from deskbell.foundation.signing import HEADER, is_signed

MOST_BYTES: Final = 512 * 1024  # a document of 256 KiB, as a form writes it
_HOST: Final = re.compile(r"[A-Za-z0-9._-]+(?::\d+)?|\[[0-9A-Fa-f:.]+\](?::\d+)?")


@web.middleware
async def _with_a_plain_host(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Signatures cover the URL, and its host is what the header says: no path may hide there."""
    if not _HOST.fullmatch(request.host):
        raise web.HTTPBadRequest(text="Host is a name or an address, with a port or without")
    return await handler(request)


class Door(Protocol):
    """Something else that is asked for at this port: REST, metrics, calls from pages."""

    def add_to(self, app: web.Application) -> None:
        """Adds its routes."""


class Server:
    """`GET /health` for anybody who can reach the port; `POST /reload` and `/drain` for who has
    the secret; and the `doors`."""

    def __init__(
        self,
        *,
        secret: str,
        health: Callable[[], dict[str, Any]],
        reload: Callable[[], None],
        drain: Callable[[], None],
        doors: Sequence[Door],
    ) -> None:
        self._doors = doors
        self._secret = secret
        self._health = health
        self._reload = reload
        self._drain = drain
        self._runner: web.AppRunner | None = None

    async def listen(self, address: Address) -> None:
        """Starts to serve. Raises OSError where the port is taken."""
        app = web.Application(client_max_size=MOST_BYTES, middlewares=[_with_a_plain_host])
        app.add_routes(
            [
                web.get("/health", self._on_health),
                web.post("/reload", self._on_reload),
                web.post("/drain", self._on_drain),
            ]
        )
        for door in self._doors:
            door.add_to(app)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, address.host, address.port).start()

    async def close(self) -> None:
        """Stops serving."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _on_health(self, _request: web.Request) -> web.Response:
        return web.json_response(self._health())

    async def _on_reload(self, request: web.Request) -> web.Response:
        return await self._on_order(request, self._reload, {"reloads": True})

    async def _on_drain(self, request: web.Request) -> web.Response:
        return await self._on_order(request, self._drain, {"draining": True})

    async def _on_order(
        self, request: web.Request, act: Callable[[], None], answer: dict[str, bool]
    ) -> web.Response:
        fields = {name: str(value) for name, value in (await request.post()).items()}
        signature = request.headers.get(HEADER, "")
        if not is_signed(self._secret, str(request.url), signature, fields):
            return web.json_response({"error": "The signature does not fit"}, status=403)
        act()
        return web.json_response(answer)
