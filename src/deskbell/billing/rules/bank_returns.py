"""What a bank sends back: debits that were returned, and corrections. Pure.

Source: Nacha Operating Rules, Appendix Four (returns) and Appendix Five (notifications of change):
an entry of the bank's with one addenda record, 99 or 98, that names ours by its trace number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from deskbell.foundation.errors import InvalidInput

from .bank_files import WIDTH

MOST_CHARACTERS: Final = 10_000_000
RETURNED, CORRECTED = "99", "98"
# The reasons that debits come back for, in our words.
REASONS: Final[Mapping[str, str]] = {
    "R01": "not enough money in the account",
    "R02": "the account is closed",
    "R03": "there is no such account, or not of that name",
    "R04": "the account number cannot be",
    "R05": "a debit of a business's kind from a person's account that did not agree to it",
    "R06": "the operator's bank asked for it back",
    "R07": "the agreement was taken back",
    "R08": "the payer stopped it",
    "R09": "the money is not available yet",
    "R10": "the payer says that nobody agreed to it",
    "R11": "it is not what was agreed to",
    "R12": "the branch was sold to another bank",
    "R13": "the routing number is no bank's",
    "R14": "who acts for the payer has died, or cannot any more",
    "R15": "the payer has died",
    "R16": "the account is frozen",
    "R17": "something in it cannot be read, or looks wrong",
    "R20": "no payments may be taken from this kind of account",
    "R21": "the company's number is not known there",
    "R22": "the client's number is not known there",
    "R23": "the payer refused it",
    "R24": "the bank has had it already",
    "R29": "the business says that nobody agreed to it",
    "R31": "the bank was allowed to send it back late",
}
CORRECTIONS: Final[Mapping[str, str]] = {
    "C01": "the account number is another",
    "C02": "the routing number is another",
    "C03": "routing and account number are others",
    "C04": "the name is another",
    "C05": "the account is of another kind",
    "C06": "the account number and its kind are others",
    "C07": "routing number, account number and kind are others",
    "C09": "the client's number is another",
}


@dataclass(frozen=True, slots=True)
class Returned:
    """One entry that came back: ours by `trace`, the bank's own by `return_trace`."""

    trace: str
    return_trace: str
    code: str
    cents: int

    @property
    def is_return(self) -> bool:
        """Whether the money went back; else it is a correction for the next time."""
        return self.code.startswith("R")

    @property
    def words(self) -> str:
        """What the bank says, in words."""
        known = REASONS if self.is_return else CORRECTIONS
        return f"{self.code}: {known.get(self.code, 'for a reason that only the bank knows')}"


def read(text: str) -> Sequence[Returned]:
    """What a file of returns holds, in its order.

    Raises InvalidInput, naming the line, for one that is broken; such a file is not to be used in
    part.
    """
    if len(text) > MOST_CHARACTERS:
        raise InvalidInput("This file is longer than any file of returns; is it the right one?")
    lines = _records(text)
    if not lines or not lines[0].startswith("101"):
        raise InvalidInput("This is no file from a bank: its first line begins with 101")
    found: list[Returned] = []
    cents: int | None = None
    entries = 0
    for number, line in enumerate(lines, 1):
        if line[0] == "6":
            cents, entries = _cents(line, number), entries + 1
        elif line[0] == "7":
            entries += 1
            if line[1:3] in {RETURNED, CORRECTED}:
                found.append(_addenda(line, number, cents))
        elif line[0] == "9" and set(line) != {"9"}:
            _check_count(line, number, entries)
            return found
    raise InvalidInput("The file ends before its last record; get it from the bank once more")


def _records(text: str) -> list[str]:
    lines = [line for line in text.replace("\x1a", "").splitlines() if line.strip()]
    if len(lines) == 1 and len(lines[0]) > WIDTH:  # some banks send one long line
        lines = [lines[0][at : at + WIDTH] for at in range(0, len(lines[0]), WIDTH)]
    for number, line in enumerate(lines, 1):
        if len(line.rstrip()) > WIDTH or not line.isascii():
            raise InvalidInput(f"Line {number} is not a record of {WIDTH} plain characters")
    return [line[:WIDTH].ljust(WIDTH) for line in lines]


def _cents(line: str, number: int) -> int:
    if not re.fullmatch(r"[0-9]{10}", line[29:39]):
        raise InvalidInput(f"Line {number} has no amount at columns 30 to 39")
    return int(line[29:39])


def _addenda(line: str, number: int, cents: int | None) -> Returned:
    code, trace, return_trace = line[3:6], line[6:21], line[79:94]
    letter = "R" if line[1:3] == RETURNED else "C"
    if cents is None:
        raise InvalidInput(f"Line {number} belongs to no entry: none is before it")
    if not re.fullmatch(rf"{letter}[0-9]{{2}}", code):
        raise InvalidInput(f"Line {number} has no reason such as {letter}01 at columns 4 to 6")
    if not re.fullmatch(r"[0-9]{15}", trace) or not re.fullmatch(r"[0-9]{15}", return_trace):
        raise InvalidInput(f"Line {number} names no entry: a trace number has 15 digits")
    return Returned(trace, return_trace, code, cents)


def _check_count(line: str, number: int, entries: int) -> None:
    told = line[13:21]
    if not told.isdigit() or int(told) != entries:
        raise InvalidInput(
            f"Line {number} counts {told.strip() or 'no'} entries, and there are {entries};"
            " get the file from the bank once more"
        )
