"""Text as people type it becomes text that an engine can be given.

Text is only ever text: markup is read as written, and what engines take for a command is undone.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from ..foundation.errors import InvalidInput

MAX_CHARACTERS: Final = 5000

# Without them letters of Hindi, Persian and others change their shape and their sound.
_JOINERS: Final = "\u200c\u200d"


def clean(text: str) -> str:
    """`text` on one line, without control characters; a line's end becomes a sentence's end.

    Raises InvalidInput where nothing is left to speak, or for more than MAX_CHARACTERS.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidInput(
            f"The text has {len(text)} characters; {MAX_CHARACTERS} can be spoken at once",
            field="text",
        )
    lines = [_clean_line(line) for line in unicodedata.normalize("NFC", text).splitlines()]
    lines = [line for line in lines if line]
    if not any(character.isalnum() for line in lines for character in line):
        raise InvalidInput("The text has no word to speak; give at least one", field="text")
    ended = [line if _ends_sentence(line) else line + "." for line in lines[:-1]]
    return " ".join([*ended, lines[-1]])


def _clean_line(line: str) -> str:
    kept = "".join(character if _is_text(character) else " " for character in line)
    # Both engines take what stands between double brackets for phonemes.
    return " ".join(kept.replace("[", " ").replace("]", " ").split())


def _is_text(character: str) -> bool:
    return character in _JOINERS or not unicodedata.category(character).startswith("C")


def _ends_sentence(line: str) -> bool:
    return unicodedata.category(line[-1]).startswith("P")
