"""Bank accounts as people type them. Pure; no number is ever in an error's words.

Sources: ABA routing number policy (the ranges that are given out, and the check digit); Nacha
Operating Rules (an account number has up to 17 places).
"""

from __future__ import annotations

import re
from typing import Final

from deskbell.foundation.errors import InvalidInput, MissingInput

ROUTING, ACCOUNT, AGAIN = "routing_number", "account_number", "account_again"
_WEIGHTS: Final = (3, 7, 1) * 3
# The Government, the districts, thrift institutions, electronic transfers, traveler's checks.
_FIRST_TWO: Final = frozenset({*range(1, 13), *range(21, 33), *range(61, 73), 80})


def checked_routing(typed: str) -> str:
    """The nine digits of a routing number.

    Raises MissingInput, or InvalidInput for one that no bank can have.
    """
    digits = _digits(typed)
    if not digits:
        raise MissingInput("This field is required.", field=ROUTING)
    if re.fullmatch(r"[0-9]{9}", digits) is None:
        raise InvalidInput("A routing number has 9 digits, at the left of a check", field=ROUTING)
    if int(digits[:2]) not in _FIRST_TWO or not passes_check(digits):
        raise InvalidInput("No bank has this routing number; look at each digit", field=ROUTING)
    return digits


def passes_check(digits: str) -> bool:
    """Whether nine digits, weighted 3, 7 and 1, add up to a multiple of ten."""
    pairs = zip(digits, _WEIGHTS, strict=True)
    return sum(int(digit) * weight for digit, weight in pairs) % 10 == 0


def checked_account(typed: str, again: str) -> str:
    """The digits of an account number that was typed twice.

    Raises MissingInput, or InvalidInput for what is no such number, or where the two differ.
    """
    digits, second = _digits(typed), _digits(again)
    if not digits:
        raise MissingInput("This field is required.", field=ACCOUNT)
    if re.fullmatch(r"[0-9]{4,17}", digits) is None:
        raise InvalidInput("An account number has 4 to 17 digits", field=ACCOUNT)
    if not second:
        raise MissingInput("Type the account number once more", field=AGAIN)
    if second != digits:
        raise InvalidInput("The two account numbers differ; type both again", field=AGAIN)
    return digits


def _digits(typed: str) -> str:
    return re.sub(r"[ -]", "", typed)
