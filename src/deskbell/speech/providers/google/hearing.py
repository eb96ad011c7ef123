"""Google's Speech-to-Text, for recordings: what is said in up to a minute of them.

Source: cloud.google.com/speech-to-text/docs/reference/rest/v1/speech/recognize (a request's
RecognitionConfig and RecognitionAudio, an answer's results) and
cloud.google.com/speech-to-text/docs/enhanced-models (`phone_call`).
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ...errors import SpeechUnavailable
from .service import Service, is_named

HEAR_URL: Final = "https://speech.googleapis.com/v1/speech:recognize"
SECONDS: Final = 90.0
CONFIG: Final[Mapping[str, Any]] = {
    "encoding": "LINEAR16",
    "sampleRateHertz": 8000,
    "languageCode": "en-US",
    "enableAutomaticPunctuation": True,
    "useEnhanced": True,
    "model": "phone_call",
}
_service: Final = Service()


def write_down(pcm: bytes) -> str:
    """What is said in at most a minute of PCM16, mono, 8 kHz; empty where nothing was understood.

    Blocks. Raises SpeechUnavailable.
    """
    if not is_named():
        raise SpeechUnavailable("Google is asked to listen, but no key or account of it is set")
    audio = {"content": base64.b64encode(pcm).decode()}
    found = _service.ask(HEAR_URL, {"config": CONFIG, "audio": audio}, seconds=SECONDS)
    return " ".join(filter(None, _likeliest(found)))


def _likeliest(found: Mapping[str, Any]) -> Iterator[str]:
    """The first alternative of each stretch; a stretch of which nothing is known has none."""
    try:
        for result in found.get("results", []):
            for alternative in result.get("alternatives", [])[:1]:
                yield str(alternative.get("transcript", "")).strip()
    except (AttributeError, TypeError) as error:
        raise SpeechUnavailable("Google answered without what it understood") from error
