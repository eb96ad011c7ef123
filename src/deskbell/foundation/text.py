"""Text that strangers give: as long as it may be, and of characters that can be kept.

PostgreSQL keeps no NUL, and half of a surrogate pair (JSON can write one) is not a character.
"""

from __future__ import annotations

from .errors import InvalidInput


def checked_text(text: str, *, field: str, most: int, needed: bool = False) -> str:
    """`text` as given. Raises InvalidInput, naming `field`, where it cannot be kept.

    `most` counts characters; `needed` refuses text that is empty or only blanks.
    """
    if needed and not text.strip():
        raise InvalidInput(f"{field} is empty; it takes 1 to {most} characters", field=field)
    if len(text) > most:
        raise InvalidInput(f"{field} takes at most {most} characters; not {len(text)}", field=field)
    if "\x00" in text or not _can_be_written(text):
        raise InvalidInput(
            f"{field} takes text without NUL characters and half surrogate pairs", field=field
        )
    return text


def clipped(text: str, most: int) -> str:
    """What others said, on one line and as it can be kept: no more than `most` characters."""
    kept = text.encode("utf-8", "replace").decode().replace("\x00", "")
    return " ".join(kept.split())[:most]


def _can_be_written(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
