"""What `say-as` asks for, in words: for English, and spelt out in every language.

Source for the kinds: w3.org/TR/ssml-sayas, and what Google's and Amazon's voices take besides.
"""

from __future__ import annotations

import re
from typing import Final

from .dates import date, time
from .money import money
from .numerals import MOST, cardinal, ordinal

SPELT: Final = frozenset({"characters", "digits", "spell-out", "telephone", "verbatim"})
IN_WORDS: Final = frozenset({"cardinal", "currency", "date", "number", "ordinal", "time"})
# What only a service does something with.
OTHERS: Final = frozenset({"address", "bleep", "expletive", "fraction", "unit"})
KINDS: Final = SPELT | IN_WORDS | OTHERS

_ENGLISH: Final = re.compile(r"(?:.*\.)?en(?:[-_](?P<region>[a-z]+).*)?", re.IGNORECASE)
_NUMBER: Final = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.(?P<part>\d{1,15}))?", re.ASCII
)
_ORDINAL: Final = re.compile(
    r"(\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:st|nd|rd|th)?", re.IGNORECASE | re.ASCII
)
_SIGNS: Final = {"": "", "+": "plus ", "-": "minus "}


def is_english(language: str) -> bool:
    """Whether a language by one of its names (`en-GB`, `google.en-GB-Wavenet-A`) is English."""
    return bool(_ENGLISH.fullmatch(language.strip()))


def said(kind: str, text: str, *, order: str = "", language: str = "en") -> str | None:
    """`text` as `kind` says, in words; None where that is not to be had here.

    `order` is the attribute `format`. American English has its own dates and no "and" in numbers.
    """
    plain = " ".join(text.split())
    if kind in SPELT:
        return spelt(plain)
    english = _ENGLISH.fullmatch(language.strip())
    if kind not in IN_WORDS or english is None:
        return None
    american = (english["region"] or "us").lower() == "us"
    if kind == "date":
        return date(plain, order, american=american)
    if kind == "time":
        return time(plain)
    if kind == "currency":
        return money(plain, joined=not american)
    return (_ordinal if kind == "ordinal" else _cardinal)(plain, joined=not american)


def spelt(text: str) -> str:
    """One character after the other, with a comma where a group ends."""
    groups = re.findall(r"[^\W_]+", text)
    return ", ".join(" ".join(group) for group in groups)


def _cardinal(text: str, *, joined: bool) -> str | None:
    found = _NUMBER.fullmatch(text)
    whole = _whole(found["whole"]) if found else None
    if found is None or whole is None:
        return None
    digits = "".join(f" {cardinal(int(digit))}" for digit in found["part"] or "")
    after = f" point{digits}" if digits else ""
    return _SIGNS[found["sign"]] + cardinal(whole, joined=joined) + after


def _ordinal(text: str, *, joined: bool) -> str | None:
    found = _ORDINAL.fullmatch(text)
    whole = _whole(found[1]) if found else None
    return None if whole is None else ordinal(whole, joined=joined)


def _whole(digits: str) -> int | None:
    number = int(digits.replace(",", ""))
    return number if number <= MOST else None
