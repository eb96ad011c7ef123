"""What a recogniser sees of sound: how loud each of some bands is, a hundred times a second.

The bands are those of the acoustic model that a telephone line lets through; numbers that do not
change with time (the model's scale) are left out of account. Source: CMU Sphinx's front end, after
the parameters that PocketSphinx's model names.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..audio import from_mulaw
from .narrowband import BANDS, FIRST, RATE, edge

Array = NDArray[Any]

STEP: Final = RATE // 100
_WINDOW: Final = 205
_POINTS: Final = 256
_EMPHASIS: Final = 0.97
_LEAST: Final = 1.0  # power: the rounding of G.711


def loudness(mulaw: bytes) -> Array:
    """Logarithms of power, frames by bands; no frame where the sound is shorter than 26 ms."""
    samples = np.frombuffer(from_mulaw(mulaw), "<i2").astype(np.float64)
    if len(samples) < _WINDOW:
        return np.zeros((0, BANDS))
    samples[1:] -= _EMPHASIS * samples[:-1]
    frames = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::STEP]
    power = np.abs(np.fft.rfft(frames * np.hamming(_WINDOW), _POINTS)) ** 2
    bands: Array = np.log(power @ _FILTERS.T + _LEAST)
    return bands


def with_deltas(frames: Array) -> list[Array]:
    """The frames, how they change within 40 ms, and how that does."""
    wide = np.pad(frames, ((3, 3), (0, 0)), "edge")
    changes = wide[4:] - wide[:-4]
    return [frames, changes[1:-1], changes[2:] - changes[:-2]]


def _filters() -> Array:
    hertz = np.fft.rfftfreq(_POINTS, 1 / RATE)
    low, middle, high = (
        np.array([[edge(FIRST + number + offset)] for number in range(BANDS)])
        for offset in range(3)
    )
    rising, falling = (hertz - low) / (middle - low), (high - hertz) / (high - middle)
    triangles: Array = np.maximum(0, np.minimum(rising, falling)) * 2 / (high - low)
    return triangles


_FILTERS: Final = _filters()
