"""G.711 by lookup tables, so that turning a packet over costs one call into C.

The media thread moves G.711 bytes. Linear samples exist only where legs are mixed or speak G.722,
and in recordings, which are made in the writer's thread.
Source of the tables: ITU-T G.711 (11/1988), tables 1a to 2b.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Law: TypeAlias = Literal["PCMU", "PCMA"]
Samples: TypeAlias = NDArray[np.int16]

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


ALAW_OF_MULAW = _recoded(_ALAW, _MULAW)
MULAW_OF_ALAW = _recoded(_MULAW, _ALAW)
_LINEAR: dict[Law, NDArray[np.int16]] = {
    "PCMU": np.array(_MULAW, dtype="<i2"),
    "PCMA": np.array(_ALAW, dtype="<i2"),
}


def _mulaw_by_linear() -> NDArray[np.uint8]:
    """For each 16-bit pattern the nearest µ-law byte; the last bit decides nothing."""
    order = np.argsort(np.array(_MULAW), kind="stable")
    levels = np.array(_MULAW)[order]
    values = np.arange(65536).astype(np.uint16).view(np.int16).astype(np.int64)
    after = np.clip(np.searchsorted(levels, values), 1, 255)
    nearer = np.where(values - levels[after - 1] <= levels[after] - values, after - 1, after)
    return order[nearer].astype(np.uint8)


_MULAW_BY_LINEAR = _mulaw_by_linear()
_MULAW_IN_ORDER = np.roll(_MULAW_BY_LINEAR, 32768)
_LINEAR_BY_MULAW = np.array(_MULAW, dtype=np.int16)


def linear_of_mulaw(audio: bytes) -> Samples:
    """Each byte's sample."""
    return _LINEAR_BY_MULAW[np.frombuffer(audio, np.uint8)]


def mulaw_of_linear(samples: Samples) -> bytes:
    """Each sample as its nearest µ-law byte."""
    return _MULAW_BY_LINEAR[samples.view(np.uint16)].tobytes()


def mulaw_of_sums(sums: NDArray[np.int64]) -> bytes:
    """Each sum of samples as its nearest µ-law byte; what is beyond full scale is cut off."""
    return _MULAW_IN_ORDER.take(sums + 32768, mode="clip").tobytes()


def to_linear(audio: bytes, codec: Law) -> bytes:
    """G.711 bytes as PCM16 little-endian: two bytes for each byte of `audio`."""
    return _LINEAR[codec][np.frombuffer(audio, np.uint8)].tobytes()


def as_codec(audio: bytes, *, came_as: Law, wanted: Law) -> bytes:
    """`audio` in the codec `wanted`; the same object where that is what it came as."""
    if came_as == wanted:
        return audio
    return audio.translate(ALAW_OF_MULAW if wanted == "PCMA" else MULAW_OF_ALAW)
