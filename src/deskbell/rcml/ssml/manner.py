"""How a piece is spoken: factors of a voice's own rate, pitch and volume.

Source: w3.org/TR/speech-synthesis11, section 3.2.4; where it leaves a label's meaning to the voice,
the figures are ours. SSML 1.0's numbers are taken too, because carriers' pages still show them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

RATES: Final = (0.4, 2.5)
PITCHES: Final = (0.7, 1.6)
VOLUMES: Final = (0.0, 4.0)

_USUAL_HERTZ: Final = 120.0
_RATES: Final = {
    "x-slow": 0.5,
    "slow": 0.75,
    "medium": 1.0,
    "default": 1.0,
    "fast": 1.3,
    "x-fast": 1.7,
}
_PITCHES: Final = {
    "x-low": 0.75,
    "low": 0.87,
    "medium": 1.0,
    "default": 1.0,
    "high": 1.15,
    "x-high": 1.33,
}
# Silent; then 12 and 6 dB below, and 6 and 9 dB above.
_VOLUMES: Final = {
    "silent": 0.0,
    "x-soft": 0.25,
    "soft": 0.5,
    "medium": 1.0,
    "default": 1.0,
    "loud": 2.0,
    "x-loud": 2.8,
}
_NUMBER: Final = re.compile(
    r"([+-]?)(\d{1,4}(?:\.\d{1,4})?)(%|st|Hz|dB|)", re.ASCII | re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Manner:
    """Factors: 1 is how the voice speaks by itself; `rate` 2 is twice as fast, `volume` of the
    sound's amplitude.
    """

    rate: float = 1.0
    pitch: float = 1.0
    volume: float = 1.0

    def also(self, other: Manner) -> Manner:
        """Both at once, within what can be spoken and understood."""
        return Manner(
            _within(self.rate * other.rate, RATES),
            _within(self.pitch * other.pitch, PITCHES),
            _within(self.volume * other.volume, VOLUMES),
        )


AS_EVER: Final = Manner()
EMPHASIS: Final = {
    "strong": Manner(0.88, 1.08, 1.5),
    "moderate": Manner(0.94, 1.04, 1.25),
    "none": AS_EVER,
    "reduced": Manner(1.06, 1.0, 0.75),
}


def prosody(attributes: Mapping[str, str]) -> Manner:
    """The manner that a `prosody` element asks for; what cannot be read changes nothing."""
    return AS_EVER.also(
        Manner(
            *(
                _or_one(read(attributes.get(name, "")))
                for name, read in (("rate", rate), ("pitch", pitch), ("volume", volume))
            )
        )
    )


def rate(text: str) -> float | None:
    """`slow`, `80%` (of the usual rate), `+10%`, `1.5`; None for anything else."""
    if text in _RATES:
        return _RATES[text]
    sign, number, unit = _read(text)
    if unit == "%" and not sign:
        return number / 100 or None
    if unit == "%":
        return _changed(sign, number)
    return number or None if unit == "" and not sign else None


def pitch(text: str) -> float | None:
    """`low`, `+10%`, `-2st` (semitones), `+20Hz` or `140Hz` (of a usual voice)."""
    if text in _PITCHES:
        return _PITCHES[text]
    sign, number, unit = _read(text)
    if unit == "%":
        return _changed(sign or "+", number)
    if unit == "st":
        return float(2 ** (_signed(sign, min(number, 24.0)) / 12))
    if unit == "hz":
        hertz = _signed(sign, number) + (_USUAL_HERTZ if sign else 0.0)
        return max(hertz, 1.0) / _USUAL_HERTZ
    return None


def volume(text: str) -> float | None:
    """`soft`, `+6dB`, `-10%`; a number from 0 to 100 is SSML 1.0's, where 100 is as ever."""
    if text in _VOLUMES:
        return _VOLUMES[text]
    sign, number, unit = _read(text)
    if unit == "db":
        return float(10 ** (_signed(sign, min(number, 60.0)) / 20))
    if unit == "%":
        return _changed(sign or "+", number)
    if unit == "" and not sign and number <= 100:
        return number / 100
    return None


def _read(text: str) -> tuple[str, float, str]:
    """Sign, number and unit; a unit that there is not where it is no number."""
    found = _NUMBER.fullmatch(text.strip())
    return (found[1], float(found[2]), found[3].lower()) if found else ("", 0.0, "none")


def _signed(sign: str, number: float) -> float:
    return -number if sign == "-" else number


def _changed(sign: str, percent: float) -> float:
    return max(1 + _signed(sign, percent) / 100, 0.01)


def _or_one(factor: float | None) -> float:
    return 1.0 if factor is None else factor


def _within(factor: float, bounds: tuple[float, float]) -> float:
    return min(max(factor, bounds[0]), bounds[1])
