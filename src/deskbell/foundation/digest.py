"""What is kept of a telephone's password: hashes that web and gateway make alike.

Source: RFC 7616 section 3.4.2; SIP takes SHA-256 beside MD5 by RFC 8760.
"""

from __future__ import annotations

import hashlib
from typing import Final

ALGORITHMS: Final = ("SHA-256", "MD5")  # the stronger first (RFC 7616 section 3.7)


def hashed(algorithm: str, text: str) -> str:
    """The hash of `text` in hex, by one of the two algorithms."""
    data = text.encode(errors="replace")
    if algorithm == "SHA-256":
        return hashlib.sha256(data).hexdigest()
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def ha1_of(username: str, realm: str, password: str) -> dict[str, str]:
    """The hash of name, realm and password by algorithm: enough to judge answers to challenges."""
    return {name: hashed(name, f"{username}:{realm}:{password}") for name in ALGORITHMS}
