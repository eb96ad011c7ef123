"""Reading and writing RTP headers: pure functions, because anybody can send us anything.

Source: RFC 3550 §5.1 (header), §5.3.1 (extension), RFC 5761 §4 (telling RTCP from RTP).
"""

from __future__ import annotations

import struct
from typing import TypeAlias

HEADER_SIZE = 12
MARKER = 0x80
PLAIN = 0x80  # version 2, no padding, no extension, no contributing sources

_HEADER = struct.Struct("!BBHII")
_EXTENSION = struct.Struct("!HH")

write_header = _HEADER.pack


# payload type, sequence number, timestamp, SSRC, and where the payload begins and ends. A plain
# tuple, because one is made 50 times a second for every call.
Packet: TypeAlias = tuple[int, int, int, int, int, int]


def parse(datagram: bytes | bytearray | memoryview, size: int) -> Packet | None:
    """The packet in the first `size` bytes of `datagram`, or None where they are no RTP.

    Takes any bytes at all and never raises. The payload is `datagram[start:end]`, not yet copied.
    RTCP that came to the RTP port is no RTP.
    """
    if size < HEADER_SIZE:
        return None
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(datagram)
    payload_type = second & 0x7F
    if first & 0xC0 != 0x80 or 64 <= payload_type <= 95:
        return None
    start, end = HEADER_SIZE, size
    if first != PLAIN:
        bounds = _payload_bounds(datagram, first, size)
        if bounds is None:
            return None
        start, end = bounds
    return payload_type, sequence, timestamp, ssrc, start, end


def _payload_bounds(
    datagram: bytes | bytearray | memoryview, first: int, size: int
) -> tuple[int, int] | None:
    start = HEADER_SIZE + 4 * (first & 0x0F)
    if first & 0x10:
        if start + _EXTENSION.size > size:
            return None
        start += _EXTENSION.size + 4 * int(_EXTENSION.unpack_from(datagram, start)[1])
    padding = datagram[size - 1] if first & 0x20 else 0
    if first & 0x20 and not padding:
        return None
    end = size - padding
    return (start, end) if start <= end else None


def step(new: int, old: int, *, bits: int) -> int:
    """How far `new` lies ahead of `old` in counters of `bits` bits that wrap; negative: behind."""
    half = 1 << (bits - 1)
    return ((new - old + half) & ((1 << bits) - 1)) - half
