"""A peer at the other end of a leg: one real UDP socket that speaks RTP."""

from __future__ import annotations

import contextlib
import itertools
import socket
import struct
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deskbell.voice.media import Leg
from deskbell.voice.media.g711 import mulaw_of_linear


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

    def forget_all(self) -> None:
        """Throws away what has arrived until now."""
        self.socket.settimeout(0)
        with contextlib.suppress(BlockingIOError):
            while True:
                self.socket.recv(2048)
        self.socket.settimeout(5)

    def hear_audio(self, packets: int) -> bytes:
        """The payloads of the next `packets`."""
        return b"".join(self.hear().payload for _ in range(packets))

    def hear_until(self, wanted: Callable[[Heard], bool]) -> Heard:
        """The next packet that is as `wanted`, within 500 packets."""
        return next(heard for heard in (self.hear() for _ in range(500)) if wanted(heard))

    def close(self) -> None:
        self.socket.close()


def converse(talks: Sequence[tuple[Peer, bytes]], *, kind: int = 0) -> None:
    """Has all peers talk at once, by the clock: each its audio, a packet every 20 ms."""
    begun = time.monotonic()
    for number in range(max(len(audio) for _, audio in talks) // 160):
        time.sleep(max(0.0, begun + 0.02 * number - time.monotonic()))
        for peer, audio in talks:
            peer.say(audio[160 * number : 160 * (number + 1)], kind=kind)


def sine(frequency: float, *, seconds: float, size: float = 6000) -> bytes:
    """A pure tone in µ-law."""
    at = np.arange(round(8000 * seconds)) * (2 * np.pi * frequency / 8000)
    return mulaw_of_linear((size * np.sin(at)).astype(np.int16))


def loudness_of(frequency: float, linear: NDArray[np.int16]) -> float:
    """How large a sine of `frequency` is in `linear`, by its Fourier transform."""
    window = np.hanning(len(linear))
    spectrum = np.abs(np.fft.rfft(linear * window)) * 2 / window.sum()
    place = round(frequency * len(linear) / 8000)
    return float(spectrum[place - 2 : place + 3].max())


def until(condition: Callable[[], bool], *, seconds: float = 5.0) -> None:
    """Waits for `condition`; fails where it does not come true in time."""
    limit = time.monotonic() + seconds
    for _ in itertools.count():
        if condition():
            return
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.002)
