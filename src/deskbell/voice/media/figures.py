"""The figures that tell whether callers hear well."""

from __future__ import annotations

import bisect
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

_KEPT = 2_000  # turns: ten seconds


@dataclass(frozen=True, slots=True)
class LegFigures:
    """One leg's packets both ways.

    `dropped` counts datagrams that were garbage or from a stranger, `jitter_ms` is RFC 3550's.
    The peer's own view of our audio, where its RTCP told: `peer_lost`, `peer_jitter_ms`, and
    `round_trip_ms`, 0 where it did not. `mos` is what a listener would say of the peer's audio
    here (`quality`), 1 to 4.4; 0 where nothing was heard.
    """

    packets_sent: int
    packets_received: int
    packets_lost: int
    jitter_ms: float
    dropped: int
    peer_lost: int = 0
    peer_jitter_ms: float = 0.0
    round_trip_ms: float = 0.0
    mos: float = 0.0

    @property
    def loss(self) -> float:
        """The share of the peer's packets that never came, 0 to 1."""
        return self.packets_lost / max(1, self.packets_lost + self.packets_received)


@dataclass(frozen=True, slots=True)
class Histogram:
    """How often values fell under each of `bounds` (upper, inclusive), and how much in all.

    `counts` has one more than `bounds`: what lies above the last. Not cumulative.
    """

    bounds: tuple[float, ...]
    counts: tuple[int, ...]
    total: float


@dataclass(frozen=True, slots=True)
class MediaFigures:
    """The whole plane since its start; tick lateness over the last ten seconds.

    Lateness is that of the last packet of each turn after its due time, in milliseconds: what
    the worst-served leg of that turn heard. `skipped` counts turns given up after a standstill.
    The histograms count from the start: every turn's lateness, and the jitter, loss and mean
    opinion score of legs that are closed and heard something.
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
    lateness_ms: Histogram
    leg_jitter_ms: Histogram
    leg_loss_percent: Histogram
    leg_mos: Histogram


class Counter:
    """A histogram that is being filled."""

    __slots__ = ("_bounds", "_counts", "_total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = tuple(bounds)
        self._counts = [0] * (len(self._bounds) + 1)
        self._total = 0.0

    def add(self, value: float) -> None:
        """Counts `value`."""
        self._counts[bisect.bisect_left(self._bounds, value)] += 1
        self._total += value

    def histogram(self) -> Histogram:
        """The counts so far."""
        return Histogram(self._bounds, tuple(self._counts), self._total)


class LegCounters:
    """The figures of legs that are over."""

    __slots__ = ("jitter_ms", "loss_percent", "mos")

    def __init__(self) -> None:
        self.jitter_ms = Counter((1, 2, 5, 10, 20, 30, 50, 100))
        self.loss_percent = Counter((0, 0.1, 0.5, 1, 2, 5, 10, 20))
        self.mos = Counter((1, 2, 2.5, 3, 3.5, 3.8, 4, 4.2, 4.4))

    def add(self, leg: LegFigures) -> None:
        """Counts a leg, if it heard anything."""
        if leg.packets_received:
            self.jitter_ms.add(leg.jitter_ms)
            self.loss_percent.add(100 * leg.loss)
            self.mos.add(leg.mos)


class Lateness:
    """The last ten seconds' lateness, in a ring of fixed size, and since the start by size."""

    __slots__ = ("_next", "_ring", "counter")

    def __init__(self) -> None:
        self.counter = Counter((0.5, 1, 2, 5, 10, 20, 50, 100))
        self._ring = array("d")
        self._next = 0

    def add(self, seconds: float) -> None:
        """Takes one turn's lateness."""
        self.counter.add(seconds * 1000)
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
