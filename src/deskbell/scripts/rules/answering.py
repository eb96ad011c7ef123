"""Reads what was typed into a script's form: what is kept, and what is wrong with it.

Answers are text and stay text: nothing in them is markup, whoever shows them escapes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.numbers import digits_of, to_e164

from .content import Content, Kind, Step
from .walking import path

LONGEST: Final = 1_000
LONGEST_LONG: Final = 20_000

_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_LONGEST_EMAIL: Final = 254
_DAY: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_FEWEST_DIGITS: Final = 3
_MOST_DIGITS: Final = 32


@dataclass(frozen=True, slots=True)
class Read:
    """What a form says.

    `answers` are those of the steps that were asked, by key and in the script's order, empty where
    nothing was answered. `fields` are the message's own fields that they fill; a telephone number
    stands there in E.164 where it has that form, and in `answers` as it was given. `faults` are
    the keys of steps whose answers cannot be kept, with words for the receptionist.
    """

    answers: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)


def read_answers(content: Content, answers: Mapping[str, str], *, region: str = "US") -> Read:
    """The answers to the steps that these answers lead through; all others are left out.

    `region` is the country by whose customs telephone numbers are read.
    """
    tidy = {key: tidied(text) for key, text in answers.items()}
    settled = {step.key: _settled(step, tidy.get(step.key, "")) for step in content.steps}
    found = Read()
    for step in path(content, settled):
        if not step.asks:
            continue
        answer = settled[step.key]
        found.answers[step.key] = answer
        if fault := _fault(step, answer):
            found.faults.append((step.key, fault))
        elif step.field:
            found.fields[step.field] = _for_field(step, answer, region)
    return found


def tidied(text: str) -> str:
    """A text as it can be kept: without NUL characters, halves of characters and blanks around."""
    plain = text.replace("\0", "").replace("\r\n", "\n")
    return plain.encode("utf-8", "replace").decode("utf-8").strip()


def longest(step: Step) -> int:
    """How many characters an answer may have."""
    return LONGEST_LONG if step.kind is Kind.LONG_TEXT else LONGEST


def _settled(step: Step, answer: str) -> str:
    """The answer in its one form: an option as it is written, a day as 2026-12-25."""
    if step.kind is Kind.DATE:
        return _day(answer) or answer
    same = (each for each in step.choices if each.casefold() == answer.casefold())
    return next(same, answer)


def _day(answer: str) -> str:
    written = _DAY.fullmatch(answer)
    try:
        if written:
            month, day, year = (int(part) for part in written.groups())
            return date(year, month, day).isoformat()
        return date.fromisoformat(answer).isoformat()
    except ValueError:
        return ""


def _fault(step: Step, answer: str) -> str:
    if not answer:
        return f"{step.title} is needed" if step.is_required else ""
    most = longest(step)
    if len(answer) > most:
        return f"{step.title} takes at most {most:,} characters; not {len(answer):,}"
    check = _CHECKS.get(step.kind)
    return check(step, answer) if check else ""


def _date_fault(step: Step, answer: str) -> str:
    return "" if _day(answer) else f"{step.title} is a date, like 2026-12-25 or 12/25/2026"


def _phone_fault(step: Step, answer: str) -> str:
    if _FEWEST_DIGITS <= len(digits_of(answer)) <= _MOST_DIGITS:
        return ""
    return f"{step.title} is a telephone number, like (212) 555-0142"


def _email_fault(step: Step, answer: str) -> str:
    if len(answer) <= _LONGEST_EMAIL and _EMAIL.fullmatch(answer):
        return ""
    return f"{step.title} is an email address, like name@example.com"


def _choice_fault(step: Step, answer: str) -> str:
    if answer in step.choices:
        return ""
    return f"{step.title} is one of: {', '.join(step.choices)}"


_CHECKS: Final[Mapping[Kind, Callable[[Step, str], str]]] = {
    Kind.DATE: _date_fault,
    Kind.PHONE: _phone_fault,
    Kind.EMAIL: _email_fault,
    Kind.CHOICE: _choice_fault,
    Kind.YES_NO: _choice_fault,
}


def _for_field(step: Step, answer: str, region: str) -> str:
    return (to_e164(answer, region=region) or answer) if step.kind is Kind.PHONE else answer


class UnfitAnswers(InvalidInput):
    """Answers that cannot be sent; `faults` has all of them by key, `field` is the first's."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__(faults[0][1], field=faults[0][0])
        self.faults = faults
