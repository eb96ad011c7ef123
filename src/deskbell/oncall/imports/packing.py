"""A calendar that a person looks at first, kept in the page until it is taken."""

from __future__ import annotations

import base64
import binascii
import zlib

from deskbell.foundation.errors import InvalidInput

from .lines import MOST_BYTES


def packed(data: bytes) -> str:
    """An .ics file as text for a hidden field of a form; it is read again when it comes back."""
    return base64.urlsafe_b64encode(zlib.compress(data)).decode()


def unpacked(text: str) -> bytes:
    """What `packed` was given. Raises InvalidInput for anything else."""
    try:
        reader = zlib.decompressobj()
        data = reader.decompress(base64.urlsafe_b64decode(text.encode()), MOST_BYTES + 1)
    except (ValueError, binascii.Error, zlib.error) as error:
        raise InvalidInput("The calendar is gone: choose the file again", field="file") from error
    return data
