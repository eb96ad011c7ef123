"""A peer at the other end of a leg: one real UDP socket that speaks RTP."""

from __future__ import annotations

import itertools
import socket
import struct
import time
from collections.abc import Callable
from typing import NamedTuple

from deskbell.voice.media import Leg


class Heard(NamedTuple):
    """A packet that the leg sent."""

    marker: bool
    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes


def rtp(
    payload: bytes, *, kind: int = 0, sequence: int = 0, timestamp: int = 0, ssrc: int = 77
) -> bytes:
    """A datagram."""
    return struct.pack("!BBHII", 0x80, kind, sequence, timestamp, ssrc) + payload


def event(code: int, *, end: bool = False, length: int = 160) -> bytes:
    """The payload of a telephone-event."""
    return struct.pack("!BBH", code, 0x8A if end else 0x0A, length)


class Peer:
    """Sends to `leg` and hears what it sends; sequence and timestamp go on by themselves."""

    def __init__(self, leg: Leg, *, ssrc: int = 77) -> None:
        self.leg = leg
        self.ssrc = ssrc
        self.sequence = 0
        self.timestamp = 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(5)

    @property
    def port(self) -> int:
        return int(self.socket.getsockname()[1])

    def throw(self, datagram: bytes) -> None:
        self.socket.sendto(datagram, ("127.0.0.1", self.leg.port))

    def say(self, audio: bytes, *, kind: int = 0) -> None:
        """Sends `audio` in packets of 20 ms, as fast as the leg reads them."""
        for offset in range(0, len(audio), 160):
            payload = audio[offset : offset + 160]
            self.throw(
                rtp(
                    payload,
                    kind=kind,
                    sequence=self.sequence,
                    timestamp=self.timestamp,
                    ssrc=self.ssrc,
                )
            )
            self.sequence = (self.sequence + 1) & 0xFFFF
            self.timestamp = (self.timestamp + 160) & 0xFFFFFFFF

    def press(self, code: int, *, kind: int, packets: int = 3, ends: int = 3) -> None:
        """One key press: `packets` that report it, then its end `ends` times."""
        lengths = [160 * (number + 1) for number in range(packets)]
        for number, length in enumerate(lengths + lengths[-1:] * ends):
            self.throw(
                rtp(
                    event(code, end=number >= packets, length=length),
                    kind=kind,
                    sequence=self.sequence,
                    timestamp=self.timestamp,
                    ssrc=self.ssrc,
                )
            )
            self.sequence = (self.sequence + 1) & 0xFFFF
        self.timestamp += 160 * (packets + ends)

    def hear(self) -> Heard:
        """The next packet from the leg. Raises TimeoutError."""
        datagram = self.socket.recv(2048)
        first, second, sequence, timestamp, ssrc = struct.unpack("!BBHII", datagram[:12])
        assert first == 0x80
        return Heard(second >= 128, second & 127, sequence, timestamp, ssrc, bytes(datagram[12:]))

    def hear_until(self, wanted: Callable[[Heard], bool]) -> Heard:
        """The next packet that is as `wanted`, within 500 packets."""
        return next(heard for heard in (self.hear() for _ in range(500)) if wanted(heard))

    def close(self) -> None:
        self.socket.close()


def until(condition: Callable[[], bool], *, seconds: float = 5.0) -> None:
    """Waits for `condition`; fails where it does not come true in time."""
    limit = time.monotonic() + seconds
    for _ in itertools.count():
        if condition():
            return
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.002)
