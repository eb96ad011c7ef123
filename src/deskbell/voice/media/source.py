"""Whose packets a leg believes: symmetric RTP that a stray packet cannot steal.

Peers behind NAT send from another address than their SDP names, so the leg sends to where
the audio comes from (RFC 4961 §3). The named address is believed at once, another one after two
packets in a row; once a source is found, another one takes over only as the same stream (SSRC)
after the old one has fallen silent.
"""

from __future__ import annotations

FALLEN_SILENT = 0.5


class Source:
    """The address (a packed socket address) that a leg hears, and through it sends to."""

    __slots__ = ("_candidate", "address", "heard_at", "named", "ssrc")

    def __init__(self, named: bytes, now: float) -> None:
        self.named = named
        self.address = b""
        self.ssrc = -1
        self.heard_at = now
        self._candidate: tuple[bytes, int, int] | None = None

    def admits(self, address: bytes, ssrc: int, sequence: int, now: float) -> bool:
        """Whether to take a packet that came from `address` at `now`.

        Where it is the first from a new source, `self.address` is that source from now on.
        """
        if address == self.address or self._wins(address, ssrc, sequence, now):
            self.address, self.ssrc, self.heard_at = address, ssrc, now
            return True
        return False

    def _wins(self, address: bytes, ssrc: int, sequence: int, now: float) -> bool:
        if self.address:
            return ssrc == self.ssrc and now - self.heard_at >= FALLEN_SILENT
        if address == self.named or self._candidate == (address, ssrc, sequence):
            return True
        self._candidate = (address, ssrc, (sequence + 1) & 0xFFFF)
        return False
