"""The operator's own bank, which collects from clients' accounts by files. Pure.

Source: Nacha Operating Rules, the records of a file's head and of a batch's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .errors import InvalidInput

# CCD: from businesses; WEB: from people who agreed to it on a web page.
CLASSES: Final = ("CCD", "WEB")
_WEIGHTS: Final = (3, 7, 1) * 3
_VARIABLES: Final = (
    "DESKBELL_NACHA_DESTINATION",
    "DESKBELL_NACHA_DESTINATION_NAME",
    "DESKBELL_NACHA_COMPANY_ID",
    "DESKBELL_NACHA_COMPANY_NAME",
    "DESKBELL_NACHA_ORIGIN",
    "DESKBELL_NACHA_ORIGIN_NAME",
    "DESKBELL_NACHA_ODFI",
    "DESKBELL_NACHA_CLASS",
    "DESKBELL_NACHA_SETTLES_AFTER",
)
_NEEDED: Final = ("DESTINATION", "DESTINATION_NAME", "COMPANY_ID", "COMPANY_NAME")
_NAMES: Final = {"DESTINATION_NAME": 23, "ORIGIN_NAME": 23, "COMPANY_NAME": 16}


@dataclass(frozen=True, slots=True)
class Bank:
    """What every file says of the bank that takes it, and of who collects.

    `destination` and `origin` are nine or ten digits; `odfi` the first eight of the routing number
    of the bank through which is collected. A debit counts as paid `settles_after` banking days
    after it was collected, if it did not come back.
    """

    destination: str
    destination_name: str
    origin: str
    origin_name: str
    company_id: str
    company_name: str
    odfi: str
    entry_class: str = "CCD"
    settles_after: int = 3


def passes_check(digits: str) -> bool:
    """Whether the nine digits of a routing number, weighted 3, 7 and 1, add up to a multiple of
    ten."""
    pairs = zip(digits, _WEIGHTS, strict=True)
    return sum(int(digit) * weight for digit, weight in pairs) % 10 == 0


def read_bank(variables: Mapping[str, str], *, is_needed: bool) -> Bank | None:
    """The settings `DESKBELL_NACHA_…`; None where none of them is given and none is needed.

    Raises InvalidInput, naming the variable, for one that is missing or cannot be.
    """
    given = {
        name.removeprefix("DESKBELL_NACHA_"): value
        for name in _VARIABLES
        if (value := variables.get(name, "").strip())
    }
    if not given and not is_needed:
        return None
    for name in _NEEDED:
        if name not in given:
            raise InvalidInput(f"DESKBELL_NACHA_{name} is needed for files for the bank")
    for name, most in _NAMES.items():
        if len(given.get(name, "")) > most:
            raise InvalidInput(f"DESKBELL_NACHA_{name} takes {most} characters at most")
    destination = _routing("DESTINATION", given["DESTINATION"])
    company_id = given["COMPANY_ID"]
    if not re.fullmatch(r"[0-9A-Za-z]{9,10}", company_id):
        raise InvalidInput("DESKBELL_NACHA_COMPANY_ID takes the 9 or 10 characters your bank gave")
    origin = given.get("ORIGIN", company_id)
    if not re.fullmatch(r"[0-9A-Za-z]{9,10}", origin):
        raise InvalidInput("DESKBELL_NACHA_ORIGIN takes the 9 or 10 characters your bank gave")
    return Bank(
        destination=destination,
        destination_name=given["DESTINATION_NAME"],
        origin=origin,
        origin_name=given.get("ORIGIN_NAME", given["COMPANY_NAME"]),
        company_id=company_id,
        company_name=given["COMPANY_NAME"],
        odfi=_routing("ODFI", given.get("ODFI", destination))[:8],
        entry_class=_entry_class(given.get("CLASS", "CCD")),
        settles_after=_days(given.get("SETTLES_AFTER", "3")),
    )


def _routing(name: str, text: str) -> str:
    if not re.fullmatch(r"[0-9]{9}", text) or not passes_check(text):
        raise InvalidInput(f"DESKBELL_NACHA_{name} takes a routing number, whose check digit fits")
    return text


def _entry_class(text: str) -> str:
    if text not in CLASSES:
        raise InvalidInput(f"DESKBELL_NACHA_CLASS takes {' or '.join(CLASSES)}; not {text!r}")
    return text


def _days(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,2}", text) or not 1 <= int(text) <= 60:
        raise InvalidInput(f"DESKBELL_NACHA_SETTLES_AFTER takes 1 to 60 days; not {text!r}")
    return int(text)
