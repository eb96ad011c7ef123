"""Numbers in English words, for voices that are given words only."""

from __future__ import annotations

from typing import Final

MOST: Final = 10**15 - 1

_SMALL: Final = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
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
_TENS: Final = (
    "",
    "",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
)
_GROUPS: Final = ("", " thousand", " million", " billion", " trillion")
_ORDINALS: Final = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_CENTURIES: Final = range(1100, 10_000)


def cardinal(number: int, *, joined: bool = False) -> str:
    """0 to MOST in words; `joined` puts British English's "and" behind the hundreds."""
    if number < 100:
        return _below_hundred(number)
    groups, rest = [], number
    for name in _GROUPS:
        rest, group = divmod(rest, 1000)
        if group:
            groups.append(_below_thousand(group, joined=joined) + name)
    if joined and number > 1000 and 0 < number % 1000 < 100:
        groups[0] = f"and {groups[0]}"
    return " ".join(reversed(groups))


def ordinal(number: int, *, joined: bool = False) -> str:
    """As `cardinal`: first, twenty-second, one hundredth."""
    words = cardinal(number, joined=joined)
    at = max(words.rfind(" "), words.rfind("-")) + 1
    start, last = words[:at], words[at:]
    if last in _ORDINALS:
        return start + _ORDINALS[last]
    return start + (last[:-1] + "ie" if last.endswith("y") else last) + "th"


def year(number: int) -> str:
    """A year of up to four digits, as it is said: twenty twenty-six, nineteen oh five."""
    century, rest = divmod(number, 100)
    if number not in _CENTURIES or (century % 10 == 0 and rest < 10):
        return cardinal(number)
    return f"{cardinal(century)} {'hundred' if not rest else two_digits(rest)}"


def two_digits(number: int) -> str:
    """Minutes, or the end of a year: oh five, thirty."""
    return f"oh {cardinal(number)}" if number < 10 else cardinal(number)


def _below_hundred(number: int) -> str:
    if number < len(_SMALL):
        return _SMALL[number]
    tens, ones = divmod(number, 10)
    return f"{_TENS[tens]}-{_SMALL[ones]}" if ones else _TENS[tens]


def _below_thousand(number: int, *, joined: bool) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_hundred(rest)
    link = " and " if joined else " "
    return f"{_SMALL[hundreds]} hundred" + (link + _below_hundred(rest) if rest else "")
