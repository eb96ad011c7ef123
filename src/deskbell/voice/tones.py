"""What a caller hears who waits: ringing as in their country, and music, made by functions.

Nobody's recordings are needed, and nobody's rights. All clips are G.711 µ-law at 8 kHz, made once
for each process; the first making of the music takes about 0.1 s.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deskbell import speech

RATE: Final = 8000
EDGE_SECONDS: Final = 0.005
RINGING_VOLUME: Final = 0.12  # of full scale for each tone, about -18 dB
NOTE_VOLUME: Final = 0.07
NOTE_SECONDS: Final = 0.375
_CHORDS: Final = (  # in semitones from the A of 220 Hz: C, A minor, F, G; each as two pairs
    ((3, 10), (7, 15)),
    ((0, 7), (3, 12)),
    ((-4, 3), (0, 8)),
    ((-2, 5), (2, 10)),
)
_TURNS: Final = ((0, 1, 0, 1), (1, 0, 1, 0))

Samples = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ringing:
    """How it rings in a country: tones in hertz, and seconds of sound and silence in turn."""

    hertz: tuple[float, ...]
    cadence: tuple[float, ...]


_AMERICAN: Final = Ringing((440, 480), (2, 4))
_EUROPEAN: Final = Ringing((425,), (1, 4))
_BRITISH: Final = Ringing((400, 450), (0.4, 0.2, 0.4, 2))
# Source: ITU-T E.180 Supplement 2, "Various tones used in national networks". Two-letter country
# codes as TwiML's ringTone has them.
_RINGING: Final[dict[str, Ringing]] = {
    "us": _AMERICAN,
    "ca": _AMERICAN,
    "uk": _BRITISH,
    "gb": _BRITISH,
    "ie": _BRITISH,
    "nz": _BRITISH,
    "au": Ringing((400, 425), (0.4, 0.2, 0.4, 2)),
    "in": Ringing((400,), (0.4, 0.2, 0.4, 2)),
    "sg": Ringing((425,), (0.4, 0.2, 0.4, 2)),
    "my": Ringing((425,), (0.4, 0.2, 0.4, 2)),
    "za": Ringing((400,), (0.4, 0.2, 0.4, 2)),
    "jp": Ringing((400,), (1, 2)),
    "tw": Ringing((440, 480), (1, 2)),
    "cn": Ringing((450,), (1, 4)),
    "br": Ringing((425,), (1, 4)),
    "cl": Ringing((400,), (1, 3)),
    "mx": Ringing((425,), (1, 4)),
    "fr": Ringing((440,), (1.5, 3.5)),
    "es": Ringing((425,), (1.5, 3)),
    "pt": Ringing((425,), (1, 5)),
    "se": Ringing((425,), (1, 5)),
    "at": Ringing((420,), (1, 5)),
    "be": Ringing((425,), (1, 3)),
    "hu": Ringing((425,), (1.25, 3.75)),
    "il": Ringing((400,), (1, 3)),
    "ru": Ringing((425,), (0.8, 3.2)),
}
_AS_IN_EUROPE: Final = frozenset(
    (
        "bg",
        "ch",
        "cz",
        "de",
        "dk",
        "ee",
        "fi",
        "gr",
        "it",
        "lt",
        "nl",
        "no",
        "pl",
        "ph",
        "ro",
        "th",
        "tr",
        "ve",
    )
)


def _mulaw(samples: Samples) -> bytes:
    return speech.to_mulaw((samples * 32767).astype("<i2").tobytes())


def _tone(hertz: Sequence[float], seconds: float, volume: float) -> Samples:
    count = round(seconds * RATE)
    at = np.arange(count) / RATE
    sound: Samples = np.sum([np.sin(2 * np.pi * one * at) for one in hertz], axis=0) * volume
    edge = np.minimum(1.0, np.minimum(at, at[::-1]) / EDGE_SECONDS)
    faded: Samples = sound * edge
    return faded


def ringing_of(country: str) -> Ringing:
    """How it rings in a country, by its two letters; unknown ones ring as in the US."""
    code = country.strip().lower()[:2]
    return _EUROPEAN if code in _AS_IN_EUROPE else _RINGING.get(code, _AMERICAN)


def ringing(country: str = "us") -> bytes:
    """One round of a country's ringing, for playing in a loop."""
    return _ringing(ringing_of(country))


@functools.cache
def _ringing(how: Ringing) -> bytes:
    parts = [
        np.zeros(round(seconds * RATE)) if place % 2 else _tone(how.hertz, seconds, RINGING_VOLUME)
        for place, seconds in enumerate(how.cadence)
    ]
    return _mulaw(np.concatenate(parts))


def _note(semitone: int) -> Samples:
    """One soft note that dies away, with a little of its octave."""
    at = np.arange(round(2 * NOTE_SECONDS * RATE)) / RATE
    hertz = 220 * 2 ** (semitone / 12)
    wave = np.sin(2 * np.pi * hertz * at) + 0.25 * np.sin(4 * np.pi * hertz * at)
    attack = np.minimum(1.0, at / 0.02)
    release = np.minimum(1.0, at[::-1] / 0.05)
    note: Samples = NOTE_VOLUME * wave * attack * release * np.exp(-3.0 * at)
    return note


@functools.cache
def music() -> bytes:
    """Twelve seconds of quiet music, two notes at a time, for playing in a loop."""
    step = round(NOTE_SECONDS * RATE)
    turns = [
        chord[place]
        for bar, chord in enumerate(_CHORDS * 2)
        for place in _TURNS[bar // len(_CHORDS)]
    ]
    sound = np.zeros(step * len(turns))
    for place, pair in enumerate(turns):
        for semitone in pair:
            note = _note(semitone)
            # the last note rings on into the beginning: the loop has no seam
            places = (np.arange(note.size) + place * step) % sound.size
            sound[places] += note
    return _mulaw(sound)
