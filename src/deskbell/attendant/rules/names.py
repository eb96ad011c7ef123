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
PERHAPS: Final = 0.6
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
_UNITS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_DIGITS: Final = {
    "oh": 0,
    "o": 0,
    "zero": 0,
    **{word: value for value, word in enumerate(_UNITS, start=1)},
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
}
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_YES: Final = frozenset({"1", "yes", "yeah", "yep", "yup", "right", "correct", "sure", "one", "ja"})
_NO: Final = frozenset({"no", "not", "nope", "wrong"})
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
    number = _number(said)
    if number:
        return number if number in extensions else None
    scores = _scores(said, extensions)
    best, found = max(scores, default=(0.0, ""))
    if best < ENOUGH:
        return None
    rivals = {extensions[key].number for score, key in scores if score > best - APART}
    return found if len(rivals) == 1 else None


def guesses(heard: Sequence[str], extensions: Mapping[str, Extension]) -> tuple[str, ...]:
    """The extensions that may have been meant, likeliest first, where none is sure.

    `heard` are readings of what was said, likeliest first. Of those that ring the same number one
    is given; nobody is told apart from a namesake, so namesakes are left out.
    """
    nearest: dict[str, float] = {}
    leaders: list[str] = []
    for text in heard:
        said = _words(text)
        number = _number(said)
        scores = [(1.0, number)] if number in extensions else _scores(said, extensions)
        near = {key: score for score, key in scores if score >= PERHAPS and extensions[key].names}
        leaders += _ranked(near)[:1]
        nearest |= {key: max(score, nearest.get(key, 0.0)) for key, score in near.items()}
    ranked = list(dict.fromkeys([*leaders, *_ranked(nearest)]))
    rung = {extensions[key].number: key for key in reversed(ranked)}
    once = [key for key in ranked if rung[extensions[key].number] == key]
    called = [_words(extensions[key].names[0]) for key in once]
    return tuple(key for key, name in zip(once, called, strict=True) if called.count(name) == 1)


def is_yes(answer: str) -> bool:
    """Whether a question was answered with yes: the key 1, or a word that means it."""
    said = _words(answer)
    return bool(said) and said[0] in _YES and not set(said) & _NO


def _scores(said: Sequence[str], extensions: Mapping[str, Extension]) -> list[tuple[float, str]]:
    return [
        (max(_score(said, _words(name)) for name in extension.names), key)
        for key, extension in extensions.items()
        if extension.names
    ]


def _ranked(scores: Mapping[str, float]) -> list[str]:
    return sorted(scores, key=lambda key: (-scores[key], key))


def _number(said: Sequence[str]) -> str:
    """The digits of a number that was said, as figures or in words ("one oh one"); or none."""
    parts: list[str] = []
    for place, word in enumerate(said):
        if word.isascii() and word.isdigit():
            parts.append(word)
        elif word == "hundred" and parts:
            parts.append("00" if place + 1 == len(said) else "")
        elif word in _TENS:
            follows = place + 1 < len(said) and said[place + 1] in _UNITS
            parts.append(str(_TENS.index(word) + 2) + ("" if follows else "0"))
        elif word in _DIGITS:
            is_alone = place > 0 and said[place - 1] == "hundred"
            parts.append(("0" if is_alone and _DIGITS[word] < 10 else "") + str(_DIGITS[word]))
        else:
            return ""
    return "".join(parts)


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
    if not name or not said:
        return 0.0
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
