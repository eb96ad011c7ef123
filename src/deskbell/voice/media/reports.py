"""One leg's RTCP: when to report, what to say, and what the peer said of us."""

from __future__ import annotations

import random
import time

from .g711 import PACKET_SAMPLES, RATE
from .reception import Reception
from .rtcp import Block, middle_of, read, write

_EVERY = 5.0  # RFC 3550 §6.2: the least interval; each one 0.5 to 1.5 times as long (§6.3.1)


class Reports:
    """Keeps one leg's side of RTCP. Times are monotonic seconds."""

    __slots__ = (
        "_due",
        "_expected",
        "_heard_at",
        "_middle",
        "_received",
        "_sent_at",
        "_sent_middle",
        "jitter_ms",
        "lost",
        "round_trip_ms",
    )

    def __init__(self) -> None:
        self.lost = 0
        self.jitter_ms = 0.0
        self.round_trip_ms = 0.0
        self._sent_middle = 0
        self._sent_at = 0.0
        self._due = 0.0
        self._expected = self._received = 0
        self._middle = 0
        self._heard_at = 0.0

    def is_due(self, now: float) -> bool:
        """Whether to report now; plans the next report then."""
        if now < self._due:
            return False
        first = not self._due
        self._due = now + _EVERY * random.uniform(0.5, 1.5)  # noqa: S311 - spreads load, no secret
        return not first

    def write(
        self, heard: Reception, *, ssrc: int, timestamp: int, packets: int, now: float
    ) -> bytes:
        """The report on what was sent and on `heard`."""
        at = time.time()
        self._sent_middle, self._sent_at = middle_of(at), now
        return write(
            ssrc=ssrc,
            at=at,
            timestamp=timestamp,
            packets=packets,
            octets=packets * PACKET_SAMPLES,
            block=self._block(heard, now) if heard.received else None,
        )

    def take(self, datagram: bytes, *, ssrc: int, now: float) -> None:
        """Takes what the peer reports, of which only what is about `ssrc`, ours, counts."""
        for report in read(datagram):
            if report.middle_time:
                self._middle, self._heard_at = report.middle_time, now
            for block in report.blocks:
                if block.ssrc == ssrc:
                    self.lost = max(0, block.lost)
                    self.jitter_ms = block.jitter * 1000 / RATE
                    self._time(block, now)

    def _time(self, block: Block, now: float) -> None:
        """RFC 3550 §6.4.1: what has passed since our last report, less what it lay there."""
        if block.last_report and block.last_report == self._sent_middle:
            passed = now - self._sent_at - block.delay / 65536
            self.round_trip_ms = max(0.0, passed) * 1000

    def _block(self, heard: Reception, now: float) -> Block:
        lost, received = heard.lost, heard.received
        expected = lost + received
        new = expected - self._expected
        missing = new - (received - self._received)
        self._expected, self._received = expected, received
        delay = int((now - self._heard_at) * 65536) & 0xFFFFFFFF if self._middle else 0
        return Block(
            ssrc=heard.ssrc,
            fraction=min(255, 256 * missing // new) if new > 0 and missing > 0 else 0,
            lost=lost,
            highest=heard.highest,
            jitter=int(heard.jitter),
            last_report=self._middle,
            delay=delay,
        )
