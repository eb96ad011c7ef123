"""Prompts from all engines sound equally loud, and start and end with their words."""

from __future__ import annotations

from typing import Final

import numpy as np

from .audio import RATE, Samples, from_pcm

# Active speech in networks lies around -26 dBov (ITU-T G.111, P.56); prompts are commonly set
# somewhat above it, with their peaks clear of G.711's limit of +3.17 dBm0.
SPEECH_DB: Final = -20.0
PEAK_DB: Final = -2.0

SILENT_BELOW_DB: Final = -60.0

_FRAME: Final = RATE // 100
_PART: Final = 10_000 * 2 * _FRAME  # bytes that are looked at at once
_ACTIVE_BELOW_LOUDEST_DB: Final = -30.0
_SILENT_BELOW_LOUDEST_DB: Final = -45.0
_KEPT_BEFORE: Final = 2
_KEPT_AFTER: Final = 6
# Seconds that `trim` keeps around what is heard.
EDGE_BEFORE: Final = _KEPT_BEFORE / 100
EDGE_AFTER: Final = _KEPT_AFTER / 100

_KNEE: Final = 0.7


def is_silent(pcm: bytes) -> bool:
    """Whether nothing can be heard in PCM16 at 8 kHz: no 10 ms of it reach SILENT_BELOW_DB (RMS).

    A constant offset, as cheap sound cards add, is no sound.
    """
    samples = np.frombuffer(pcm, "<i2")
    if not samples.size:
        return True
    offset = np.float32(samples.mean()) / np.float32(32768)
    parts = (from_pcm(pcm[start : start + _PART]) for start in range(0, len(pcm), _PART))
    loudest = max(float(_frame_levels(part - offset).max()) for part in parts)
    return loudest < 10 ** (SILENT_BELOW_DB / 20)


def trim(samples: Samples) -> Samples:
    """8 kHz samples without the silence before and after, but for 20 and 60 ms; may be empty."""
    levels = _frame_levels(samples)
    heard = np.flatnonzero(levels > _below_loudest(levels, _SILENT_BELOW_LOUDEST_DB))
    if not heard.size:
        return samples[:0]
    first = max(0, int(heard[0]) - _KEPT_BEFORE)
    return samples[first * _FRAME : (int(heard[-1]) + 1 + _KEPT_AFTER) * _FRAME]


def level(samples: Samples) -> Samples:
    """8 kHz samples with active speech at SPEECH_DB (RMS, full scale is 0), peaks up to PEAK_DB."""
    levels = _frame_levels(samples)
    active = levels[levels > _below_loudest(levels, _ACTIVE_BELOW_LOUDEST_DB)]
    if not active.size:
        return samples
    wanted = 10 ** (SPEECH_DB / 20) / float(np.sqrt(np.mean(active**2)))
    allowed = 10 ** (PEAK_DB / 20) / float(np.max(np.abs(samples)))
    return samples * np.float32(min(wanted, allowed))


def amplified(samples: Samples, factor: float) -> Samples:
    """Samples times `factor`; peaks that would not fit are bent, so that they do not crackle."""
    louder = samples * np.float32(factor)
    if factor <= 1:
        return louder
    over = np.maximum(np.abs(louder) - _KNEE, 0)
    bent = _KNEE + (1 - _KNEE) * np.tanh(over / (1 - _KNEE))
    fitted: Samples = np.where(over > 0, np.sign(louder) * bent, louder).astype(np.float32)
    return fitted


def _below_loudest(levels: Samples, decibels: float) -> float:
    return float(levels.max(initial=0.0)) * 10 ** (decibels / 20)


def _frame_levels(samples: Samples) -> Samples:
    """The RMS of each frame of 10 ms; the last one is filled up with silence."""
    missing = -len(samples) % _FRAME
    frames = np.pad(samples, (0, missing)).reshape(-1, _FRAME)
    levels: Samples = np.sqrt(np.mean(frames**2, axis=1))
    return levels
