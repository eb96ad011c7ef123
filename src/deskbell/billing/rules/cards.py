"""Cards as people type them. Pure; no number is ever in an error's words.

Sources: ISO/IEC 7812-1 (Luhn's check digit); seed 000, "Pay Your Bill" (which brands, and where
their CVV stands).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from deskbell.foundation.errors import InvalidInput, MissingInput

NUMBER, EXPIRY, CVV = "card_number", "expiry", "cvv"
_MOST_YEARS: Final = 20


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand of cards: how its numbers begin, how long they are, and how long its CVV is."""

    title: str
    begins: tuple[range, ...]
    lengths: frozenset[int]
    cvv_digits: int = 3
    cvv_place: str = "on the back"


BRANDS: Final = (
    Brand("Visa", (range(4, 5),), frozenset({13, 16, 19})),
    Brand("MasterCard", (range(51, 56), range(2221, 2721)), frozenset({16})),
    Brand(
        "Discover",
        (range(6011, 6012), range(644, 650), range(65, 66)),
        frozenset({16, 19}),
    ),
    Brand("American Express", (range(34, 35), range(37, 38)), frozenset({15}), 4, "on the front"),
)


def brand_of(number: str) -> Brand:
    """The brand of a card by how its digits begin. Raises InvalidInput for one not taken."""
    for brand in BRANDS:
        for begins in brand.begins:
            if int(number[: len(str(begins.start))] or 0) in begins:
                return brand
    names = ", ".join(brand.title for brand in BRANDS[:-1])
    raise InvalidInput(f"The cards taken are {names} and {BRANDS[-1].title}", field=NUMBER)


def checked_card(typed: str) -> str:
    """A card's digits, of a number typed with or without blanks and dashes.

    Raises MissingInput, or InvalidInput for what is no number of a brand that is taken.
    """
    digits = re.sub(r"[ -]", "", typed)
    if not digits:
        raise MissingInput("Type the number on the card", field=NUMBER)
    if re.fullmatch(r"[0-9]+", digits) is None:
        raise InvalidInput("A card's number has digits alone, with blanks or dashes", field=NUMBER)
    brand = brand_of(digits)
    if len(digits) not in brand.lengths:
        lengths = " or ".join(str(each) for each in sorted(brand.lengths))
        raise InvalidInput(f"A number of {brand.title} has {lengths} digits", field=NUMBER)
    if not passes_luhn(digits):
        raise InvalidInput("A digit of the card's number is wrong; look at each", field=NUMBER)
    return digits


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is right for the others."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def checked_expiry(typed: str, *, today: date) -> tuple[int, int]:
    """Month and year of `MM/YY`; a card is good through the last day of its month.

    Raises MissingInput, or InvalidInput for what is no month or one that is past.
    """
    if not typed.strip():
        raise MissingInput("Type when the card expires, as 04/29", field=EXPIRY)
    found = re.fullmatch(r"(0?[1-9]|1[0-2]) ?[/-] ?(?:20)?([0-9]{2})", typed.strip())
    if found is None or not typed.isascii():
        raise InvalidInput("A card expires in a month of a year, as 04/29", field=EXPIRY)
    month, year = int(found[1]), 2000 + int(found[2])
    if (year, month) < (today.year, today.month):
        raise InvalidInput("The card has expired; use another one", field=EXPIRY)
    if year > today.year + _MOST_YEARS:
        raise InvalidInput("No card is good for so long; type it as 04/29", field=EXPIRY)
    return month, year


def checked_cvv(typed: str, number: str) -> str:
    """The CVV of the card with `number`'s digits.

    Raises MissingInput, or InvalidInput where its length is not the brand's.
    """
    brand, digits = brand_of(number), typed.strip()
    if not digits:
        raise MissingInput(f"Type the card's CVV, {_cvv_words(brand)}", field=CVV)
    if re.fullmatch(rf"[0-9]{{{brand.cvv_digits}}}", digits) is None:
        raise InvalidInput(f"The CVV of {brand.title} is {_cvv_words(brand)}", field=CVV)
    return digits


def _cvv_words(brand: Brand) -> str:
    return f"{brand.cvv_digits} digits {brand.cvv_place} of the card"
