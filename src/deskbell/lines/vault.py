"""Keeps passwords that we have to give to others: encrypted at rest, readable by this deployment.

The key is `vault` of `secrets.json`, or `DESKBELL_VAULT_KEY`; a copy of the database alone says
nothing.
"""

from __future__ import annotations

import binascii

from cryptography.fernet import Fernet, InvalidToken

from deskbell.foundation.environment import environment
from deskbell.foundation.errors import DeskbellError, InvalidInput


class Sealed(DeskbellError):
    """What was sealed with another key, and cannot be read."""


def _fernet() -> Fernet:
    try:
        return Fernet(environment().secrets.vault)
    except (ValueError, binascii.Error) as error:
        raise InvalidInput(
            "DESKBELL_VAULT_KEY takes 32 bytes as URL-safe base64, as Fernet.generate_key() makes"
        ) from error


def seal(text: str) -> str:
    """`text` encrypted; an empty text stays empty. Raises InvalidInput for a key that is none."""
    return _fernet().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """What was sealed. Raises Sealed where the key is another one by now."""
    if not sealed:
        return ""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Sealed("the key of the vault has changed; give the password again") from error
