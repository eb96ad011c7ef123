"""WAV files as people upload them become what the telephone plays, and recordings become WAV.

Uploads come from strangers, so every number in a header is checked against the bytes that follow;
the standard library's reader knows neither G.711 nor float, and trusts what it reads.
Source: Microsoft, "Multiple channel audio data and WAVE files"; RFC 2361 for the format codes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from ..foundation.errors import InvalidInput
from .audio import RATE, Samples, from_alaw, from_mulaw, from_pcm, resampled, to_pcm

MIN_RATE: Final = 4000
MAX_RATE: Final = 384_000

_PART: Final = 1 << 19  # samples that are decoded at once

_PCM: Final = 1
_FLOAT: Final = 3
_ALAW: Final = 6
_MULAW: Final = 7
_EXTENSIBLE: Final = 0xFFFE
_EXTENSIBLE_TAIL: Final = bytes.fromhex("000000001000800000aa00389b71")
_KNOWN: Final = {
    (_PCM, 8),
    (_PCM, 16),
    (_PCM, 24),
    (_PCM, 32),
    (_FLOAT, 32),
    (_FLOAT, 64),
    (_ALAW, 8),
    (_MULAW, 8),
}
_TAKEN: Final = "PCM of 8, 16, 24 or 32 bits, float, µ-law and A-law are taken"


@dataclass(frozen=True, slots=True)
class _Format:
    code: int
    channels: int
    rate: int
    bits: int

    @property
    def frame_bytes(self) -> int:
        return self.channels * self.bits // 8


def read_wav(content: bytes) -> bytes:
    """The sound of a WAV file as PCM16 little-endian, mono, 8 kHz; channels are mixed.

    Takes PCM of 8, 16, 24 and 32 bits, float of 32 and 64, µ-law and A-law, any number of
    channels, MIN_RATE to MAX_RATE. Raises InvalidInput, in words for whoever chose the file, for
    anything else, for a file that is cut short, and for one whose header contradicts itself.
    """
    chunks = _read_chunks(content)
    if "fmt " not in chunks:
        raise _wrong("has no format chunk")
    form = _read_format(chunks["fmt "])
    data = chunks.get("data", b"")
    if not data:
        raise _wrong("has no sound in it")
    if len(data) % form.frame_bytes:
        raise _wrong(f"does not hold whole samples of {form.frame_bytes} bytes")
    if (form.code, form.channels, form.rate, form.bits) == (_PCM, 1, RATE, 16):
        return data
    pcm = b"".join(to_pcm(part) for part in resampled(_mono(data, form), form.rate))
    if not pcm:
        raise _wrong("is too short to be heard")
    return pcm


def write_wav(pcm: bytes) -> bytes:
    """A WAV file around PCM16 little-endian, mono, 8 kHz."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, _PCM, 1, RATE, 2 * RATE, 2, 16)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", len(pcm)) + pcm
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def _wrong(what: str) -> InvalidInput:
    return InvalidInput(f"This WAV file {what}; please save it again as PCM WAV", field="file")


def _read_chunks(content: bytes) -> dict[str, bytes]:
    """The first chunk of each name."""
    if len(content) < 12 or content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise InvalidInput(
            "This is not a WAV file. Save the sound as WAV, then upload that.", field="file"
        )
    end = 8 + int.from_bytes(content[4:8], "little")
    if end > len(content):
        raise _wrong(f"is cut short: it says {end} bytes and has {len(content)}")
    if end + end % 2 < len(content):
        raise _wrong(f"goes on after its end: it says {end} bytes and has {len(content)}")
    chunks: dict[str, bytes] = {}
    at = 12
    while at + 8 <= end:
        name, size = struct.unpack_from("<4sI", content, at)
        at += 8
        if at + size > end:
            raise _wrong(f"is cut short: a part says {size} bytes where {end - at} are left")
        chunks.setdefault(name.decode("latin-1"), content[at : at + size])
        at += size + size % 2
    return chunks


def _read_format(chunk: bytes) -> _Format:
    if len(chunk) < 16:
        raise _wrong(f"has a format chunk of {len(chunk)} bytes, not 16 or more")
    code, channels, rate, bytes_a_second, frame_bytes, bits = struct.unpack_from("<HHIIHH", chunk)
    if code == _EXTENSIBLE and len(chunk) >= 40 and chunk[26:40] == _EXTENSIBLE_TAIL:
        code = int.from_bytes(chunk[24:26], "little")
    if (code, bits) not in _KNOWN:
        raise _wrong(f"has format {code} with {bits} bits ({_TAKEN})")
    if not MIN_RATE <= rate <= MAX_RATE:
        raise _wrong(f"has {rate} samples a second, not {MIN_RATE} to {MAX_RATE}")
    form = _Format(code, channels, rate, bits)
    if not channels or frame_bytes != form.frame_bytes or bytes_a_second != rate * frame_bytes:
        raise _wrong("contradicts itself on channels, bits and bytes a second")
    return form


def _mono(data: bytes, form: _Format) -> Iterator[Samples]:
    """The sound with its channels mixed, in parts: a whole upload as floats fills the memory."""
    size = max(1, _PART // form.channels) * form.frame_bytes
    for start in range(0, len(data), size):
        part = _decode(data[start : start + size], form).reshape(-1, form.channels)
        yield part.mean(axis=1, dtype=np.float32)


def _decode(data: bytes, form: _Format) -> Samples:
    """Samples between -1 and 1, channels interleaved."""
    if form.code == _FLOAT:
        return _decode_float(data, form.bits)
    if form.code == _MULAW:
        return from_pcm(from_mulaw(data))
    if form.code == _ALAW:
        return from_pcm(from_alaw(data))
    return _decode_pcm(data, form.bits)


def _decode_float(data: bytes, bits: int) -> Samples:
    values = np.frombuffer(data, f"<f{bits // 8}")
    if not np.isfinite(values).all():
        raise _wrong("has samples that are no numbers")
    return np.asarray(np.clip(values, -1.0, 1.0), np.float32)


def _decode_pcm(data: bytes, bits: int) -> Samples:
    if bits == 16:
        return from_pcm(data)
    if bits == 8:
        return (np.frombuffer(data, np.uint8).astype(np.float32) - 128) / np.float32(128)
    if bits == 32:
        return (np.frombuffer(data, "<i4") / 2.0**31).astype(np.float32)
    # 24 bits become the upper three bytes of 32, which keeps the sign.
    wide = np.zeros((len(data) // 3, 4), np.uint8)
    wide[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
    return (wide.view("<i4").ravel() / 2.0**31).astype(np.float32)
