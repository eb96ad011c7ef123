"""eSpeak NG: small, quick, and speaks every language, if like a machine.

It is a program of its own (GPL-3.0), started once a text: it is ready in milliseconds.
"""

from __future__ import annotations

import math
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ....foundation.errors import InvalidInput
from ...errors import SpeechUnavailable
from ...provider import Sound, Voice

_PROGRAM: Final = "espeak-ng"
_WORDS_A_MINUTE: Final = 155
_FEWEST_WORDS: Final = 80
_USUAL_PITCH: Final = 50
# How much of an octave lies between its usual pitch and 0, and between that and 99: measured.
_OCTAVES_DOWN: Final = 0.535
_OCTAVES_UP: Final = 0.74
_TIMEOUT_SECONDS: Final = 60.0
_WOMAN: Final = "+f3"

# Where its name for a voice is not simply the language. Source: espeak-ng --voices.
_VOICES: Final = {
    "en-US": "en-us",
    "en-AU": "en-gb",
    "en-GB": "en-gb",
    "en-IN": "en-gb",
    "es-MX": "es-419",
    "es-US": "es-419",
    "fr-FR": "fr-fr",
    "fr-BE": "fr-be",
    "fr-CA": "fr-fr",
    "fr-CH": "fr-ch",
    "pt-BR": "pt-br",
    "zh-CN": "cmn",
    "zh-HK": "yue",
}


class Espeak:
    """The `espeak-ng` found on PATH."""

    name = "espeak"

    def is_installed(self) -> bool:
        return shutil.which(_PROGRAM) is not None

    def speaks(self, *, language: str, voice: Voice) -> bool:
        """All of them: the room's table of languages was made from eSpeak NG's."""
        return bool(language and voice)

    def voice_for(self, language: str) -> str:
        """Its own name for the voice of a language."""
        return _VOICES.get(language, language.partition("-")[0])

    def synthesise(
        self, text: str, *, language: str, voice: Voice, rate: float = 1.0, pitch: float = 1.0
    ) -> Sound:
        from ...audio import RATE
        from ...wav import read_wav

        variant = _WOMAN if voice == "Woman" else ""
        with tempfile.TemporaryDirectory(prefix="deskbell-") as folder:
            path = Path(folder) / "speech.wav"
            manner = ["-s", str(_words_a_minute(rate)), "-p", str(_pitch(pitch))]
            _run(text, manner, voice=self.voice_for(language) + variant, path=path)
            try:
                return Sound(read_wav(path.read_bytes()), RATE)
            except (OSError, InvalidInput) as error:
                raise SpeechUnavailable(f"eSpeak NG left no sound: {error}") from error


def _words_a_minute(rate: float) -> int:
    return max(_FEWEST_WORDS, round(_WORDS_A_MINUTE * rate))


def _pitch(factor: float) -> int:
    """Its own scale, from 0 to 99, is even in octaves on either side of the usual."""
    octaves = math.log2(factor)
    span = _OCTAVES_UP if octaves > 0 else _OCTAVES_DOWN
    return min(max(round(_USUAL_PITCH * (1 + octaves / span)), 0), 99)


def _run(text: str, manner: Sequence[str], *, voice: str, path: Path) -> None:
    """Writes the speech to `path`: only in a file does eSpeak NG go back to correct the header."""
    command = [_PROGRAM, "-v", voice, *manner, "-b", "1", "-w", str(path)]
    try:
        done = subprocess.run(  # noqa: S603  a fixed program; the text goes to its standard input
            [*command, "--stdin"],
            input=text.encode(),
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SpeechUnavailable(f"eSpeak NG did not speak: {error}") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise SpeechUnavailable(f"eSpeak NG did not speak in {voice}: {said or done.returncode}")


ESPEAK: Final = Espeak()
