"""Text that strangers wrote, made fit for paper: of bounded length, and without tricks.

A page costs about 20 ms, and the printer fails on one word, or one letter with its marks, of more
than 64 KiB: so texts are cut in words, and long words are given places to break.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from itertools import groupby
from typing import Any, Final

MAX_CHARACTERS: Final = 60_000
MAX_LINES: Final = 2_000
_MAX_WORD: Final = 80
_MAX_MARKS: Final = 8
_BREAK: Final = "\u200b"
_LONG_WORD: Final = re.compile(rf"[^\s{_BREAK}]{{{_MAX_WORD}}}(?=[^\s{_BREAK}])")
# Controls but for the ends of lines, half surrogate pairs, and marks that turn the writing round.
_TRICKS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_ENDS: Final = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def printable(value: Any) -> Any:
    """`value` with every string in it fit for paper, keys as they are; other types as they are.

    A string longer than 60,000 characters or 2,000 lines is cut, and says how much is missing.
    """
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return {str(key): printable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [printable(each) for each in value]
    return value


def _text(text: str) -> str:
    kept = _ENDS.sub("\n", text[:MAX_CHARACTERS])
    kept = "\n".join(kept.split("\n", MAX_LINES)[:MAX_LINES]).rstrip("\n")
    missing = len(text.rstrip()) - len(kept)
    kept = _few_marks(_TRICKS.sub("", kept))
    kept = _LONG_WORD.sub(lambda found: found[0] + _BREAK, kept)
    is_cut = len(text) > MAX_CHARACTERS or text.count("\n") >= MAX_LINES
    if is_cut and missing > 0:
        kept += f"\n[Cut here: {missing:,} more characters do not fit on paper]"
    return kept


def _few_marks(text: str) -> str:
    """`text` with at most eight accents and the like on one letter."""
    if text.isascii():
        return text
    runs = groupby(text, key=lambda each: unicodedata.category(each)[0] == "M")
    return "".join("".join(run)[:_MAX_MARKS] if marks else "".join(run) for marks, run in runs)
