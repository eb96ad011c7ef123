"""A peer's audio for whoever listens along while it is spoken: a recogniser of speech."""

from __future__ import annotations

from collections.abc import Callable

from .g711 import PACKET_SAMPLES, Law
from .track import Track

_MOST = 3 * PACKET_SAMPLES
_LAG = 0.06  # seconds without packets until there is silence instead


class Tap:
    """Gives what the peer says to `take`, as µ-law in order, in pieces of 20 to 60 ms.

    Nothing waits, but where a packet is missing, for up to 60 ms, in case it still comes.
    """

    __slots__ = ("_take", "_track")

    def __init__(self, take: Callable[[bytes], None], now: float) -> None:
        self._take = take
        self._track = Track(law="PCMU", now=now)

    def hear(self, audio: bytes, *, came_as: Law, timestamp: int, now: float) -> None:
        """Takes what the peer said."""
        self._track.hear(audio, came_as=came_as, timestamp=timestamp, now=now)
        self._give()

    def due(self, now: float) -> None:
        """To be asked every 20 ms: fills in silence for a peer that sends none."""
        self._track.catch_up(now, _LAG)
        self._give()

    def _give(self) -> None:
        track = self._track
        while track.waiting >= PACKET_SAMPLES and not track.is_mending:
            self._take(track.cut(min(track.waiting, _MOST)))
