"""Whose packets a leg believes: symmetric RTP that a stray packet cannot steal.

Peers behind NAT send from another address than their SDP names, so the leg sends to where
the audio comes from (RFC 4961 §3). The named address is believed at once, another one after two
packets in a row; once a source is found, another one takes over only as the same stream (SSRC)
after the old one has fallen silent. Key presses alone are also taken from other ports of the
same host, as some peers make them in another place than their audio; they move nothing.
"""

from __future__ import annotations

FALLEN_SILENT = 0.5

# where a packed IPv4 or IPv6 socket address has its port, and from where on its host
_PORT = slice(2, 4)
_HOST = 4
_NO_PORT = b"\0\0"  # nobody can be answered there


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

    def is_beside(self, address: bytes) -> bool:
        """Whether `address` is a port of the host that is heard, or that was named."""
        return address[_HOST:] == (self.address or self.named)[_HOST:]

    @property
    def control(self) -> bytes:
        """Where RTCP goes: the port above the audio's (RFC 3550 §11); `b""` while held."""
        heard = self.address or self.named
        port = int.from_bytes(heard[_PORT])
        if not port or port == 0xFFFF:
            return b""
        return heard[:2] + (port + 1).to_bytes(2) + heard[_HOST:]

    def _wins(self, address: bytes, ssrc: int, sequence: int, now: float) -> bool:
        if address[_PORT] == _NO_PORT:
            return False
        if self.address:
            return ssrc == self.ssrc and now - self.heard_at >= FALLEN_SILENT
        if address == self.named or self._candidate == (address, ssrc, sequence):
            return True
        self._candidate = (address, ssrc, (sequence + 1) & 0xFFFF)
        return False
