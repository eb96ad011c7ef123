"""eSpeak NG: small, quick, and speaks every language, if like a machine.

It is a program of its own (GPL-3.0), started once a text: it is ready in milliseconds.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from ....foundation.errors import InvalidInput
from ...errors import SpeechUnavailable
from ...provider import Sound, Voice

_PROGRAM: Final = "espeak-ng"
_WORDS_A_MINUTE: Final = 155
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

    def synthesise(self, text: str, *, language: str, voice: Voice) -> Sound:
        from ...audio import RATE
        from ...wav import read_wav

        variant = _WOMAN if voice == "Woman" else ""
        with tempfile.TemporaryDirectory(prefix="deskbell-") as folder:
            path = Path(folder) / "speech.wav"
            _run(text, voice=self.voice_for(language) + variant, path=path)
            try:
                return Sound(read_wav(path.read_bytes()), RATE)
            except (OSError, InvalidInput) as error:
                raise SpeechUnavailable(f"eSpeak NG left no sound: {error}") from error


def _run(text: str, *, voice: str, path: Path) -> None:
    """Writes the speech to `path`: only in a file does eSpeak NG go back to correct the header."""
    command = [_PROGRAM, "-v", voice, "-s", str(_WORDS_A_MINUTE), "-b", "1", "-w", str(path)]
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
