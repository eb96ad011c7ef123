"""How a receiver knows that a webhook is ours: an HMAC over the time and the body.

The header is `Deskbell-Signature: t=<seconds since 1970>,v1=<hex>`, where v1 is the HMAC-SHA256 of
`<t>.<body>` with the delivery method's secret. The time is signed, so that a receiver can refuse
an old request that somebody plays to it again.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

HEADER = "Deskbell-Signature"
TOLERANCE = timedelta(minutes=5)


def sign(secret: str, body: bytes, at: datetime) -> str:
    """The header's value for a body sent `at`."""
    seconds = int(at.timestamp())
    return f"t={seconds},v1={_digest(secret, seconds, body)}"


def is_signed(secret: str, body: bytes, header: str, *, at: datetime) -> bool:
    """What a receiver checks: the signature is right and not older than five minutes `at`."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    if not parts.get("t", "").isdigit():
        return False
    seconds = int(parts["t"])
    if abs(at.timestamp() - seconds) > TOLERANCE.total_seconds():
        return False
    return hmac.compare_digest(_digest(secret, seconds, body), parts.get("v1", ""))


def _digest(secret: str, seconds: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
