"""Names of SIP peers to IP addresses, remembered for a minute: calls must not wait for the DNS."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final

log = logging.getLogger(__name__)
FRESH_SECONDS: Final = 60.0
PATIENCE: Final = 3.0
MOST_KEPT: Final = 256

Ask = Callable[[str], Awaitable[list[str]]]


class Resolver:
    """Finds addresses (A and AAAA; IPv4 first unless `prefers_v6`). `ask` is for tests."""

    def __init__(self, *, prefers_v6: bool = False, ask: Ask | None = None) -> None:
        self._prefers_v6 = prefers_v6
        self._ask = ask or _ask
        self._known: OrderedDict[str, tuple[float, list[str]]] = OrderedDict()

    async def addresses(self, host: str) -> list[str]:
        """The addresses of a host name, or the IP address itself; none where it is not found.

        A name that cannot be found for now keeps the addresses that it had.
        """
        if _is_address(host):
            return [host]
        host = host.lower()
        now = asyncio.get_running_loop().time()
        until, known = self._known.get(host, (0.0, []))
        if until > now:
            return known
        try:
            async with asyncio.timeout(PATIENCE):
                found = await self._ask(host)
        except (OSError, UnicodeError, TimeoutError) as error:
            log.warning("the address of %s cannot be found: %r", host, error)
            found = known
        found = sorted(found, key=lambda address: (":" in address) != self._prefers_v6)
        self._known[host] = (now + FRESH_SECONDS, found)
        self._known.move_to_end(host)
        if len(self._known) > MOST_KEPT:
            self._known.popitem(last=False)
        return found


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


async def _ask(host: str) -> list[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
