"""Google's Text-to-Speech, for languages that name it: `google.en-GB-Wavenet-A`.

Signs in with an API key (DESKBELL_GOOGLE_KEY) or with a service account's file
(DESKBELL_GOOGLE_ACCOUNT). Source: cloud.google.com/text-to-speech/docs/reference/rest/v1/text and
developers.google.com/identity/protocols/oauth2/service-account.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from ....foundation import http
from ....foundation.errors import DeskbellError
from ...errors import SpeechUnavailable
from ...provider import Sound, Voice

KEY_VARIABLE: Final = "DESKBELL_GOOGLE_KEY"
ACCOUNT_VARIABLE: Final = "DESKBELL_GOOGLE_ACCOUNT"
SPEAK_URL: Final = "https://texttospeech.googleapis.com/v1/text:synthesize"
TOKEN_URL: Final = "https://oauth2.googleapis.com/token"  # noqa: S105  an address
SECONDS: Final = 6.0
MOST_BYTES: Final = 16 * 1024 * 1024
_SCOPE: Final = "https://www.googleapis.com/auth/cloud-platform"
_GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LIFE_SECONDS: Final = 3600
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
        self._lock = threading.Lock()
        self._token, self._token_ends = "", 0.0

    def is_installed(self) -> bool:
        return bool(os.environ.get(KEY_VARIABLE) or os.environ.get(ACCOUNT_VARIABLE))

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
        found = _post(SPEAK_URL, json.dumps(request).encode(), self._headers())
        try:
            return Sound(read_wav(base64.b64decode(found["audioContent"])), _RATE)
        except (KeyError, TypeError, binascii.Error, DeskbellError) as error:
            raise SpeechUnavailable("Google answered without sound") from error

    def _headers(self) -> dict[str, str]:
        sort = {"Content-Type": "application/json"}
        key = os.environ.get(KEY_VARIABLE)
        return sort | (
            {"X-Goog-Api-Key": key} if key else {"Authorization": f"Bearer {self._bearer()}"}
        )

    def _bearer(self) -> str:
        with self._lock:
            if time.monotonic() > self._token_ends:
                form = urlencode({"grant_type": _GRANT, "assertion": _assertion()}).encode()
                sort = {"Content-Type": "application/x-www-form-urlencoded"}
                found = _post(TOKEN_URL, form, sort)
                self._token = str(found.get("access_token", ""))
                life = float(found.get("expires_in", 0))
                self._token_ends = time.monotonic() + life * 0.9
            return self._token


def _assertion() -> str:
    """A token signed by the service account, which says who asks (RFC 7523)."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    try:
        account = json.loads(Path(os.environ[ACCOUNT_VARIABLE]).read_text(encoding="utf-8"))
        key = serialization.load_pem_private_key(account["private_key"].encode(), password=None)
        email = str(account["client_email"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SpeechUnavailable(
            f"{ACCOUNT_VARIABLE} names no service account's file as Google gives it"
        ) from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise SpeechUnavailable(f"{ACCOUNT_VARIABLE} has a key that is not RSA's")
    now = int(time.time())
    claims = {"iss": email, "scope": _SCOPE, "aud": TOKEN_URL, "iat": now}
    parts = ({"alg": "RS256", "typ": "JWT"}, {**claims, "exp": now + _LIFE_SECONDS})
    signed = ".".join(_packed(json.dumps(part).encode()) for part in parts)
    signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}.{_packed(signature)}"


def _packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _post(url: str, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    """The answer's JSON. Raises SpeechUnavailable, without what was sent: it holds the key."""
    try:
        answer = http.request(
            "POST", url, body=body, headers=headers, timeout=SECONDS, most=MOST_BYTES
        )
    except DeskbellError as error:
        raise SpeechUnavailable(f"Google cannot be asked to speak: {error}") from error
    try:
        found = json.loads(answer.body)
    except ValueError:
        found = {}
    if answer.status != 200 or not isinstance(found, dict):
        reason = found.get("error") if isinstance(found, dict) else None
        words = reason.get("status", "") if isinstance(reason, dict) else ""
        raise SpeechUnavailable(f"Google answered {answer.status} {words}".rstrip())
    return found


GOOGLE: Final = Google()
