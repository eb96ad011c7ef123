"""Which extension a caller means by a name that was heard.

What recognisers give is nearly right: in any case, with the last name first, with words around it,
with a letter or two misheard. A name counts only where no other comes as near.
Source: design, attendant API, "What a caller meets", 4.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from .configuration import Extension

ENOUGH: Final = 0.8
APART: Final = 0.05
_APOSTROPHES: Final = "'\u2019"
_SAME_SOUND: Final = 0.88
_PART_OF_NAME: Final = 0.95
_UNEXPLAINED: Final = 0.05
_MAX_WORDS: Final = 12
_MAX_LETTERS: Final = 40
_FILLER: Final = re.compile(
    "an?|and|at|call|can|connect|could|dr|doctor|for|get|hello|hi|i|is|it|like|me|miss|mister|"
    "mrs?|ms|of|please|put|reach|speak|talk|thanks?|the|through|to|transfer|uh|um|want|with|would|"
    "you"
)
_SOUNDS: Final = (
    ("ph", "f"),
    ("ck", "k"),
    ("gh", "g"),
    ("sch", "s"),
    ("sh", "s"),
    ("th", "t"),
    ("qu", "k"),
    ("x", "ks"),
)
_LETTERS: Final = str.maketrans({"c": "k", "q": "k", "z": "s", "v": "f", "w": "f", "j": "g"})
_SILENT: Final = re.compile(r"[aeiouyh]")
_TWICE: Final = re.compile(r"(.)\1+")


def find_by_name(heard: str, extensions: Mapping[str, Extension]) -> str | None:
    """The extension whose spoken name was heard, or whose number; None for none or several.

    `extensions` are by extension number, and that is what is given back. Two extensions that ring
    the same number are not told apart.
    """
    said = _words(heard)
    number = "".join(said)
    if number.isascii() and number.isdigit():
        return number if number in extensions else None
    scores = [
        (_score(said, name), key)
        for key, extension in extensions.items()
        if (name := _words(extension.spoken_name))
    ]
    best, found = max(scores, default=(0.0, ""))
    if best < ENOUGH:
        return None
    rivals = {extensions[key].number for score, key in scores if score > best - APART}
    return found if len(rivals) == 1 else None


def _words(text: str) -> tuple[str, ...]:
    """Plain words: no case, no accents, no signs."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(
        ""
        if unicodedata.combining(each) or each in _APOSTROPHES
        else each
        if each.isalnum()
        else " "
        for each in plain
    )
    return tuple(word[:_MAX_LETTERS] for word in letters.split()[:_MAX_WORDS])


def _score(said: Sequence[str], name: Sequence[str]) -> float:
    """How near what was said comes to a name, 0 to 1."""
    if tuple(said) == tuple(name):
        return 1.0
    meant = [word for word in said if word in name or not _FILLER.fullmatch(word)] or list(said)
    if not meant:
        return 0.0
    of_name = [max(_likeness(word, other) for other in said) for word in name]
    of_said = [max(_likeness(word, other) for other in name) for word in meant]
    extra = sum(likeness < ENOUGH for likeness in of_said)
    whole = sum(of_name) / len(of_name) - _UNEXPLAINED * extra
    part = _PART_OF_NAME * min(of_said)
    at_once = "".join(meant)
    joined = _likeness(at_once, "".join(name))
    joined_part = _PART_OF_NAME * max(_likeness(at_once, word) for word in name)
    return max(whole, part, joined, joined_part)


@lru_cache(maxsize=65536)
def _likeness(one: str, other: str) -> float:
    """How alike two words are, 0 to 1: by their letters, or by how they sound."""
    if one == other:
        return 1.0
    longest = max(len(one), len(other))
    by_letters = 1 - _edits(one, other) / longest
    if longest >= 3 and _sound(one) == _sound(other):
        return max(by_letters, _SAME_SOUND)
    return by_letters


@lru_cache(maxsize=16384)
def _sound(word: str) -> str:
    """A word by its consonants as English says them, roughly; vowels only count at the start."""
    for written, said in _SOUNDS:
        word = word.replace(written, said)
    word = word.translate(_LETTERS)
    first = "a" if _SILENT.match(word) else ""
    return first + _TWICE.sub(r"\1", _SILENT.sub("", word))


def _edits(one: str, other: str) -> int:
    """Levenshtein's distance: letters to add, drop or change."""
    before = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, against in enumerate(other, start=1):
            changed = before[column - 1] + (letter != against)
            now.append(min(before[column] + 1, now[-1] + 1, changed))
        before = now
    return before[-1]
