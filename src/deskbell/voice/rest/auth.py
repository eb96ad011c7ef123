"""Who may ask: whoever knows the deployment's secret, by signature or as HTTP's Basic password.

Our web side signs, so that the secret does not travel; Twilio's own client, and everybody's
`curl -u`, send account sid and secret.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping

from aiohttp import web

from deskbell.foundation.signing import HEADER, is_signed


def is_known(request: web.Request, form: Mapping[str, str], *, secret: str) -> bool:
    """Whether the request comes from who knows `secret`.

    The user name of Basic may be any account's: a deployment has one secret for all.
    """
    signature = request.headers.get(HEADER, "")
    if signature:
        return is_signed(secret, str(request.url), signature, form)
    user, password = _basic(request.headers.get("Authorization", ""))
    return user.startswith("AC") and hmac.compare_digest(password.encode(), secret.encode())


def _basic(header: str) -> tuple[str, str]:
    kind, _, value = header.partition(" ")
    if kind.lower() != "basic":
        return "", ""
    try:
        user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password
