"""The tables against values of ITU-T G.711 and against each other."""

from __future__ import annotations

import struct

import pytest

from deskbell.voice.media.g711 import (
    ALAW_OF_MULAW,
    MULAW_OF_ALAW,
    Law,
    as_codec,
    to_linear,
)


@pytest.mark.parametrize(
    ("codec", "byte", "sample"),
    [
        ("PCMU", 0xFF, 0),
        ("PCMU", 0x80, 32124),
        ("PCMU", 0x00, -32124),
        ("PCMU", 0xEF, 132),
        ("PCMA", 0xD5, 8),
        ("PCMA", 0x55, -8),
        ("PCMA", 0xAA, 32256),
        ("PCMA", 0x2A, -32256),
    ],
)
def test_known_samples(codec: Law, byte: int, sample: int) -> None:
    assert to_linear(bytes([byte]), codec) == struct.pack("<h", sample)


def test_recoding_stays_near() -> None:
    every = bytes(range(256))
    for there, came_as in ((ALAW_OF_MULAW, "PCMU"), (MULAW_OF_ALAW, "PCMA")):
        codec: Law = "PCMU" if came_as == "PCMU" else "PCMA"
        other: Law = "PCMA" if codec == "PCMU" else "PCMU"
        before = struct.unpack("<256h", to_linear(every, codec))
        after = struct.unpack("<256h", to_linear(every.translate(there), other))
        assert all(abs(a - b) <= 8 + abs(a) / 32 for a, b in zip(before, after, strict=True))


def test_silence_stays_silence() -> None:
    assert as_codec(b"\xff", came_as="PCMU", wanted="PCMA") == b"\xd5"
    assert as_codec(b"\xd5", came_as="PCMA", wanted="PCMU") in {b"\xff", b"\xfe"}
    assert as_codec(b"same", came_as="PCMU", wanted="PCMU") == b"same"
