"""G.711 by lookup tables, so that turning a packet over costs one call into C.

The media thread only ever moves G.711 bytes; linear samples exist in recordings alone, and those
are made in the writer's thread. Source of the tables: ITU-T G.711 (11/1988), tables 1a to 2b.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

Codec: TypeAlias = Literal["PCMU", "PCMA"]

RATE = 8000
PACKET_SAMPLES = 160
SILENCE = b"\xff" * PACKET_SAMPLES


def _linear_of_mulaw(byte: int) -> int:
    code = ~byte & 0xFF
    size = ((((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84
    return -size if code & 0x80 else size


def _linear_of_alaw(byte: int) -> int:
    code = byte ^ 0x55
    segment = (code & 0x70) >> 4
    size = ((code & 0x0F) << 4) + 8
    if segment:
        size = (size + 0x100) << (segment - 1)
    return size if code & 0x80 else -size


_MULAW = [_linear_of_mulaw(byte) for byte in range(256)]
_ALAW = [_linear_of_alaw(byte) for byte in range(256)]


def _recoded(wanted: list[int], given: list[int]) -> bytes:
    """For each byte of the given codec the nearest of the wanted one, of the same sign."""
    return bytes(
        min(range(256), key=lambda byte: (abs(wanted[byte] - value), (byte ^ source) & 0x80))
        for source, value in enumerate(given)
    )


def _halves(values: list[int]) -> tuple[bytes, bytes]:
    return bytes(value & 0xFF for value in values), bytes(value >> 8 & 0xFF for value in values)


ALAW_OF_MULAW = _recoded(_ALAW, _MULAW)
MULAW_OF_ALAW = _recoded(_MULAW, _ALAW)
_HALVES: dict[Codec, tuple[bytes, bytes]] = {"PCMU": _halves(_MULAW), "PCMA": _halves(_ALAW)}


def to_linear(audio: bytes, codec: Codec) -> bytes:
    """G.711 bytes as PCM16 little-endian: two bytes for each byte of `audio`."""
    low, high = _HALVES[codec]
    samples = bytearray(2 * len(audio))
    samples[0::2] = audio.translate(low)
    samples[1::2] = audio.translate(high)
    return bytes(samples)


def as_codec(audio: bytes, *, came_as: Codec, wanted: Codec) -> bytes:
    """`audio` in the codec `wanted`; the same object where that is what it came as."""
    if came_as == wanted:
        return audio
    return audio.translate(ALAW_OF_MULAW if wanted == "PCMA" else MULAW_OF_ALAW)
