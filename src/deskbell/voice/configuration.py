"""What the web side tells the gateway about itself: trunks, caps, prompts, addresses.

Polled with an ETag, at once on `/reload`; the last good answer is kept on disk, so that a gateway
that starts while the web side is down still takes calls from its trunks.
"""

from __future__ import annotations

import asyncio
import functools
import ipaddress
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from deskbell.foundation.errors import InvalidInput, Refused, Unreachable

from .files import write_whole
from .signalling.flows import local_host_towards
from .web import WebSide

log = logging.getLogger(__name__)
POLL_SECONDS: Final = 10.0

THIS_MACHINE: Final = "this-machine"

# None is this machine, whatever addresses it has.
Network = ipaddress.IPv4Network | ipaddress.IPv6Network | None


@dataclass(frozen=True, slots=True)
class Configuration:
    """One answer of `GET /voice/config`; `prompts` are SHA-256 names in hex."""

    trunks: tuple[tuple[str, Network], ...]
    max_calls: int
    prompts: tuple[str, ...]
    incoming: str
    status_callback: str
    account_sid: str

    def trunk_of(self, host: str) -> str | None:
        """The name of the trunk that the IP address `host` belongs to."""
        return _trunk_of(self.trunks, host)


@functools.lru_cache(maxsize=4096)
def _trunk_of(trunks: tuple[tuple[str, Network], ...], host: str) -> str | None:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    address = getattr(address, "ipv4_mapped", None) or address
    for name, network in trunks:
        if _is_own(address) if network is None else address in network:
            return name
    return None


def _is_own(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is this machine's: then it is also where we would answer it from."""
    every = "0.0.0.0"  # noqa: S104 any of ours will do; nothing is bound
    return address.is_loopback or local_host_towards(str(address), bound=every) == str(address)


def _networks(trunk: dict[str, Any]) -> list[tuple[str, Network]]:
    return [(str(trunk["name"]), _network(text)) for text in trunk["addresses"]]


def _network(text: str) -> Network:
    return None if text == THIS_MACHINE else ipaddress.ip_network(text, strict=False)


def read_configuration(data: bytes) -> Configuration:
    """Reads the JSON of `GET /voice/config`. Raises InvalidInput, in words."""
    try:
        found = json.loads(data)
        return Configuration(
            trunks=tuple(pair for trunk in found["trunks"] for pair in _networks(trunk)),
            max_calls=int(found["caps"]["calls"]),
            prompts=tuple(str(name) for name in found.get("prompts", ())),
            incoming=str(found["incoming"]),
            status_callback=str(found.get("status_callback") or ""),
            account_sid=str(found["account_sid"]),
        )
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise InvalidInput(f"The configuration cannot be read: {error!r}") from error


class ConfigurationKeeper:
    """Holds the present configuration and keeps it fresh.

    `on_change(configuration)` is called in the event loop at each new one.
    """

    def __init__(
        self,
        web: WebSide,
        url: str,
        path: Path,
        *,
        on_change: Callable[[Configuration], None],
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self.present: Configuration | None = None
        self._web = web
        self._url = url
        self._path = path
        self._on_change = on_change
        self._poll_seconds = poll_seconds
        self._etag = ""
        self._wake = asyncio.Event()
        self._was_reached = False
        self._trouble: type[Exception] | None = None

    def load(self) -> None:
        """Takes the last good configuration from disk, where there is one."""
        try:
            self._take(self._path.read_bytes())
        except FileNotFoundError:
            return
        except (OSError, InvalidInput) as error:
            log.warning("the configuration on disk is not used: %s", error)

    def reload(self) -> None:
        """Asks the web side now."""
        self._wake.set()

    async def run(self) -> None:
        """Polls until cancelled; until the first answer, every half second."""
        while True:
            self._wake.clear()
            is_fresh = await self.refresh()
            wait = self._poll_seconds if is_fresh or self.present else 0.5
            try:
                async with asyncio.timeout(wait):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def refresh(self) -> bool:
        """Asks once; whether the web side answered with something to use."""
        try:
            await self._ask()
        except (Unreachable, Refused, InvalidInput) as error:
            self._tell(error)
            return False
        if self._trouble is not None:
            log.info("the web side answers%s", " again" if self._was_reached else "")
        self._was_reached = True
        self._trouble = None
        return True

    def _tell(self, error: Exception) -> None:
        """Says once what is wrong. A web side that starts beside the gateway is not."""
        if type(error) is self._trouble:
            return
        self._trouble = type(error)
        if self._trouble is Unreachable and not self._was_reached:
            log.info("waits for the web side; asks %s until it answers", self._url)
        else:
            log.warning("no configuration from the web side, the last one stays: %s", error)

    async def _ask(self) -> None:
        reply = await self._web.get(self._url, etag=self._etag)
        if reply.status == 304:
            return
        if reply.status >= 500:
            raise Unreachable(f"{self._url} answered {reply.status}")
        if reply.status != 200:
            raise Refused(f"{self._url} answered {reply.status}; is the secret the same there?")
        self._take(reply.body)
        self._etag = reply.etag
        await asyncio.to_thread(self._keep, reply.body)

    def _take(self, data: bytes) -> None:
        self.present = read_configuration(data)
        self._on_change(self.present)

    def _keep(self, data: bytes) -> None:
        try:
            write_whole(self._path, data)
        except OSError as error:
            log.warning("the configuration is used, but not on disk: %s", error)
