"""How a receiver knows that a webhook is from us, as it stands in the guide and on the page.

Receivers copy this function, so it needs nothing but Python.
"""

import hashlib
import hmac
import time


def is_from_deskbell(secret: str, body: bytes, signature: str) -> bool:
    """Whether `body`, the bytes as they came, is signed with `secret` in the last five minutes.

    `signature` is the header Deskbell-Signature.
    """
    parts = dict(part.partition("=")[::2] for part in signature.split(","))
    seconds = parts.get("t", "")
    if not seconds.isdigit() or abs(time.time() - int(seconds)) > 300:
        return False
    signed = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    return hmac.compare_digest(signed.hexdigest(), parts.get("v1", ""))
