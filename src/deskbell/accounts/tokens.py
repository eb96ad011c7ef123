"""Tokens are shown once and kept as a hash.

They are random 256-bit strings, so a plain SHA-256 is enough: there is nothing to guess.
"""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """A token to hand out, 43 characters that need no quoting in a URL or header."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is kept of a token, 64 hex digits."""
    return hashlib.sha256(token.encode()).hexdigest()
