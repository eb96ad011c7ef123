"""Signatures on requests between the web side, gateways and carriers.

All are signed the way Twilio signs (header `X-Twilio-Signature`; the shared secret as token), so
one check serves our gateway and every carrier of that family. A form is signed with its fields; a
request with any other body carries the body's SHA-256 in the query as `bodySHA256`.
Source: https://www.twilio.com/docs/usage/security#validating-requests
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from twilio.request_validator import RequestValidator

HEADER = "X-Twilio-Signature"


def sign(secret: str, url: str, fields: Mapping[str, str] | None = None) -> str:
    """The signature header's value for a request to `url` with the form `fields`.

    A field that comes several times needs a mapping with `getall`, as multidict's.
    """
    given = fields if hasattr(fields, "getall") else dict(fields or {})
    return str(RequestValidator(secret).compute_signature(url, given))


def with_body_hash(url: str, body: bytes) -> str:
    """`url` with the hash of a body that is not a form; sign and request the result."""
    mark = "&" if urlsplit(url).query else "?"
    return f"{url}{mark}bodySHA256={hashlib.sha256(body).hexdigest()}"


def is_signed(
    secret: str, url: str, signature: str, fields: Mapping[str, str] | None = None
) -> bool:
    """Whether `signature` is right for this request; takes the same time either way."""
    return hmac.compare_digest(sign(secret, url, fields).encode(), signature.encode())


def is_signed_body(secret: str, url: str, signature: str, body: bytes) -> bool:
    """Whether a request with a raw body is signed, and the body is the one that was signed."""
    claimed = parse_qs(urlsplit(url).query).get("bodySHA256", [""])[0]
    actual = hashlib.sha256(body).hexdigest()
    return hmac.compare_digest(claimed, actual) and is_signed(secret, url, signature)
