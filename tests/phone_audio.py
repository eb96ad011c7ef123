"""The audio of the test phone: RTP both ways and keys as RFC 4733 events, a packet every 20 ms."""

from __future__ import annotations

import asyncio
import secrets
import struct
from collections import deque
from typing import Any

PACKET = 160
KEYS = "0123456789*#ABCD"


class Datagrams(asyncio.DatagramProtocol):
    """A UDP socket that hands on what it gets."""

    def __init__(self, receive: Any) -> None:
        self._receive = receive

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """asyncio's call."""
        self._receive(data)


class Rtp:
    """The audio of one call, both ways, a packet every 20 ms."""

    def __init__(self, *, payload_type: int, digits_payload_type: int | None) -> None:
        self.payload_type = payload_type
        self.digits_payload_type = digits_payload_type
        self.peer: tuple[str, int] | None = None
        self.port = 0
        self.received: dict[int, bytes] = {}
        self.keys = ""
        self.arrived = asyncio.Event()
        self.is_muted = False
        self._transport: asyncio.DatagramTransport | None = None
        self._sequence = secrets.randbelow(1000)
        self._timestamp = secrets.randbelow(100_000)
        self._ssrc = secrets.randbits(32)
        self._highest = -1
        self._event_at = -1
        self._queue: deque[bytes] = deque()
        self._keys: deque[str] = deque()
        self._idle = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def open(self, host: str = "127.0.0.1") -> None:
        """Binds a UDP port on the loopback address `host`."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: Datagrams(self._on_packet), local_addr=(host, 0)
        )
        self.port = self._transport.get_extra_info("sockname")[1]

    def start(self, peer: tuple[str, int]) -> None:
        """Starts to send."""
        self.peer = peer
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    def close(self) -> None:
        """Stops sending and gives the port back."""
        if self._task is not None:
            self._task.cancel()
        if self._transport is not None:
            self._transport.close()

    def heard(self) -> bytes:
        """Every payload so far, in the order of sequence numbers."""
        return b"".join(self.received[number] for number in sorted(self.received))

    def speak(self, audio: bytes) -> None:
        """Puts audio in line to be sent."""
        self._idle.clear()
        for start in range(0, len(audio), PACKET):
            self._queue.append(audio[start : start + PACKET].ljust(PACKET, b"\xff"))

    async def spoken(self) -> None:
        """Waits until all that was to be said and pressed is sent."""
        await self._idle.wait()

    def press(self, key: str) -> None:
        """Puts a key in line to be sent (RFC 4733)."""
        self._idle.clear()
        self._keys.append(key)

    def _on_packet(self, data: bytes) -> None:
        if len(data) < 12:
            return
        kind = data[1] & 0x7F
        if kind == self.digits_payload_type:
            self._on_key(data)
        if kind != self.payload_type:
            return
        number = struct.unpack_from("!H", data, 2)[0]
        if self._highest >= 0:
            ahead = (number - self._highest) & 0xFFFF
            number = self._highest + (ahead if ahead < 0x8000 else ahead - 0x10000)
        self._highest = max(self._highest, number)
        self.received[number] = data[12:]
        self.arrived.set()

    def _on_key(self, data: bytes) -> None:
        """Takes a key of the other side's: one event however many packets tell of it."""
        timestamp = struct.unpack_from("!I", data, 4)[0]
        if len(data) >= 16 and timestamp != self._event_at and data[12] < len(KEYS):
            self._event_at = timestamp
            self.keys += KEYS[data[12]]
            self.arrived.set()

    def _send(self, payload_type: int, payload: bytes, *, marker: bool = False) -> None:
        if self._transport is None or self.peer is None:
            return
        self._sequence = (self._sequence + 1) & 0xFFFF
        kind = payload_type | (0x80 if marker else 0)
        head = struct.pack("!BBHII", 0x80, kind, self._sequence, self._timestamp, self._ssrc)
        self._transport.sendto(head + payload, self.peer)

    def _send_key(self, key: str) -> None:
        if self.digits_payload_type is None:
            raise AssertionError("this call has no telephone-event")
        event = KEYS.index(key)
        for step in range(7):
            is_end = step >= 4
            duration = 160 * min(step + 1, 5)
            payload = struct.pack("!BBH", event, 0x8A if is_end else 0x0A, duration)
            self._send(self.digits_payload_type, payload, marker=step == 0)
        self._timestamp += 160 * 5

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            if self._keys:
                self._send_key(self._keys.popleft())
            elif not self.is_muted:
                silence = {0: b"\xff", 8: b"\xd5"}.get(self.payload_type, b"\xfa")
                self._send(
                    self.payload_type, self._queue.popleft() if self._queue else silence * PACKET
                )
            self._timestamp += PACKET
            if not self._queue and not self._keys:
                self._idle.set()
            due += 0.02
            await asyncio.sleep(max(0.0, due - loop.time()))
