"""The audio of a caller who presses keys, and the instant at which the next menu is heard.

Each menu's prompt is one byte of its own all through, so that the first packet of it is known by
itself. The instant is the kernel's, so this process may be late without any harm to the figures.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import suppress

from tests.phone_audio import KEYS, PACKET, Rtp

SILENCE = 0xFF
_TICK = 0.02
_VOLUME = 10
_LASTING = 5  # packets of a press, 100 ms
_ENDS = 3  # RFC 4733 §2.5.1.4: the last packet is sent three times
_STAMPED = 35  # SO_TIMESTAMPNS of Linux's asm-generic/socket.h, which Python does not name
_STAMP = struct.Struct("@qq")


class Keypad(Rtp):
    """Sends silence all the time and keys as whole events; hears which menu speaks."""

    menu = SILENCE
    is_sounding = False
    speaks: asyncio.Event

    async def open(self, host: str = "127.0.0.1") -> None:
        """Binds a UDP port whose datagrams carry the time of their arrival."""
        self.speaks = asyncio.Event()
        self._socket = socket.socket(type=socket.SOCK_DGRAM)
        self._socket.settimeout(0)
        self._socket.setsockopt(socket.SOL_SOCKET, _STAMPED, 1)
        self._socket.bind((host, 0))
        self.port = self._socket.getsockname()[1]
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self._read)
        self._timer: asyncio.TimerHandle | None = None
        self._event: Iterator[bytes] = iter(())
        self._turn: asyncio.Future[float] | None = None

    def start(self, peer: tuple[str, int]) -> None:
        """Starts to send."""
        if self.peer is None:
            self.peer = peer
            self._due = self._loop.time()
            self._tick()

    def close(self) -> None:
        """Stops sending and gives the port back."""
        if self._timer is not None:
            self._timer.cancel()
        self._loop.remove_reader(self._socket)
        self._socket.close()

    def press(self, key: str) -> None:
        """Begins an event now, and not with the next packet's turn: a turn lasts 20 ms, and keys
        that are all pressed at its beginning meet the gateway's own turns always alike."""
        self._event = self._packets(KEYS.index(key))
        self._due = self._loop.time()
        self._tick()

    async def turn(self, key: str, *, within: float) -> tuple[float, float] | None:
        """Presses `key`; when its first packet was sent and when another menu's first arrived.

        Seconds of the real-time clock; None where no other menu was heard.
        """
        self._turn = self._loop.create_future()
        sent = time.time()
        self.press(key)
        with suppress(TimeoutError):
            return sent, await asyncio.wait_for(self._turn, within)
        return None

    def _packets(self, event: int) -> Iterator[bytes]:
        for step in range(_LASTING + _ENDS):
            is_end = step >= _LASTING
            length = PACKET * min(step + 1, _LASTING + 1)
            payload = struct.pack("!BBH", event, is_end << 7 | _VOLUME, length)
            yield self._head(self.digits_payload_type or 0, marker=not step) + payload
        self._timestamp += PACKET * (_LASTING + _ENDS)

    def _tick(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        packet = next(self._event, b"")
        if not packet:
            packet = self._head(self.payload_type) + bytes([SILENCE]) * PACKET
            self._timestamp += PACKET
        if self.peer is not None:
            with suppress(BlockingIOError):
                self._socket.sendto(packet, self.peer)
        self._due += _TICK
        self._timer = self._loop.call_at(self._due, self._tick)

    def _head(self, kind: int, *, marker: bool = False) -> bytes:
        self._sequence = (self._sequence + 1) & 0xFFFF
        kind |= marker << 7
        return struct.pack("!BBHII", 0x80, kind, self._sequence, self._timestamp, self._ssrc)

    def _read(self) -> None:
        with suppress(BlockingIOError):
            while True:
                data, extra, _, _ = self._socket.recvmsg(2048, socket.CMSG_SPACE(_STAMP.size))
                stamps = [part for _, kind, part in extra if kind == _STAMPED]
                seconds, rest = _STAMP.unpack(stamps[0])
                self._hear(data, seconds + rest / 1e9)

    def _hear(self, data: bytes, at: float) -> None:
        if data[1] & 0x7F != self.payload_type or len(data) != 12 + PACKET:
            return
        heard = data[-1]
        self.is_sounding = heard != SILENCE
        if heard in {self.menu, SILENCE} or data.count(heard, 12) != PACKET:
            return
        self.menu = heard
        self.speaks.set()
        if self._turn is not None and not self._turn.done():
            self._turn.set_result(at)
