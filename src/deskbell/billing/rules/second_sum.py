"""The second sum of a statement, by a way of its own: day by day, in decimal dollars. Pure.

What it is held against (`lines`) adds up stretches in integers. The two share no arithmetic, so a
mistake in one of them holds the statement rather than reaching the client.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Final

from .lines import DayUsed, Line
from .months import Terms

_CENT: Final = Decimal("0.01")
_ONE: Final = Decimal(1)


def second_sum(
    begun: Sequence[tuple[date, Terms]],
    month: date,
    used: Sequence[DayUsed],
    stated: Iterable[Line],
    adjusted_cents: int,
) -> int:
    """Cents of an account's whole statement for a month.

    `used` is added up from the calls themselves; `begun`, `stated` as in `months.stretches` and
    `lines.put_right_lines`; `adjusted_cents` is the sum of charges and credits.
    """
    dollars = _month(begun, month, used) + _put_right(stated, used)
    return int(dollars * 100) + adjusted_cents


def _month(begun: Sequence[tuple[date, Terms]], month: date, used: Sequence[DayUsed]) -> Decimal:
    days = _days_of(month)
    held = [(day, _terms_on(begun, day)) for day in days]
    total = Decimal(0)
    for terms, run in groupby(held, key=lambda pair: pair[1]):
        theirs = [day for day, _ in run]
        if terms is None:
            continue
        price = Decimal(terms.base_cents) / 100
        total += sum(_of_day(price, day, len(days), _CENT) for day in theirs)
        free = sum(
            _of_day(Decimal(terms.included_minutes * 60), day, len(days), _ONE) for day in theirs
        )
        spent = _seconds(used, set(theirs), terms.increment_seconds)
        total += _price(spent - free, terms.overage_cents)
    return total


def _put_right(stated: Iterable[Line], used: Sequence[DayUsed]) -> Decimal:
    """What stated usage costs now, less all that was stated for it."""
    total = Decimal(0)
    for line in stated:
        total -= Decimal(line.amount_cents) / 100
        if line.kind == "overage" and line.first_day and line.last_day:
            days = {
                line.first_day + timedelta(days=n)
                for n in range((line.last_day - line.first_day).days + 1)
            }
            spent = _seconds(used, days, line.increment_seconds)
            total += _price(spent - line.included_seconds, line.unit_cents)
    return total


def _days_of(month: date) -> list[date]:
    days = (month + timedelta(days=n) for n in range(31))
    return [day for day in days if day.month == month.month]


def _terms_on(begun: Sequence[tuple[date, Terms]], day: date) -> Terms | None:
    return max(
        (each for each in begun if each[0] <= day), key=lambda each: each[0], default=(day, None)
    )[1]


def _of_day(whole: Decimal, day: date, days: int, unit: Decimal) -> Decimal:
    """What a day adds to the rounded part of `whole` from the month's first day to it."""
    until, before = (whole * n / days for n in (day.day, day.day - 1))
    return until.quantize(unit, ROUND_HALF_UP) - before.quantize(unit, ROUND_HALF_UP)


def _seconds(used: Sequence[DayUsed], days: set[date], increment: int) -> Decimal:
    spans = (
        each.whole_minutes if increment == 60 else each.half_minutes
        for each in used
        if each.day in days
    )
    return Decimal(increment) * sum(spans)


def _price(seconds: Decimal, cents_a_minute: int) -> Decimal:
    if seconds <= 0:
        return Decimal(0)
    return (seconds / 60 * cents_a_minute / 100).quantize(_CENT, ROUND_HALF_UP)
