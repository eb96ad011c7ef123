"""Between a leg and a page: to the leg it is a phone on this machine that speaks G.711 µ-law.

So the media loop needs to know nothing of WebRTC, and pays nothing for it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from typing import Final

from ..media.rtp import PLAIN, parse, write_header

PIECE: Final = 160  # bytes: 20 ms
PCMU: Final = 0
KEYS: Final = 101
MOST_WAITING: Final = 10  # pieces that a slow page may be behind: 200 ms
MOST_UNSENT: Final = 50


class Relay(asyncio.DatagramProtocol):
    """One call's audio, both ways, in pieces of G.711 µ-law."""

    def __init__(self) -> None:
        self._transport: asyncio.DatagramTransport | None = None
        self._leg: tuple[str, int] | None = None
        self._waiting: deque[bytes] = deque(maxlen=MOST_WAITING)
        self._arrived = asyncio.Event()
        self._unsent = bytearray()
        self._sequence = secrets.randbits(15)
        self._timestamp = secrets.randbits(31)
        self._ssrc = secrets.randbits(32)

    async def open(self, host: str) -> None:
        """Binds a port of the IP address `host`, where the leg is too."""
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: self, local_addr=(host, 0))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio's call."""
        self._transport = transport  # type: ignore[assignment]  # uvloop's own class

    def offer(self) -> str:
        """What this phone offers (SDP)."""
        assert self._transport is not None  # noqa: S101 opened before
        host, port = self._transport.get_extra_info("sockname")[:2]
        family = "IP6" if ":" in host else "IP4"
        lines = [
            "v=0",
            f"o=page {port} 1 IN {family} {host}",
            "s=-",
            f"c=IN {family} {host}",
            "t=0 0",
            f"m=audio {port} RTP/AVP {PCMU} {KEYS}",
            f"a=rtpmap:{PCMU} PCMU/8000",
            f"a=rtpmap:{KEYS} telephone-event/8000",
            "a=ptime:20",
            "",
        ]
        return "\r\n".join(lines)

    def connect(self, host: str, port: int) -> None:
        """The leg takes audio there."""
        self._leg = (host, port)

    def say(self, mulaw: bytes) -> None:
        """Sends what the page said on to the leg."""
        self._unsent += mulaw
        if self._leg is None or self._transport is None or self._transport.is_closing():
            del self._unsent[: -MOST_UNSENT * PIECE]
            return
        while len(self._unsent) >= PIECE:
            head = write_header(PLAIN, PCMU, self._sequence, self._timestamp, self._ssrc)
            self._transport.sendto(head + bytes(self._unsent[:PIECE]), self._leg)
            del self._unsent[:PIECE]
            self._sequence = (self._sequence + 1) & 0xFFFF
            self._timestamp = (self._timestamp + PIECE) & 0xFFFFFFFF

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """asyncio's call: audio of the leg, and of nobody else."""
        if self._leg is None or addr[:2] != self._leg:
            return
        packet = parse(data, len(data))
        if packet is not None and packet[0] == PCMU:
            self._waiting.append(data[packet[4] : packet[5]])
            self._arrived.set()

    async def heard(self) -> bytes:
        """The next piece for the page; where it is too slow, the oldest are left out."""
        while not self._waiting:
            self._arrived.clear()
            await self._arrived.wait()
        return self._waiting.popleft()

    def close(self) -> None:
        """Gives the port back."""
        if self._transport is not None:
            self._transport.close()
