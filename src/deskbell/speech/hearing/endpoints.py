"""When a caller begins and ceases to speak, by loudness against the line's own noise.

Works on µ-law in frames of 20 ms; a frame takes some tens of microseconds.
"""

from __future__ import annotations

import math
from enum import Enum
from typing import Final

import numpy as np

from ..audio import RATE, from_mulaw

FRAME: Final = RATE // 50
FRAME_SECONDS: Final = FRAME / RATE
QUIET_DB: Final = -48.0  # RMS, full scale is 0: nothing below it is taken for speech
ABOVE_NOISE_DB: Final = 9.0
LEARNING_FRAMES: Final = 5  # the quietest of the first is what the line is without speech
LOUDEST_NOISE_DB: Final = -28.0
RISE_DB: Final = 0.06  # a frame: noise that stays is learnt in some seconds
FALL: Final = 0.3
ONSET_FRAMES: Final = 3  # out of ONSET_WINDOW: 60 ms of speech
ONSET_WINDOW: Final = 4


class Change(Enum):
    """What a frame of sound means for whoever waits."""

    NONE = 0
    BEGAN = 1


class Endpointer:
    """Follows one caller, frame by frame; `silent_seconds` counts since the last loud frame."""

    def __init__(self) -> None:
        self.is_speaking = False
        self.silent_seconds = 0.0
        self.spoken_seconds = 0.0
        self._noise = LOUDEST_NOISE_DB
        self._learning = LEARNING_FRAMES
        self._recent = 0

    def take(self, frame: bytes) -> Change:
        """Looks at FRAME bytes of µ-law; says whether somebody just began to speak."""
        is_loud = self._is_loud(_level(frame))
        self._recent = ((self._recent << 1) | is_loud) & ((1 << ONSET_WINDOW) - 1)
        if not self.is_speaking:
            if self._recent.bit_count() < ONSET_FRAMES:
                return Change.NONE
            self.is_speaking = True
            self.silent_seconds = 0.0
            self.spoken_seconds = ONSET_FRAMES * FRAME_SECONDS
            return Change.BEGAN
        if is_loud:
            self.spoken_seconds += FRAME_SECONDS
            # One loud frame alone is a click: only two together end the silence.
            if self._recent & 0b11 == 0b11:
                self.silent_seconds = 0.0
                return Change.NONE
        self.silent_seconds += FRAME_SECONDS
        return Change.NONE

    def restart(self) -> None:
        """Waits for the next one to speak; what the line's noise is stays known."""
        self.is_speaking = False
        self.spoken_seconds = self.silent_seconds = 0.0
        self._recent = 0

    def _is_loud(self, level: float) -> bool:
        if self._learning:
            self._learning -= 1
            self._noise = min(self._noise, level)
            return False
        if level < self._noise:
            self._noise += FALL * (level - self._noise)
        else:
            self._noise = min(self._noise + RISE_DB, LOUDEST_NOISE_DB)
        return level > max(QUIET_DB, self._noise + ABOVE_NOISE_DB)


def _level(frame: bytes) -> float:
    """The frame's RMS in dB, without what lies below speech (hum, offset)."""
    samples = np.frombuffer(from_mulaw(frame), "<i2").astype(np.float32)
    rises = np.diff(samples, prepend=samples[:1])
    power = float(np.dot(rises, rises)) / max(1, len(rises))
    return 10 * math.log10(power / 2**30 + 1e-10) + 3.0
