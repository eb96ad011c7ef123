"""What arrived, what did not, and how unevenly: the figures of one incoming stream.

Source: RFC 3550 appendix A.1 (sequence numbers), A.3 (loss), A.8 (jitter).
"""

from __future__ import annotations

from .g711 import RATE
from .rtp import step

_DROPOUT = 3000


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
        self._transit: float | None = None

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

    def count(self, *, ssrc: int, sequence: int) -> None:
        """Takes one packet into the counts."""
        self.received += 1
        ahead = step(sequence, self._top & 0xFFFF, bits=16)
        if ssrc != self.ssrc or not -_DROPOUT < ahead < _DROPOUT:
            self._start_over(ssrc, sequence)
        elif ahead > 0:
            self._top += ahead
        self._got += 1

    def time(self, *, timestamp: int, now: float) -> None:
        """Takes the arrival at `now` (seconds) of audio sampled at `timestamp` into the jitter."""
        transit = (now * RATE - timestamp) % 4294967296.0
        if self._transit is not None:
            change = abs(transit - self._transit)
            self.jitter += (min(change, 4294967296.0 - change) - self.jitter) / 16
        self._transit = transit

    def _start_over(self, ssrc: int, sequence: int) -> None:
        self._earlier_lost = self.lost
        self.ssrc = ssrc
        self._base = self._top = sequence
        self._got = 0
        self._transit = None
