"""Phone numbers: kept as given, compared by their digits.

Several of the numbers in the API's own examples do not parse as real ones, so E.164 stands beside
the given form where it exists, and is never required. Source: seed 002, "Phone Number".
"""

from __future__ import annotations

import re

import phonenumbers

_NOT_DIGITS = re.compile(r"[^0-9]")
_LETTER = re.compile(r"[^\W\d_]")
# Stands for the number of a caller who withholds it; some carriers send the keys that spell it.
_WITHHELD = frozenset({"anonymous", "blocked", "private", "restricted", "unavailable", "unknown"})
_SPELLED = frozenset(map(phonenumbers.convert_alpha_characters_in_number, _WITHHELD))


def digits_of(number: str) -> str:
    """The digits of a number as given: `+1 (212) 555-0142` is `12125550142`."""
    return _NOT_DIGITS.sub("", number)


def to_e164(number: str, *, region: str = "US") -> str:
    """E.164 with its plus sign, or an empty string where the number is not possible."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(parsed):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def is_withheld(number: str) -> bool:
    """Whether a caller's number is none, but says that they withhold it (RFC 3323, section 4.1)."""
    told = number.strip().lower()
    return not told or told in _WITHHELD or told.removeprefix("+") in _SPELLED


def national_digits(number: str, *, country_code: str = "1") -> str:
    """The digits without the country code, where what remains has national length (10 for +1).

    This is the form in which numbers are indexed and looked up.
    """
    digits = digits_of(number)
    rest = digits.removeprefix(country_code)
    if digits != rest and len(rest) >= (10 if country_code == "1" else 7):
        return rest
    return digits


def for_people(number: str, *, region: str = "US") -> str:
    """The number as people of `region` write it: `(212) 555-0142`; as given where unknown.

    What has letters is a name, as a SIP phone's, and stays: its letters are no keys to be pressed.
    """
    if _LETTER.search(number):
        return number
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return number
    if not phonenumbers.is_possible_number(parsed):
        return number
    same_country = parsed.country_code == phonenumbers.country_code_for_region(region)
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if same_country
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(parsed, style)
