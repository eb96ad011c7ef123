"""How long a text is for a phone network, which counts and charges by segments.

Characters of GSM 7-bit take a septet, those of its extension two; any other character makes the
whole text UCS-2, in UTF-16 units. Source: 3GPP TS 23.038, 6.2.1; TS 23.040, 9.2.3.24.1.
"""

from __future__ import annotations

from typing import Final
from unicodedata import combining, normalize

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")
_PLAIN: Final = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u2026": "...",
        "\u00a0": " ",
        "\u2022": "-",
        "\t": " ",
        "`": "'",
    }
)
MOST: Final = 3


def is_gsm(text: str) -> bool:
    """Whether all of it is GSM 7-bit."""
    return all(mark in _BASIC or mark in _EXTENDED for mark in text)


def segments(text: str) -> int:
    """How many segments it takes; none for an empty text.

    A character that takes two septets or two units stays whole in its segment.
    """
    if is_gsm(text):
        return _count([2 if mark in _EXTENDED else 1 for mark in text], alone=160, joined=153)
    return _count([2 if ord(mark) > 0xFFFF else 1 for mark in text], alone=70, joined=67)


def _count(sizes: list[int], *, alone: int, joined: int) -> int:
    if sum(sizes) <= alone:
        return 1 if sizes else 0
    count, room = 1, joined
    for size in sizes:
        if size > room:
            count, room = count + 1, joined
        room -= size
    return count


def plain(text: str) -> str:
    """The text with quotes, dashes and dots of typographers as every phone has them."""
    return text.translate(_PLAIN)


def folded(text: str) -> str:
    """The text without the accents that GSM 7-bit lacks: Zoë is Zoe, Łódź stays as it is."""
    return "".join(mark if is_gsm(mark) else _unaccented(mark) for mark in text)


def _unaccented(mark: str) -> str:
    base = "".join(part for part in normalize("NFKD", mark) if not combining(part))
    return base if base and is_gsm(base) else mark


def cut_to_fit(before: str, content: str, after: str, *, most: int = MOST, least: int = 60) -> str:
    """`before`, as much of `content` as fits into `most` segments, and `after`.

    At least `least` characters of the content are kept, so that it may be longer than `most` where
    the rest is long. What is cut ends in three dots. Accents go before words do.
    """
    whole = before + content + after
    if segments(whole) <= most:
        return whole
    if not is_gsm(whole) and is_gsm(folded(whole)):
        return cut_to_fit(folded(before), folded(content), folded(after), most=most, least=least)
    low, high = min(least, len(content)), len(content)
    while low < high:
        middle = (low + high + 1) // 2
        if segments(before + _cut(content, middle) + after) <= most:
            low = middle
        else:
            high = middle - 1
    return before + _cut(content, low) + after


def _cut(content: str, length: int) -> str:
    return content if length >= len(content) else content[: max(length - 3, 0)].rstrip() + "..."
