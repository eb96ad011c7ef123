"""Headers: what is RTP, where its payload lies, and that nothing at all breaks the reader."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.voice.media.rtp import parse, step

PLAIN = struct.pack("!BBHII", 0x80, 0, 7, 160, 9)


def header(first: int, second: int = 0) -> bytes:
    return struct.pack("!BBHII", first, second, 7, 160, 9)


@pytest.mark.parametrize(
    ("datagram", "payload"),
    [
        (PLAIN + b"audio", b"audio"),
        (PLAIN, b""),
        (header(0x80, 0x80) + b"marked", b"marked"),
        (header(0x82) + b"c" * 8 + b"two sources", b"two sources"),
        (header(0x90) + struct.pack("!HH", 1, 2) + b"x" * 8 + b"extended", b"extended"),
        (header(0x91) + b"c" * 4 + struct.pack("!HH", 1, 0) + b"both", b"both"),
        (header(0xA0) + b"padded" + b"\0\0\x03", b"padded"),
    ],
)
def test_payload_is_found_behind_whatever_the_header_has(datagram: bytes, payload: bytes) -> None:
    packet = parse(datagram, len(datagram))
    assert packet is not None
    kind, sequence, timestamp, ssrc, start, end = packet
    assert (kind, sequence, timestamp, ssrc) == (0, 7, 160, 9)
    assert datagram[start:end] == payload


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        PLAIN[:11],
        header(0x00) + b"version 0",
        header(0x40) + b"version 1",
        header(0x8F) + b"fifteen sources, none there",
        header(0x90) + b"\0\1",
        header(0x90) + struct.pack("!HH", 1, 500) + b"short",
        header(0xA0) + b"too much padding\xff",
        header(0xA0) + b"no padding\0",
        header(0x80, 200) + b"a sender report of RTCP",
    ],
)
def test_what_is_no_rtp_is_refused(datagram: bytes) -> None:
    assert parse(datagram, len(datagram)) is None


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_a_fault(datagram: bytes) -> None:
    packet = parse(datagram, len(datagram))
    if packet is not None:
        assert 12 <= packet[4] <= packet[5] <= len(datagram)


@given(st.sampled_from([0x80, 0x90, 0xA0, 0xB5, 0x8F]), st.binary(min_size=11, max_size=80))
def test_any_bytes_behind_a_right_beginning_are_too(first: int, rest: bytes) -> None:
    datagram = bytes([first]) + rest
    packet = parse(datagram, len(datagram))
    assert packet is None or 12 <= packet[4] <= packet[5] <= len(datagram)


@pytest.mark.parametrize(
    ("new", "old", "ahead"), [(5, 3, 2), (3, 5, -2), (0, 0xFFFF, 1), (0xFFFF, 0, -1), (9, 9, 0)]
)
def test_steps_go_over_the_wrap(new: int, old: int, ahead: int) -> None:
    assert step(new, old, bits=16) == ahead
