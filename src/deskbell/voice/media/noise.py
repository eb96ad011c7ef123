"""Comfort noise: what a line sounds like on which nobody speaks.

A peer that stops sending may ask that its noise be made here (RFC 3389): its level is the first
byte of the payload, in dB under full scale. Its spectrum is not followed.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator

import numpy as np

from .g711 import PACKET_SAMPLES, SILENCE, mulaw_of_linear

_SECONDS = 2
_LOUDEST = 30  # dB under full scale: nobody is comforted by more
_STILL = 75


def noise(level: int) -> Iterator[bytes]:
    """Packets of µ-law noise, `level` dB under full scale, without end."""
    level = max(level & 0x7F, _LOUDEST)
    return itertools.cycle(_pieces(level)) if level < _STILL else itertools.repeat(SILENCE)


@functools.cache
def _pieces(level: int) -> tuple[bytes, ...]:
    count = _SECONDS * 50
    wave = np.random.default_rng(level).standard_normal(count * PACKET_SAMPLES)
    audio = mulaw_of_linear((wave * 32767 * 10 ** (-level / 20)).astype(np.int16))
    return tuple(
        audio[begin : begin + PACKET_SAMPLES] for begin in range(0, len(audio), PACKET_SAMPLES)
    )
