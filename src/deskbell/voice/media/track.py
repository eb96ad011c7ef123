"""One direction's audio as a steady strip: in order, what is missing filled with silence.

Recordings, taps and rooms all need the same of packets that come late, twice or not at all, so it
is done once, here. Positions are the packets' own timestamps; the clock only decides what a
timestamp that jumps may mean.
"""

from __future__ import annotations

import sys

from .g711 import PACKET_SAMPLES, RATE, SILENCE, Law, as_codec
from .rtp import step

_PATIENCE = 3 * PACKET_SAMPLES  # how long a missing packet may still come
_LATE = 8  # packets in a row that are all late: a new beginning, and not late at all


class Track:
    """Takes packets and gives audio in `law`; times are seconds of one clock.

    `limit` is the longest it gets, in samples. `is_aligned` makes it begin at `now`, with silence
    until the first packet; else it begins with that packet.
    """

    __slots__ = (
        "_fed_at",
        "_gap_end",
        "_is_aligned",
        "_late",
        "_law",
        "_limit",
        "_missing",
        "_next",
        "_silence",
        "_strip",
        "samples",
    )

    def __init__(
        self, *, law: Law, now: float, limit: int = sys.maxsize, is_aligned: bool = False
    ) -> None:
        self.samples = 0
        self._law: Law = law
        self._limit = limit
        self._is_aligned = is_aligned
        self._fed_at = now
        self._next: int | None = None
        self._silence = as_codec(SILENCE[:1], came_as="PCMU", wanted=law)
        self._strip = bytearray()
        self._late = 0
        self._gap_end = -1
        self._missing = 0

    @property
    def waiting(self) -> int:
        """Samples that can be cut off."""
        return len(self._strip)

    @property
    def is_mending(self) -> bool:
        """Whether a packet that is missing may still come."""
        return self._missing > 0 and self.samples - self._gap_end < _PATIENCE

    def hear(self, audio: bytes, *, came_as: Law, timestamp: int, now: float) -> bool:
        """Takes one packet's audio; whether it is the newest, and no late one."""
        audio = as_codec(audio, came_as=came_as, wanted=self._law)
        ahead = 0 if self._next is None else step(timestamp, self._next, bits=32)
        if -RATE < ahead < 0:
            self._late += 1
            if self._late < _LATE:
                self._mend(audio, ahead)
                return False
            ahead = 0
        self._late = 0
        missing = self._gap(ahead, now)
        self._add_silence(missing)
        if missing:
            self._gap_end, self._missing = self.samples, missing
        self._add(audio)
        self._next = (timestamp + len(audio)) & 0xFFFFFFFF
        self._fed_at = now
        return True

    def catch_up(self, now: float, lag: float) -> None:
        """Adds silence where no packet has come for `lag` seconds, up to that long ago."""
        missing = round((now - lag - self._fed_at) * RATE)
        if missing <= 0:
            return
        self._add_silence(missing)
        self._fed_at += missing / RATE
        if self._next is not None:
            self._next = (self._next + missing) & 0xFFFFFFFF

    def cut(self, samples: int) -> bytes:
        """Takes the first `samples` off, or as many as there are."""
        first = bytes(self._strip[:samples])
        del self._strip[:samples]
        return first

    def cut_filled(self, samples: int) -> bytes:
        """The same, and always as many: what is not there is silence."""
        first = self.cut(samples)
        return first + self._silence * (samples - len(first))

    def _gap(self, ahead: int, now: float) -> int:
        """Samples missing before a packet that is `ahead` of its place.

        A jump that the clock does not bear out is a new stream, not a gap: then the clock decides.
        """
        passed = round((now - self._fed_at) * RATE)
        if self._next is None:
            return max(0, passed - PACKET_SAMPLES) if self._is_aligned else 0
        if 0 <= ahead <= max(passed, 0) + RATE:
            return ahead
        return max(0, passed - PACKET_SAMPLES)

    def _add_silence(self, samples: int) -> None:
        if samples > 0:
            self._add(self._silence * min(samples, self._limit - self.samples))

    def _add(self, audio: bytes) -> None:
        self._strip += audio[: self._limit - self.samples]
        self.samples = min(self._limit, self.samples + len(audio))

    def _mend(self, audio: bytes, ahead: int) -> None:
        begin = len(self._strip) + ahead
        if begin >= 0 and begin + len(audio) <= len(self._strip):
            self._strip[begin : begin + len(audio)] = audio
            self._missing -= len(audio)
