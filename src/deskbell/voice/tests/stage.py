"""A whole gateway for a test: real SIP, RTP and HTTP on free ports, and a web side to script."""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from deskbell.foundation.environment import Address, Environment, read_environment
from deskbell.foundation.signing import HEADER, is_signed, is_signed_body
from deskbell.voice.gateway import Gateway
from tests.patience import patience
from tests.phone import Phone
from tests.running import rtp_range

SECRET = "a secret of the tests"
ACCOUNT = "AC" + "0" * 32
NUMBER = "12125550100"
PEERS = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def noise(name: str, seconds: float) -> bytes:
    """µ-law bytes that no two names share, loud enough to count as a voice."""
    wanted = int(seconds * 8000)
    blocks = (hashlib.sha256(f"{name} {at}".encode()).digest() for at in range(wanted // 32 + 1))
    return b"".join(blocks)[:wanted].replace(b"\xff", b"\xfe").replace(b"\x7f", b"\x7e")


def spoken(text: str) -> bytes:
    """What the stage's voice says for `text`: 20 ms for each letter."""
    return noise(text, 0.02 * len(text))


def _speak(text: str, *, language: str, voice: str) -> bytes:
    return spoken(text)


def free_port() -> int:
    """A port that is free for UDP and TCP."""
    while True:
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            port = int(tcp.getsockname()[1])
            try:
                udp.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@dataclass
class Asked:
    """A request that the web side got."""

    path: str
    method: str
    fields: dict[str, str]


Page = str | int | web.Response | Callable[["WebSide", Asked], Awaitable[web.Response]]


@dataclass
class WebSide:
    """The web side of a test: pages by path, and everything that was asked."""

    port: int
    pages: dict[str, Page] = field(default_factory=dict)
    prompts: dict[str, bytes] = field(default_factory=dict)
    trunks: list[str] = field(default_factory=lambda: ["127.0.0.0/8", "::1/128"])
    max_calls: int = 100
    trunks_out: list[str] = field(default_factory=list)  # peers of trunks that go out, in turn
    limits: dict[str, Any] = field(default_factory=lambda: {"prefixes": ["+"], "calls_out": 50})
    more: dict[str, Any] = field(default_factory=dict)  # of the configuration, as `fallback`
    asked: list[Asked] = field(default_factory=list)
    recordings: dict[str, bytes] = field(default_factory=dict)
    unsigned: list[str] = field(default_factory=list)
    recordings_answer: int = 201
    configuration_asked: int = 0
    happened: asyncio.Event = field(default_factory=asyncio.Event)
    _runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def add_prompt(self, name: str, seconds: float = 0.3) -> tuple[bytes, str]:
        """A prompt's bytes and its URL."""
        clip = noise(name, seconds)
        digest = hashlib.sha256(clip).hexdigest()
        self.prompts[digest] = clip
        return clip, f"{self.url}/voice/prompts/{digest}"

    def of(self, path: str) -> list[dict[str, str]]:
        """The forms that came to `path`."""
        return [asked.fields for asked in self.asked if asked.path == path]

    async def gets(self, path: str, *, times: int = 1, within: float = 10.0) -> dict[str, str]:
        """Waits until `path` was asked `times` times; the last form."""
        async with patience(within):
            while len(self.of(path)) < times:
                self.happened.clear()
                await self.happened.wait()
        return self.of(path)[times - 1]

    async def start(self) -> None:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self._on_request)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _on_request(self, request: web.Request) -> web.StreamResponse:
        url, signature = str(request.url), request.headers.get(HEADER, "")
        body = await request.read()
        if request.method == "PUT":
            if not is_signed_body(SECRET, url, signature, body):
                self.unsigned.append(url)
            return self._on_recording(request, body)
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        if not is_signed(SECRET, url, signature, form):
            self.unsigned.append(url)
        if request.path == "/voice/config":
            return self._on_configuration(request)
        if request.path.startswith("/voice/prompts/"):
            clip = self.prompts.get(request.path.rpartition("/")[2])
            return web.Response(body=clip, content_type="audio/basic", status=200 if clip else 404)
        fields = form or dict(request.query)
        return await self._on_page(Asked(request.path, request.method, fields))

    def _on_recording(self, request: web.Request, body: bytes) -> web.Response:
        self.asked.append(Asked("/recording", "PUT", dict(request.query)))
        if self.recordings_answer < 300:
            self.recordings[request.path.rpartition("/")[2]] = body
        self.happened.set()
        return web.Response(status=self.recordings_answer)

    def _on_configuration(self, request: web.Request) -> web.Response:
        self.configuration_asked += 1
        content = json.dumps(
            {
                "trunks": [
                    {"name": "local", "addresses": self.trunks},
                    *(
                        {"name": f"out {at}", "addresses": [], "outgoing": peer}
                        for at, peer in enumerate(self.trunks_out)
                    ),
                ],
                "caps": {"calls": self.max_calls},
                "limits": self.limits,
                "prompts": list(self.prompts),
                "incoming": f"{self.url}/voice/incoming",
                "status_callback": f"{self.url}/voice/status",
                "account_sid": ACCOUNT,
                **self.more,
            }
        )
        etag = f'"{hashlib.sha256(content.encode()).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304)
        return web.Response(text=content, content_type="application/json", headers={"ETag": etag})

    async def _on_page(self, asked: Asked) -> web.Response:
        self.asked.append(asked)
        self.happened.set()
        page = self.pages.get(asked.path, 404 if asked.path != "/voice/status" else 204)
        if callable(page):
            page = await page(self, asked)
        if isinstance(page, int):
            return web.Response(status=page)
        if isinstance(page, str):
            return web.Response(text=page, content_type="text/xml")
        return page


@dataclass
class Stage:
    """What a test plays on."""

    gateway: Gateway
    web: WebSide
    environment: Environment
    phone: Phone

    @property
    def health(self) -> dict[str, Any]:
        return self.gateway.health()

    async def reconfigure(self) -> None:
        """Has the gateway take what the web side says of trunks, limits and phones now."""
        await self.gateway.keeper.refresh()

    async def calls_out_to(self, *phones: Phone) -> None:
        """Has every number that the gateway calls ring at `phones`, one trunk for each in turn."""
        self.web.trunks_out = [f"{phone.host}:{phone.port}" for phone in phones]
        await self.reconfigure()


def response(*verbs: str) -> str:
    """An RCML document."""
    return f"<Response>{''.join(verbs)}</Response>"


def settings(folder: Path, web_port: int, *, sip_host: str = "127.0.0.1") -> Environment:
    """The settings of a gateway on free ports."""
    return read_environment(
        {
            "DESKBELL_DATA_DIR": str(folder),
            "DESKBELL_HTTP": f"127.0.0.1:{web_port}",
            "DESKBELL_SIP": str(Address(sip_host, free_port())),
            "DESKBELL_VOICE_HTTP": f"127.0.0.1:{free_port()}",
            "DESKBELL_RTP": rtp_range(200),
            "DESKBELL_VOICE_SECRET": SECRET,
            "DESKBELL_ACCOUNT_SID": ACCOUNT,
        }
    )


async def until(condition: Callable[[], bool], *, within: float = 5.0) -> None:
    """Waits until something is so that no event tells of."""
    async with patience(within):
        while not condition():  # noqa: ASYNC110 there is no event for it
            await asyncio.sleep(0.01)


def recordings_left(folder: Path) -> list[str]:
    """The names of the files of recordings anywhere in a data folder."""
    return [path.name for path in folder.rglob("RE*")]


async def ready(gateway: Gateway, *, within: float = 10.0) -> None:
    """Waits until the gateway takes calls."""
    await until(lambda: gateway.health()["ready"] and gateway.sounds.is_prepared, within=within)


@asynccontextmanager
async def staged(
    folder: Path,
    *pages: str,
    web: WebSide | None = None,
    phone: dict[str, Any] | None = None,
    sip_host: str = "127.0.0.1",
    **options: Any,
) -> AsyncIterator[Stage]:
    """A stage whose first document has the verbs `pages`; options go to the gateway."""
    web = web or WebSide(free_port())
    if pages:
        web.pages["/voice/incoming"] = response(*pages)
    await web.start()
    environment = settings(folder, web.port, sip_host=sip_host)
    defaults: dict[str, Any] = {"speak": _speak, "first_wait": 0.1, "poll_seconds": 60.0}
    gateway = Gateway(environment, **(defaults | options))
    await gateway.start()
    try:
        await ready(gateway)
        called = Address(PEERS.get(sip_host, sip_host), environment.sip.port)
        async with Phone(called, **(phone or {})) as caller:
            yield Stage(gateway, web, environment, caller)
    finally:
        await gateway.stop()
        await web.stop()
    assert web.unsigned == []
