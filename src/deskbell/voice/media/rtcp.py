"""Reports to the peer on what arrived, and the peer's on what it heard of us.

Source: RFC 3550 §6.4.1 (sender reports), §6.4.2 (receiver reports), §6.5 (CNAME), A.3 (fraction
lost).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

SENDER_REPORT = 200
RECEIVER_REPORT = 201
_DESCRIPTION = 202
_NTP_EPOCH = 2_208_988_800  # seconds from 1900 to 1970

_HEADER = struct.Struct("!BBH")
_SENDER = struct.Struct("!IIIIII")
_BLOCK = struct.Struct("!IIIIII")


@dataclass(frozen=True, slots=True)
class Block:
    """One report block; `last_report` and `delay` as in §6.4.1 (LSR, DLSR)."""

    ssrc: int
    fraction: int
    lost: int
    highest: int
    jitter: int
    last_report: int = 0
    delay: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """A sender or receiver report: the middle of its time (0: none), and its blocks."""

    ssrc: int
    middle_time: int
    blocks: tuple[Block, ...]


def _ntp(at: float) -> tuple[int, int]:
    """Seconds since 1970 as NTP's seconds and 2^-32 seconds."""
    seconds = int(at)
    return (seconds + _NTP_EPOCH) & 0xFFFFFFFF, int((at - seconds) * 4294967296) & 0xFFFFFFFF


def middle_of(at: float) -> int:
    """The middle 32 bits of the NTP time `at`, which peers give back as `last_report`."""
    seconds, fraction = _ntp(at)
    return (seconds & 0xFFFF) << 16 | fraction >> 16


def write(
    *, ssrc: int, at: float, timestamp: int, packets: int, octets: int, block: Block | None
) -> bytes:
    """A compound packet: a sender report for `at` (seconds since 1970) and the CNAME."""
    seconds, fraction = _ntp(at)
    sender = _SENDER.pack(
        ssrc,
        seconds,
        fraction,
        timestamp,
        packets & 0xFFFFFFFF,
        octets & 0xFFFFFFFF,
    )
    blocks = b"" if block is None else _pack(block)
    name = b"%08x" % ssrc
    described = struct.pack("!IBB", ssrc, 1, len(name)) + name + b"\0\0"
    return (
        _packet(SENDER_REPORT, 0 if block is None else 1, sender + blocks)
        + _packet(_DESCRIPTION, 1, described)
    )  # fmt: skip


def read(datagram: bytes) -> Iterator[Report]:
    """The reports in any bytes at all; what is no RTCP holds none."""
    while len(datagram) >= 8:
        first, kind, words = _HEADER.unpack_from(datagram)
        size = 4 * (words + 1)
        if first & 0xC0 != 0x80 or size > len(datagram):
            return
        if kind in (SENDER_REPORT, RECEIVER_REPORT):
            report = _report(datagram[:size], kind, first & 0x1F)
            if report is not None:
                yield report
        datagram = datagram[size:]


def _packet(kind: int, count: int, body: bytes) -> bytes:
    return _HEADER.pack(0x80 | count, kind, len(body) // 4) + body


def _pack(block: Block) -> bytes:
    lost = max(-0x800000, min(block.lost, 0x7FFFFF)) & 0xFFFFFF
    return _BLOCK.pack(
        block.ssrc,
        block.fraction << 24 | lost,
        block.highest,
        block.jitter,
        block.last_report,
        block.delay,
    )


def _report(packet: bytes, kind: int, count: int) -> Report | None:
    begin = 28 if kind == SENDER_REPORT else 8
    if len(packet) < begin + _BLOCK.size * count:
        return None
    (ssrc,) = struct.unpack_from("!I", packet, 4)
    middle = struct.unpack_from("!I", packet, 10)[0] if kind == SENDER_REPORT else 0
    found = (_BLOCK.unpack_from(packet, begin + _BLOCK.size * one) for one in range(count))
    return Report(ssrc, middle, tuple(_block(*fields) for fields in found))


def _block(ssrc: int, loss: int, highest: int, jitter: int, last_report: int, delay: int) -> Block:
    lost = (loss & 0xFFFFFF ^ 0x800000) - 0x800000
    return Block(ssrc, loss >> 24, lost, highest, jitter, last_report, delay)
