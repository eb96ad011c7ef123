"""The figures that tell whether callers hear well."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

_KEPT = 2_000  # turns: ten seconds


@dataclass(frozen=True, slots=True)
class LegFigures:
    """One leg's packets both ways.

    `dropped` counts datagrams that were garbage or from a stranger, `jitter_ms` is RFC 3550's.
    The peer's own view of our audio, where its RTCP told: `peer_lost`, `peer_jitter_ms`.
    """

    packets_sent: int
    packets_received: int
    packets_lost: int
    jitter_ms: float
    dropped: int
    peer_lost: int = 0
    peer_jitter_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class MediaFigures:
    """The whole plane since its start; tick lateness over the last ten seconds.

    Lateness is that of the last packet of each turn after its due time, in milliseconds: what
    the worst-served leg of that turn heard. `skipped` counts turns given up after a standstill.
    """

    legs: int
    packets_sent: int
    packets_received: int
    dropped: int
    unsent: int
    faults: int
    skipped: int
    tick_p50_ms: float
    tick_p99_ms: float
    tick_max_ms: float


class Lateness:
    """The last ten seconds' lateness, in a ring of fixed size."""

    __slots__ = ("_next", "_ring")

    def __init__(self) -> None:
        self._ring = array("d")
        self._next = 0

    def add(self, seconds: float) -> None:
        """Takes one turn's lateness."""
        if len(self._ring) < _KEPT:
            self._ring.append(seconds)
        else:
            self._ring[self._next] = seconds
            self._next = (self._next + 1) % _KEPT

    def percentiles_ms(self) -> tuple[float, float, float]:
        """Median, 99th percentile and maximum, in milliseconds; zeros where nothing ran."""
        ordered = sorted(self._ring)
        if not ordered:
            return 0.0, 0.0, 0.0
        last = len(ordered) - 1
        return (
            ordered[round(last * 0.5)] * 1000,
            ordered[round(last * 0.99)] * 1000,
            ordered[last] * 1000,
        )
