"""How each word of a hint may be said: by the dictionary, and by rule where that has it not.

American rules are added to the dictionary too, for those who say a name as it is spelt; British
ones only where nothing else is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from .phonemes import folded, spoken_by_rule

_DIGITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS: Final = (
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


class Pronunciations:
    """The dictionary in `path`, read once, and the rules."""

    def __init__(self, path: Path) -> None:
        self._known: dict[str, list[str]] = {}
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                word, _, phones = line.rstrip().partition(" ")
                self._known.setdefault(word.partition("(")[0], []).append(phones)

    def of(self, words: Sequence[str]) -> dict[str, list[str]]:
        """Every way to say each of `words`, as phonemes of ARPAbet; none for what cannot be said.

        Runs eSpeak NG twice; without it only the dictionary counts.
        """
        unknown = [word for word in words if word not in self._known]
        american = dict(zip(words, spoken_by_rule(words), strict=True))
        british = dict(zip(unknown, spoken_by_rule(unknown, voice="en-gb"), strict=True))
        ways = {
            word: [*self._known.get(word, ()), american[word], british.get(word, "")]
            for word in words
        }
        return {
            word: list(dict.fromkeys(way for way in found if way)) for word, found in ways.items()
        }


def readings(hint: str) -> list[tuple[str, ...]]:
    """The words of a hint, in each way that it may be read: numbers digit by digit and whole."""
    words = folded(hint).split()
    ways: list[list[str]] = [[]]
    for word in words:
        parts = _number(word) if word.isascii() and word.isdigit() else [[word]]
        ways = [[*way, *part] for way in ways for part in parts][:8]
    return [tuple(way) for way in ways if way]


def _number(digits: str) -> list[list[str]]:
    single = [_DIGITS[int(digit)] for digit in digits]
    found = [single]
    if "0" in digits:
        found.append(["oh" if word == "zero" else word for word in single])
    if len(digits) == 3 and digits[0] != "0":
        found.append([single[0], "hundred", *_below_hundred(digits[1:])])
    if len(digits) in {2, 4} and digits[0] != "0" and digits[-2:] != "00":
        pairs = (digits[start : start + 2] for start in range(0, len(digits), 2))
        found.append([word for pair in pairs for word in _pair(pair)])
    return _unique(found)


def _below_hundred(digits: str) -> list[str]:
    return [] if digits == "00" else _pair(digits.lstrip("0").rjust(1, "0"))


def _pair(digits: str) -> list[str]:
    number = int(digits)
    if len(digits) == 2 and number < 10:
        return ["oh", _DIGITS[number]]
    if number < 10:
        return [_DIGITS[number]]
    if number < 20:
        return [_TEENS[number - 10]]
    return [_TENS[number // 10 - 2], *([_DIGITS[number % 10]] if number % 10 else [])]


def _unique(ways: Iterable[list[str]]) -> list[list[str]]:
    return [list(way) for way in dict.fromkeys(tuple(way) for way in ways)]
