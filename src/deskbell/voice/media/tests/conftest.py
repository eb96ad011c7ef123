"""A running media loop, its events, and peers that are closed afterwards."""

from __future__ import annotations

import os
import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from deskbell.foundation.environment import PortRange
from deskbell.voice.media import Leg, MediaEvent, MediaLoop
from deskbell.voice.media.codecs import Codec
from deskbell.voice.media.tests.peer import Peer


@dataclass
class Call:
    """A leg, its peer, the events that came, and where audio was tapped, its pieces."""

    leg: Leg
    peer: Peer
    events: queue.SimpleQueue[MediaEvent] = field(default_factory=queue.SimpleQueue)
    pieces: queue.SimpleQueue[bytes] = field(default_factory=queue.SimpleQueue)

    def next_event(self) -> MediaEvent:
        return self.events.get(timeout=5)

    def tapped(self, samples: int) -> bytes:
        """The first `samples` that the tap gave."""
        audio = b""
        while len(audio) < samples:
            audio += self.pieces.get(timeout=5)
        return audio[:samples]


def own_ports() -> PortRange:
    """Ports that no other worker of the same run takes."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    first = 41000 + 200 * (worker % 20)
    return PortRange(first, first + 199)


@pytest.fixture
def media() -> Iterator[MediaLoop]:
    loop = MediaLoop(host="127.0.0.1", ports=own_ports(), post=lambda act: act(), media_timeout=0.3)
    loop.start()
    yield loop
    loop.stop()


Dial = Callable[..., Call]


@pytest.fixture
def dial(media: MediaLoop) -> Iterator[Dial]:
    """Opens a leg and connects it to a peer of its own."""
    peers: list[Peer] = []

    def make(
        *,
        payload_type: int = 0,
        codec: Codec = "PCMU",
        digits: int | None = 101,
        connected: bool = True,
    ) -> Call:
        events: queue.SimpleQueue[MediaEvent] = queue.SimpleQueue()
        leg = media.open_leg(events.put)
        peer = Peer(leg)
        peers.append(peer)
        if connected:
            leg.connect(
                host="127.0.0.1",
                port=peer.port,
                payload_type=payload_type,
                codec=codec,
                digits_payload_type=digits,
            )
        return Call(leg, peer, events)

    yield make
    for peer in peers:
        peer.close()
