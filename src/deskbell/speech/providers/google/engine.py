"""Google's Text-to-Speech, for languages that name it: `google.en-GB-Wavenet-A`.

Source: cloud.google.com/text-to-speech/docs/reference/rest/v1/text.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final

from ....foundation.errors import DeskbellError
from ...errors import SpeechUnavailable
from ...provider import Sound, Voice
from .service import Service, is_named

SPEAK_URL: Final = "https://texttospeech.googleapis.com/v1/text:synthesize"
SECONDS: Final = 6.0
_RATE: Final = 8000
_GENDERS: Final = {"Man": "MALE", "Woman": "FEMALE"}


class Google:
    """The service, with the key or account of the environment."""

    name = "google"
    # Source: cloud.google.com/text-to-speech/docs/ssml.
    says_as = frozenset(
        {
            "characters",
            "cardinal",
            "currency",
            "date",
            "fraction",
            "ordinal",
            "spell-out",
            "telephone",
            "time",
            "unit",
            "verbatim",
        }
    )

    def __init__(self) -> None:
        self._service = Service()

    def is_installed(self) -> bool:
        return is_named()

    def synthesise(
        self, text: str, *, language: str, voice: Voice, named: str, ssml: str = ""
    ) -> Sound:
        """`named` is Google's own name of a voice, or empty for one of the language."""
        from ...wav import read_wav

        wanted = {"languageCode": language, "ssmlGender": _GENDERS[voice]}
        if named:
            wanted = {"languageCode": language, "name": named}
        request = {
            "input": {"ssml": ssml} if ssml else {"text": text},
            "voice": wanted,
            "audioConfig": {"audioEncoding": "LINEAR16", "sampleRateHertz": _RATE},
        }
        found = self._service.ask(SPEAK_URL, request, seconds=SECONDS)
        try:
            return Sound(read_wav(base64.b64decode(found["audioContent"])), _RATE)
        except (KeyError, TypeError, binascii.Error, DeskbellError) as error:
            raise SpeechUnavailable("Google answered without sound") from error


GOOGLE: Final = Google()
