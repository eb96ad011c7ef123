"""Keys that arrive as tones in the audio, from peers that agreed to no telephone-events.

Goertzel's sums, at the eight frequencies and the second harmonics of the high ones (those of the
low ones lie among the high), over windows of 13 ms every 6.5 ms; all windows of a packet at once,
as one product of matrices. A key is four windows in a row whose power lies in one low and one high
tone alone, balanced, without harmonics, and whose phase moves as the true frequency's does: speech
has all of this by chance only, and hardly four times.
Source: ITU-T Q.23 (frequencies), Q.24 (annex A: levels, twist, tolerance 1.5 to 3.5%, tones from
40 ms, gaps from 40 ms, breaks of 10 ms within a tone that are no gap).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .g711 import RATE, Law, as_codec, linear_of_mulaw
from .keys import HIGH, LOW, PAD
from .loudness import level

Powers: TypeAlias = NDArray[np.float64]

_WINDOW = 104  # 13 ms: tones 1.5% off still lie in it, neighbouring keys' do not
_HOP = 52
_HITS = 4  # windows in a row that are a key: 32 ms
_MISSES = 5  # windows in a row that end it: 32 ms
_QUIET = 30.0  # mean level of a packet under which no tone of -36 dB can be in it
_WEAKEST = (32768 * 10 ** (-36 / 20)) ** 2 / 2  # each tone's power
_PURE = 0.75  # of all power, in the two tones
_STRONGER_HIGH = 10 ** (7 / 10)  # twist: 4 dB are allowed, and 3 for a bad line
_STRONGER_LOW = 10 ** (11 / 10)  # reverse twist: 8 dB and 3
_HARMONIC = 10 ** (-10 / 10)
_DRIFT = 0.025  # of a frequency

_TONES = np.array(LOW + HIGH, dtype=np.float64)
_COUNT = 12  # the tones, and the high ones' harmonics
_ANGLES = 2 * np.pi / RATE * np.outer(np.arange(_WINDOW), [*_TONES, *(2 * _TONES[4:])])
_BASIS = np.hstack((np.cos(_ANGLES), -np.sin(_ANGLES)))
_PLACES = np.arange(_WINDOW) + _HOP * np.arange(32)[:, np.newaxis]
_STEP = np.exp(-2j * np.pi / RATE * _HOP * _TONES)  # undoes a true tone's turn over one hop
_MOST_TURN = 2 * np.pi / RATE * _HOP * _TONES * _DRIFT


class ToneReader:
    """Follows one peer's audio and calls `on_key` for each key, once, within 60 ms."""

    __slots__ = ("_hits", "_key", "_last", "_misses", "_on_key", "_rest", "_was_quiet", "pressed")

    def __init__(self, on_key: Callable[[str], None]) -> None:
        self.pressed = ""  # the key that is held down now
        self._on_key = on_key
        self._rest = b""
        self._was_quiet = True
        self._key = ""
        self._hits = self._misses = 0
        self._last: NDArray[np.complex128] | None = None

    def hear(self, audio: bytes, *, came_as: Law, timestamp: int, now: float) -> None:
        """Takes the next packet's audio, of any length."""
        del timestamp, now
        audio = as_codec(audio, came_as=came_as, wanted="PCMU")
        is_quiet = level(audio, "PCMU") < _QUIET
        if is_quiet and self._was_quiet:
            self._miss(len(audio) // _HOP)
            self._rest = b""
            return
        self._was_quiet = is_quiet
        strip = self._rest + audio
        count = min((len(strip) - _WINDOW) // _HOP + 1, len(_PLACES))
        if count > 0:
            self._look(linear_of_mulaw(strip), count)
        self._rest = strip[max(0, count) * _HOP :]

    def _look(self, samples: NDArray[np.int16], count: int) -> None:
        linear = samples[_PLACES[:count]].astype(np.float64)
        parts = linear @ _BASIS
        squares = parts * parts
        powers = (squares[:, :_COUNT] + squares[:, _COUNT:]) * (2 / _WINDOW**2)
        tones = powers[:, :4].max(axis=1) + powers[:, 4:8].max(axis=1)
        is_pure = tones >= _PURE / _WINDOW * np.einsum("ij,ij->i", linear, linear)
        if not is_pure.any():
            self._miss(count)
            return
        sums = parts[:, :_COUNT] + 1j * parts[:, _COUNT:]
        for number in range(count):
            low, high = int(powers[number, :4].argmax()), 4 + int(powers[number, 4:8].argmax())
            is_key = bool(is_pure[number]) and _is_balanced(powers[number], low, high)
            self._take(PAD[low][high - 4] if is_key else "", sums[number], low, high)

    def _take(self, key: str, sums: NDArray[np.complex128], low: int, high: int) -> None:
        last, self._last = self._last, sums
        if not key:
            self._miss(1)
            return
        is_same = key == self._key and last is not None and _is_steady(last, sums, (low, high))
        self._key = key
        self._hits = self._hits + 1 if is_same else 1
        if self._hits >= _HITS:
            self._misses = 0
            if self.pressed != key:
                self.pressed = key
                self._on_key(key)

    def _miss(self, windows: int) -> None:
        self._key = ""
        self._hits = 0
        self._misses += windows
        if self._misses >= _MISSES:
            self.pressed = ""


def _is_balanced(powers: Powers, low: int, high: int) -> bool:
    one, other = float(powers[low]), float(powers[high])
    return (
        min(one, other) >= _WEAKEST
        and other <= one * _STRONGER_HIGH
        and one <= other * _STRONGER_LOW
        and float(powers[4 + high]) <= other * _HARMONIC
    )


def _is_steady(
    last: NDArray[np.complex128], sums: NDArray[np.complex128], tones: tuple[int, int]
) -> bool:
    """Whether both tones turned between two windows as their true frequencies do."""
    for tone in tones:
        turn = np.angle(sums[tone] * np.conj(last[tone]) * _STEP[tone])
        if abs(turn) > _MOST_TURN[tone]:
            return False
    return True
