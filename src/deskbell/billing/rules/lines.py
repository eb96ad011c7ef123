"""What an account owes for a month, line by line. Pure; money is integer cents.

A part of a month costs its share by days. Shares are differences of rounded sums from the month's
first day on, so that the parts of one plan over a whole month are its price, to the cent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from deskbell.foundation.dates import dates_words

from .months import Stretch, Terms, last_day_of, month_of

BASE: Final = "base"
OVERAGE: Final = "overage"
ADJUSTMENT: Final = "adjustment"
PUT_RIGHT: Final = "put_right"
_MINUTE: Final = 60
_HALF: Final = 30


class DayUsed(Protocol):
    """What an account used on a day, in begun half minutes and minutes of each call."""

    @property
    def day(self) -> date: ...
    @property
    def calls(self) -> int: ...
    @property
    def half_minutes(self) -> int: ...
    @property
    def whole_minutes(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a statement, as `models.StatementLine` keeps it."""

    kind: str
    words: str
    amount_cents: int
    plan_name: str = ""
    first_day: date | None = None
    last_day: date | None = None
    calls: int = 0
    used_seconds: int = 0
    included_seconds: int = 0
    charged_seconds: int = 0
    unit_cents: int = 0
    increment_seconds: int = 0


def plan_lines(held: Iterable[Stretch], used: Sequence[DayUsed]) -> list[Line]:
    """Two lines for each stretch of a month: its share of the plan's price, and its minutes.

    The second is there where nothing is to be paid by it as well: it says what was used.
    """
    return [line for stretch in held for line in _lines_of(stretch, used)]


def put_right_lines(stated: Iterable[Line], used: Sequence[DayUsed]) -> list[Line]:
    """Lines for what was stated in other months and is another sum by now.

    `stated` has the account's lines of those months of kind overage and put right. What was stated
    holds, with that month's plan as it was: a line's amount is what is missing, below zero where
    too much was stated.
    """
    by_days: dict[tuple[date, date], list[Line]] = defaultdict(list)
    for line in stated:
        if line.first_day and line.last_day:
            by_days[line.first_day, line.last_day].append(line)
    found = (_put_right(days, by_days[days], used) for days in sorted(by_days))
    return [line for line in found if line is not None]


def adjustment_line(words: str, cents: int) -> Line:
    """The line of a charge, or of a credit (below zero)."""
    return Line(ADJUSTMENT, words, cents)


def overage_cents(charged_seconds: int, cents_a_minute: int) -> int:
    """The price of seconds above a plan, rounded half up to the cent."""
    return _half_up(charged_seconds * cents_a_minute, _MINUTE)


def share_of(whole: int, stretch: Stretch) -> int:
    """The part of a month's whole that falls on a stretch, in whole units, never below zero."""
    days = last_day_of(stretch.first_day).day
    until, before = stretch.last_day.day, stretch.first_day.day - 1
    return _half_up(whole * until, days) - _half_up(whole * before, days)


def _half_up(units: int, parts: int) -> int:
    return (2 * units + parts) // (2 * parts)


def _lines_of(stretch: Stretch, used: Sequence[DayUsed]) -> tuple[Line, Line]:
    terms, days = stretch.terms, (stretch.first_day, stretch.last_day)
    base = Line(
        BASE,
        f"{terms.name}, {_span(*days)}",
        share_of(terms.base_cents, stretch),
        terms.name,
        *days,
        unit_cents=terms.base_cents,
    )
    included = share_of(terms.included_minutes * _MINUTE, stretch)
    return base, _overage(terms, days, included, used)


def _overage(terms: Terms, days: tuple[date, date], included: int, used: Sequence[DayUsed]) -> Line:
    theirs = [each for each in used if days[0] <= each.day <= days[1]]
    seconds = sum(_seconds(each, terms.increment_seconds) for each in theirs)
    charged = max(0, seconds - included)
    return Line(
        OVERAGE,
        f"Minutes above {terms.name}, {_span(*days)}",
        overage_cents(charged, terms.overage_cents),
        terms.name,
        *days,
        calls=sum(each.calls for each in theirs),
        used_seconds=seconds,
        included_seconds=included,
        charged_seconds=charged,
        unit_cents=terms.overage_cents,
        increment_seconds=terms.increment_seconds,
    )


def _seconds(day: DayUsed, increment: int) -> int:
    return day.half_minutes * _HALF if increment == _HALF else day.whole_minutes * _MINUTE


def _put_right(
    days: tuple[date, date], lines: Sequence[Line], used: Sequence[DayUsed]
) -> Line | None:
    first = next(each for each in lines if each.kind == OVERAGE)
    terms = Terms(first.plan_name, 0, 0, first.unit_cents, first.increment_seconds)
    now = _overage(terms, days, first.included_seconds, used)
    missing = now.amount_cents - sum(each.amount_cents for each in lines)
    if not missing:
        return None
    return Line(
        PUT_RIGHT,
        f"Put right: minutes above {terms.name}, {_span(*days)}",
        missing,
        terms.name,
        *days,
        calls=now.calls,
        used_seconds=now.used_seconds,
        included_seconds=now.included_seconds,
        charged_seconds=now.charged_seconds,
        unit_cents=now.unit_cents,
        increment_seconds=now.increment_seconds,
    )


def _span(first: date, last: date) -> str:
    """`October 2026` for all of a month, else its days."""
    if (first, last) == (month_of(first), last_day_of(first)):
        return f"{first:%B %Y}"
    return dates_words(first, last)
