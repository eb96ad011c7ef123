"""Text becomes speech for the telephone, and speech becomes text.

Every process imports this door and few speak, so what stands behind a name (and numpy with it)
is loaded when the name is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .audio import from_mulaw, to_mulaw
    from .errors import SpeechUnavailable
    from .hearing.ear import Ear, can_hear, open_ear
    from .hearing.heard import Heard
    from .language import language_tag, languages
    from .loudness import is_silent
    from .pictures import waveform
    from .registry import engines
    from .speaking import service_for, speak, speak_mulaw, stand_ins
    from .transcribing import Way, first_piece, rest, transcribe
    from .wav import read_wav, write_wav

__all__ = [
    "Ear",
    "Heard",
    "SpeechUnavailable",
    "Way",
    "can_hear",
    "engines",
    "first_piece",
    "from_mulaw",
    "is_silent",
    "language_tag",
    "languages",
    "open_ear",
    "read_wav",
    "rest",
    "service_for",
    "speak",
    "speak_mulaw",
    "stand_ins",
    "to_mulaw",
    "transcribe",
    "waveform",
    "write_wav",
]

_HOMES = {
    "Ear": "hearing.ear",
    "Heard": "hearing.heard",
    "Way": "transcribing",
    "can_hear": "hearing.ear",
    "open_ear": "hearing.ear",
    "SpeechUnavailable": "errors",
    "engines": "registry",
    "first_piece": "transcribing",
    "from_mulaw": "audio",
    "is_silent": "loudness",
    "language_tag": "language",
    "languages": "language",
    "read_wav": "wav",
    "rest": "transcribing",
    "service_for": "speaking",
    "speak": "speaking",
    "speak_mulaw": "speaking",
    "stand_ins": "speaking",
    "to_mulaw": "audio",
    "transcribe": "transcribing",
    "waveform": "pictures",
    "write_wav": "wav",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(importlib.import_module(f".{home}", __name__), name)
    globals()[name] = found
    return found
