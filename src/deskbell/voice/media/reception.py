"""What arrived, what did not, and how unevenly: the figures of one incoming stream.

Source: RFC 3550 appendix A.1 (sequence numbers), A.3 (loss), A.8 (jitter).
"""

from __future__ import annotations

import math

from .g711 import RATE

_DROPOUT = 3000
_JUMP = 10 * RATE  # a timestamp that wrapped or was set anew, and no late packet


class Reception:
    """Counts one peer's packets, over changes of its SSRC and jumps of its sequence too.

    Arrival is known to within one turn of the loop (5 ms), and jitter with it.
    """

    __slots__ = ("_base", "_earlier_lost", "_got", "_top", "_transit", "jitter", "received", "ssrc")

    def __init__(self) -> None:
        self.ssrc = -1
        self.received = 0
        self.jitter = 0.0
        self._earlier_lost = 0
        self._base = 0
        self._top = -1
        self._got = 0
        self._transit = -math.inf

    @property
    def lost(self) -> int:
        """Packets that were sent, as the sequence numbers show, and never came."""
        return self._earlier_lost + max(0, self._top - self._base + 1 - self._got)

    @property
    def highest(self) -> int:
        """The highest sequence number so far, extended to 32 bits by the times it wrapped."""
        return max(self._top, 0) & 0xFFFFFFFF

    @property
    def jitter_ms(self) -> float:
        """Interarrival jitter in milliseconds."""
        return self.jitter * 1000 / RATE

    def count(self, ssrc: int, sequence: int) -> None:
        """Takes one packet into the counts."""
        self.received += 1
        ahead = (sequence - self._top) & 0xFFFF
        if ssrc != self.ssrc or _DROPOUT <= ahead <= 0x10000 - _DROPOUT:
            self._start_over(ssrc, sequence)
        elif ahead < _DROPOUT:
            self._top += ahead
        self._got += 1

    def time(self, timestamp: int, now: float) -> None:
        """Takes the arrival at `now` (seconds) of audio sampled at `timestamp` into the jitter."""
        transit = now * RATE - timestamp
        change = transit - self._transit
        if -_JUMP < change < _JUMP:
            self.jitter += (abs(change) - self.jitter) / 16
        self._transit = transit

    def _start_over(self, ssrc: int, sequence: int) -> None:
        self._earlier_lost = self.lost
        self.ssrc = ssrc
        self._base = self._top = sequence
        self._got = 0
        self._transit = -math.inf
