"""Sound as the telephone network has it: 8 kHz mono, as PCM16 or as G.711.

G.711 is done by tables: one lookup a sample, no library. Inside the room sound is float32 between
-1 and 1 (`Samples`); between rooms it is bytes.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..foundation.errors import InvalidInput

RATE: Final = 8000

Samples: TypeAlias = NDArray[np.float32]

_BIAS: Final = 132
_CLIP: Final = 32635
_PART: Final = 1 << 19


@functools.cache
def _mulaw_to_pcm_table() -> NDArray[np.int16]:
    """What each µ-law byte means on the scale of PCM16. Source: ITU-T G.711, table 2."""
    code = ~np.arange(256) & 0xFF
    magnitude = ((((code & 0x0F) << 3) + _BIAS) << ((code >> 4) & 0x07)) - _BIAS
    table: NDArray[np.int16] = np.where(code & 0x80, -magnitude, magnitude).astype("<i2")
    return table


@functools.cache
def _pcm_to_mulaw_table() -> NDArray[np.uint8]:
    """The µ-law byte of each PCM16 sample, found by its 16 bits read without a sign."""
    pcm = np.arange(65536).astype(np.uint16).view(np.int16).astype(np.int32)
    magnitude = np.minimum(np.abs(pcm), _CLIP) + _BIAS
    exponent = np.log2(magnitude).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    sign = np.where(pcm < 0, 0x80, 0)
    table: NDArray[np.uint8] = (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8)
    return table


@functools.cache
def _alaw_to_pcm_table() -> NDArray[np.int16]:
    """What each A-law byte means on the scale of PCM16. Source: ITU-T G.711, table 1."""
    code = np.arange(256) ^ 0x55
    exponent = (code >> 4) & 0x07
    step = ((code & 0x0F) << 4) + 8
    magnitude = np.where(exponent == 0, step, (step + 256) << np.maximum(exponent - 1, 0))
    return np.where(code & 0x80, magnitude, -magnitude).astype("<i2")


def to_mulaw(pcm: bytes) -> bytes:
    """PCM16 little-endian to G.711 µ-law, one byte a sample. Raises InvalidInput for odd bytes."""
    if len(pcm) % 2:
        raise InvalidInput(f"PCM16 has two bytes a sample; {len(pcm)} bytes are not whole samples")
    codes = np.empty(len(pcm) // 2, np.uint8)
    samples, table = np.frombuffer(pcm, "<u2"), _pcm_to_mulaw_table()
    for start in range(0, len(samples), _PART):  # looking up takes eight bytes a sample meanwhile
        codes[start : start + _PART] = table[samples[start : start + _PART]]
    return codes.tobytes()


def from_mulaw(ulaw: bytes) -> bytes:
    """G.711 µ-law to PCM16 little-endian, two bytes a sample."""
    return _mulaw_to_pcm_table()[np.frombuffer(ulaw, np.uint8)].tobytes()


def from_alaw(alaw: bytes) -> bytes:
    """G.711 A-law to PCM16 little-endian, two bytes a sample."""
    return _alaw_to_pcm_table()[np.frombuffer(alaw, np.uint8)].tobytes()


def from_pcm(pcm: bytes) -> Samples:
    """PCM16 little-endian to samples between -1 and 1."""
    return np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768)


def to_pcm(samples: Samples) -> bytes:
    """Samples to PCM16 little-endian; what lies beyond -1 and 1 is clipped."""
    scaled = np.rint(samples * np.float32(32768))
    clipped: NDArray[np.int16] = np.clip(scaled, -32768, 32767).astype("<i2")
    return clipped.tobytes()


def resample(samples: Samples, rate: int) -> Samples:
    """Mono samples at `rate` to RATE, band-limited by soxr."""
    return np.concatenate([samples[:0], *resampled([samples], rate)])


def resampled(parts: Iterable[Samples], rate: int) -> Iterator[Samples]:
    """As `resample`, for sound that comes in parts that join without a seam."""
    if rate == RATE:
        yield from parts
        return
    import soxr  # type: ignore[import-untyped]  # has neither stubs nor a marker

    stream = soxr.ResampleStream(rate, RATE, 1, dtype="float32")
    for part in parts:
        yield np.asarray(stream.resample_chunk(part), np.float32)
    yield np.asarray(stream.resample_chunk(np.empty(0, np.float32), last=True), np.float32)
