"""Amazon Polly, for languages that name it: `awspolly.ja-JP`, `awspolly.en-GB-Amy`.

Signs in with DESKBELL_AWS_KEY_ID and DESKBELL_AWS_SECRET in DESKBELL_AWS_REGION. Source:
docs.aws.amazon.com/polly/latest/dg/API_SynthesizeSpeech.html, and for the signature
docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from datetime import UTC, datetime
from typing import Final

from ....foundation import http
from ....foundation.errors import DeskbellError
from ...errors import SpeechUnavailable
from ...provider import Sound, Voice

KEY_VARIABLE: Final = "DESKBELL_AWS_KEY_ID"
SECRET_VARIABLE: Final = "DESKBELL_AWS_SECRET"  # noqa: S105  a name
REGION_VARIABLE: Final = "DESKBELL_AWS_REGION"
SECONDS: Final = 6.0
MOST_BYTES: Final = 16 * 1024 * 1024
_RATE: Final = 8000
_PATH: Final = "/v1/speech"
_SERVICE: Final = "polly"

# A man's and a woman's voice where a language is named alone. Source: Polly, "Available voices".
_VOICES: Final[dict[str, dict[Voice, str]]] = {
    "da-DK": {"Man": "Mads", "Woman": "Naja"},
    "de-DE": {"Man": "Hans", "Woman": "Marlene"},
    "en-AU": {"Man": "Russell", "Woman": "Nicole"},
    "en-GB": {"Man": "Brian", "Woman": "Amy"},
    "en-IN": {"Man": "Aditi", "Woman": "Aditi"},
    "en-US": {"Man": "Matthew", "Woman": "Joanna"},
    "es-ES": {"Man": "Enrique", "Woman": "Conchita"},
    "es-MX": {"Man": "Mia", "Woman": "Mia"},
    "es-US": {"Man": "Miguel", "Woman": "Penelope"},
    "fr-CA": {"Man": "Chantal", "Woman": "Chantal"},
    "fr-FR": {"Man": "Mathieu", "Woman": "Celine"},
    "it-IT": {"Man": "Giorgio", "Woman": "Carla"},
    "ja-JP": {"Man": "Takumi", "Woman": "Mizuki"},
    "nl-NL": {"Man": "Ruben", "Woman": "Lotte"},
    "pl-PL": {"Man": "Jacek", "Woman": "Ewa"},
    "pt-BR": {"Man": "Ricardo", "Woman": "Vitoria"},
    "ru-RU": {"Man": "Maxim", "Woman": "Tatyana"},
    "sv-SE": {"Man": "Astrid", "Woman": "Astrid"},
    "tr-TR": {"Man": "Filiz", "Woman": "Filiz"},
}


class Polly:
    """The service, with the keys of the environment."""

    name = "awspolly"
    # Source: docs.aws.amazon.com/polly/latest/dg/say-as-tag.html; its time is how long something
    # lasts.
    says_as = frozenset(
        {
            "address",
            "cardinal",
            "characters",
            "date",
            "digits",
            "expletive",
            "fraction",
            "number",
            "ordinal",
            "spell-out",
            "telephone",
            "unit",
        }
    )

    def is_installed(self) -> bool:
        needed = (KEY_VARIABLE, SECRET_VARIABLE, REGION_VARIABLE)
        return all(os.environ.get(name) for name in needed)

    def synthesise(
        self, text: str, *, language: str, voice: Voice, named: str, ssml: str = ""
    ) -> Sound:
        """`named` is Polly's own name of a voice behind its language, or empty."""
        speaker = named.rpartition("-")[2] or _VOICES.get(language, {}).get(voice, "")
        if not speaker:
            raise SpeechUnavailable(f"Polly has no voice by default for {language}; name one")
        said = {"Text": ssml or text, "TextType": "ssml" if ssml else "text"}
        form = {"OutputFormat": "pcm", "SampleRate": str(_RATE)}
        body = json.dumps({**form, **said, "VoiceId": speaker}).encode()
        host = f"{_SERVICE}.{os.environ.get(REGION_VARIABLE, '')}.amazonaws.com"
        try:
            answer = http.request(
                "POST",
                f"https://{host}{_PATH}",
                body=body,
                headers=signed_headers(host, body, datetime.now(UTC)),
                timeout=SECONDS,
                most=MOST_BYTES,
            )
        except DeskbellError as error:
            raise SpeechUnavailable(f"Polly cannot be asked to speak: {error}") from error
        if answer.status != 200 or len(answer.body) % 2:
            kind = answer.headers.get("x-amzn-errortype", "").partition(":")[0]
            raise SpeechUnavailable(f"Polly answered {answer.status} {kind}".rstrip())
        return Sound(answer.body, _RATE)


def signed_headers(host: str, body: bytes, at: datetime) -> dict[str, str]:
    """The headers of a request to `host` at the instant `at` (UTC), signature version 4."""
    moment, region = at.strftime("%Y%m%dT%H%M%SZ"), os.environ.get(REGION_VARIABLE, "")
    sent = {"content-type": "application/json", "host": host, "x-amz-date": moment}
    names = ";".join(sent)
    lines = "".join(f"{name}:{value}\n" for name, value in sent.items())
    asked = "\n".join(("POST", _PATH, "", lines, names, hashlib.sha256(body).hexdigest()))
    scope = f"{moment[:8]}/{region}/{_SERVICE}/aws4_request"
    digest = hashlib.sha256(asked.encode()).hexdigest()
    key = f"AWS4{os.environ.get(SECRET_VARIABLE, '')}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signed = "\n".join(("AWS4-HMAC-SHA256", moment, scope, digest)).encode()
    signature = hmac.digest(key, signed, "sha256").hex()
    credential = f"Credential={os.environ.get(KEY_VARIABLE, '')}/{scope}"
    return {
        "Content-Type": sent["content-type"],
        "X-Amz-Date": moment,
        "Authorization": f"AWS4-HMAC-SHA256 {credential}, "
        f"SignedHeaders={names}, Signature={signature}",
    }


POLLY: Final = Polly()
