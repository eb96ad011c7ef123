"""The gateway: its parts put together, started and stopped."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from deskbell import speech
from deskbell.foundation.environment import Address, Environment

from . import interpreter
from .board import Board
from .browser import PageDoor, PagePhones
from .call import Call, Services
from .configuration import Configuration, ConfigurationKeeper
from .entrance import Entrance
from .kept import Keeper
from .kept.taking_up import go_on
from .lines import Lines
from .media import MediaLoop
from .metrics import Metrics
from .prompts import PromptStore
from .recordings import Recordings
from .rest import Rest
from .server import Server
from .signalling.agent import Agent
from .signalling.flows import local_host_towards
from .sounds import Sounds, Speaker
from .spool import Spool
from .traces import Traces
from .web import WebSide

log = logging.getLogger(__name__)
DRAIN_SECONDS: Final = 1.5


class Gateway:
    """One gateway process. `speak` and the times are for tests."""

    def __init__(
        self,
        environment: Environment,
        *,
        speak: Speaker = speech.speak_mulaw,
        poll_seconds: float = 10.0,
        web_timeout: float = 5.0,
        media_timeout: float = 60.0,
        first_wait: float = 1.0,
    ) -> None:
        self._environment = environment
        self._media_timeout = media_timeout
        base = environment.web_url
        folder = environment.data_dir / "voice"
        self._folder: Path = folder
        secret = environment.secrets.voice
        self.web = WebSide(secret, timeout=web_timeout)
        self.prompts = PromptStore(self.web, folder / "prompts", f"{base}/voice/prompts")
        self.sounds = Sounds(self.web, self.prompts, folder / "said", speak=speak)
        self.spool = Spool(self.web, folder / "spool", first_wait=first_wait)
        self.recordings = Recordings(self.spool, folder / "recordings", f"{base}/voice/recordings")
        self.keeper = ConfigurationKeeper(
            self.web,
            f"{base}/voice/config",
            folder / "config.json",
            on_change=self._on_configuration,
            poll_seconds=poll_seconds,
        )
        self.board = Board()
        self.traces = Traces(folder / "traces")
        self.lines = Lines(
            secret=secret,
            path=folder / "bindings.json",
            configuration=lambda: self.keeper.present,
            agent=lambda: self.agent,
            calls_out=self.board.out_of,
            port=environment.sip.port,
            prefers_v6=":" in environment.sip.host,
        )
        self.entrance = Entrance(self.lines.callers.admit, lambda: self._services)
        self.agent = Agent(
            admit=self.entrance.admit,
            on_call=self.entrance.take,
            on_register=self.lines.registrar.on_register,
            may_redirect=self.lines.routes.may_redirect,
        )
        self.metrics = Metrics(
            health=self.health,
            media=lambda: self._media.figures() if self._media is not None else None,
        )
        self.kept = Keeper(self.spool, folder / "calls.jsonl")
        self.board.on_over = self._on_over
        self.web.on_answer = self.metrics.web_answered
        self.pages = PagePhones(
            begin=self.entrance.take_page,
            host=lambda: self.agent.local_host(_loopback_beside(environment.sip.host)),
            ice_servers=environment.ice_servers,
        )
        rest = Rest(secret=secret, services=lambda: self._services)
        self.server = Server(
            secret=secret,
            health=self.health,
            reload=self.keeper.reload,
            drain=self.drain,
            doors=[rest, self.metrics, PageDoor(self.pages, secret=secret)],
        )
        self._services: Services | None = None
        self._media: MediaLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    # Start and stop

    async def start(self) -> None:
        """Binds the ports and begins to take calls. Raises OSError where a port is taken."""
        environment = self._environment
        self._folder.mkdir(parents=True, exist_ok=True)
        self._folder.chmod(0o700)  # what callers said and pressed is nobody else's on this machine
        for name in ("prompts", "said", "spool", "recordings"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        loop = asyncio.get_running_loop()
        host = await _ip_of(environment.sip)
        await self.agent.listen(host, environment.sip.port)
        try:
            await self.server.listen(environment.voice_http)
        except OSError:
            self.agent.close()
            raise
        media = MediaLoop(
            host=host,
            ports=environment.rtp,
            post=lambda act: _post(loop, act),
            media_timeout=self._media_timeout,
        )
        media.start()
        self._media = media
        self._services = Services(
            media,
            self.web,
            self.sounds,
            self.spool,
            self.recordings,
            self.agent,
            self.board,
            self.kept,
            interpreter.walk,
            self.lines.routes,
            lambda: self.keeper.present,
            gateway_url=_reachable(environment),
        )
        self.traces.open()
        self.agent.on_wire = self.traces.on_wire
        self.spool.resume()
        recovered = self.recordings.recover()
        if recovered:
            log.warning("%d recordings of an earlier gateway are delivered now", recovered)
        self.keeper.load()
        left_behind = self.kept.load()
        media.avoid(frozenset(kept.port for kept in left_behind))
        self._spawn(self.keeper.run())
        self._spawn(go_on(self._services, left_behind))
        self._spawn(self.sounds.prepare())
        self._spawn(self.lines.run())

    def drain(self) -> None:
        """Takes no new calls from now on, and says so to whoever asks by OPTIONS or `/health`."""
        self.entrance.is_closed = True
        self.agent.is_draining = True

    async def drained(self, *, within: float) -> bool:
        """Drains, and waits at most `within` seconds for the calls to end; whether they did."""
        self.drain()
        return await self.board.empty(within=within)

    async def stop(self) -> None:
        """Ends every call politely, at most 2 s long, and closes all."""
        self.drain()
        for call in self.board:
            call.end("gateway_stops")
        await self.board.empty(within=DRAIN_SECONDS)
        await self.board.close()
        self.kept.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.lines.close()
        await self.pages.close()
        await self._let_byes_be_answered()
        await self._let_spool_empty()
        await self.spool.close()
        await self.server.close()
        self.agent.close()
        if self._media is not None:
            await asyncio.to_thread(self._media.stop)
        self.sounds.close()
        await self.web.close()
        await asyncio.to_thread(self.traces.close)

    async def _let_byes_be_answered(self) -> None:
        for _ in range(25):
            if not self.agent.transactions.waiting:
                return
            await asyncio.sleep(0.02)

    async def _let_spool_empty(self) -> None:
        for _ in range(25):
            if not self.spool.waiting:
                return
            await asyncio.sleep(0.02)

    # What happens

    def health(self) -> dict[str, Any]:
        """What `GET /health` answers."""
        media = self._media.figures() if self._media is not None else None
        figures: dict[str, Any] = {
            "ready": bool(
                self.keeper.present and self.sounds.apology and not self.entrance.is_closed
            ),
            "draining": self.entrance.is_closed,
            "config": self.keeper.present is not None,
            "calls": len(self.board),
            "calls_out": self.board.out,
            "spooled": self.spool.waiting,
            **self.agent.figures,
            **self.lines.figures,
        }
        if media is not None:
            figures |= {
                "legs": media.legs,
                "rtp_sent": media.packets_sent,
                "rtp_received": media.packets_received,
                "rtp_dropped": media.dropped,
                "tick_p50_ms": round(media.tick_p50_ms, 3),
                "tick_p99_ms": round(media.tick_p99_ms, 3),
                "tick_max_ms": round(media.tick_max_ms, 3),
            }
        return figures

    def _on_over(self, call: Call) -> None:
        self.kept.forget(call.sid)
        self.metrics.call_over(call)

    def _on_configuration(self, configuration: Configuration) -> None:
        self._spawn(self.prompts.fetch_all(configuration.prompts))
        self.lines.on_configuration(configuration)

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _ip_of(address: Address) -> str:
    """The IP address to bind: SDP and Contact have no use for a name. Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(address.host, address.port, type=socket.SOCK_DGRAM)
    return str(found[0][4][0])


def _loopback_beside(host: str) -> str:
    """The loopback address of the family that the gateway is bound to."""
    return "::1" if ":" in host else "127.0.0.1"


def _reachable(environment: Environment) -> str:
    """The URL of our HTTP as the web side can use it, which has no use for `every address`."""
    address = environment.voice_http
    if address.host not in {"0.0.0.0", "::"}:  # noqa: S104 compared with, not bound
        return environment.voice_url
    try:
        host = local_host_towards(environment.http.host, bound=address.host)
    except OSError:  # the web side has a name
        host = socket.getfqdn()
    return f"http://{Address(host, address.port)}"


def _post(loop: asyncio.AbstractEventLoop, act: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(act)
