"""Long text in pieces: Piper's model takes memory by the square of what it speaks at once."""

from __future__ import annotations

import re
from typing import Final

LIMIT: Final = 400

# Best place to part first: after a sentence, after a clause, between words.
_ENDS: Final = (re.compile(r"[.!?…]+\s"), re.compile(r"[,;:)\u2013\u2014-]\s"), re.compile(r"\s"))

# Piper takes the dot for a sentence's end and pauses: "Dr. <pause> Smith".
_TITLE: Final = re.compile(r"\b(Dr|Mrs?|Prof)\.(?=\s+[A-Z])")


def pieces_of(text: str) -> list[str]:
    """`text` on one line as pieces of at most LIMIT characters, parted where a speaker would."""
    rest = _TITLE.sub(r"\1", text).strip()
    pieces = []
    while len(rest) > LIMIT:
        at = _where_to_part(rest[:LIMIT])
        pieces.append(rest[:at].strip())
        rest = rest[at:].strip()
    return [piece for piece in (*pieces, rest) if piece]


def _where_to_part(start: str) -> int:
    for end in _ENDS:
        found = [match.end() for match in end.finditer(start)]
        if found:
            return found[-1]
    return len(start)
