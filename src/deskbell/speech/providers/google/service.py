"""Google's speech services: signing in, and asking them.

With an API key (DESKBELL_GOOGLE_KEY) or with a service account's file (DESKBELL_GOOGLE_ACCOUNT).
Source: developers.google.com/identity/protocols/oauth2/service-account.
"""

from __future__ import annotations

import base64
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

KEY_VARIABLE: Final = "DESKBELL_GOOGLE_KEY"
ACCOUNT_VARIABLE: Final = "DESKBELL_GOOGLE_ACCOUNT"
TOKEN_URL: Final = "https://oauth2.googleapis.com/token"  # noqa: S105  an address
MOST_BYTES: Final = 16 * 1024 * 1024
_SIGN_IN_SECONDS: Final = 6.0
_SCOPE: Final = "https://www.googleapis.com/auth/cloud-platform"
_GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LIFE_SECONDS: Final = 3600


def is_named() -> bool:
    """Whether a key or an account is set."""
    return bool(os.environ.get(KEY_VARIABLE) or os.environ.get(ACCOUNT_VARIABLE))


class Service:
    """Asks in the name of the environment's key or account; signs in where that is needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._token, self._token_ends = "", 0.0

    def ask(self, url: str, request: Mapping[str, Any], *, seconds: float) -> dict[str, Any]:
        """The answer's JSON to a request in JSON; blocks for `seconds` at most, and a sign-in.

        Raises SpeechUnavailable, never with what was sent in its words: it holds the key.
        """
        return _post(url, json.dumps(request).encode(), self._headers(), seconds)

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
                found = _post(TOKEN_URL, form, sort, _SIGN_IN_SECONDS)
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


def _post(url: str, body: bytes, headers: Mapping[str, str], seconds: float) -> dict[str, Any]:
    try:
        answer = http.request(
            "POST", url, body=body, headers=headers, timeout=seconds, most=MOST_BYTES
        )
    except DeskbellError as error:
        raise SpeechUnavailable(f"Google cannot be asked: {error}") from error
    try:
        found = json.loads(answer.body)
    except ValueError:
        found = None
    if answer.status != 200 or not isinstance(found, dict):
        reason = found.get("error") if isinstance(found, dict) else None
        words = reason.get("status", "") if isinstance(reason, dict) else ""
        raise SpeechUnavailable(f"Google answered {answer.status} {words}".rstrip())
    return found
