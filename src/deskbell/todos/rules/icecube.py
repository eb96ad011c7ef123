"""A To Do's rule as IceCube writes it, and read back.

Source: seed 000, "To Dos API", Response Example 1; design, portal API, "To Dos".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from .when import Frequency, Rule, When

SINGLE: Final = "IceCube::SingleOccurrence"
_TYPES: Final = {
    Frequency.DAILY: "IceCube::DailyRule",
    Frequency.WEEKLY: "IceCube::WeeklyRule",
    Frequency.MONTHLY: "IceCube::MonthlyRule",
    Frequency.YEARLY: "IceCube::YearlyRule",
}
_FREQUENCIES: Final = {name: frequency for frequency, name in _TYPES.items()}


def icecube(when: When, first_day: date) -> dict[str, Any]:
    """The rule as it is kept and shown; Sunday is 0.

    Weekly and monthly rules without days, and yearly ones, happen on the day of `first_day`.
    """
    if when.rule != Rule.RECURRING or when.frequency is None:
        return {"rule_type": SINGLE}
    return {
        "rule_type": _TYPES[when.frequency],
        "interval": when.interval,
        "validations": _validations(when, first_day),
    }


def when_of(rule: Mapping[str, Any], times: Sequence[str]) -> When:
    """The schedule that a kept rule and its times mean."""
    frequency = _FREQUENCIES.get(rule["rule_type"])
    if frequency is None:
        return When(Rule.TODAY if times else Rule.IMMEDIATELY, times=tuple(times))
    validations = rule["validations"]
    days = () if frequency == Frequency.YEARLY else tuple(_days_in(validations))
    return When(Rule.RECURRING, frequency, tuple(times), days, rule["interval"])


def _days_in(validations: Mapping[str, Sequence[int]]) -> Sequence[int]:
    return validations.get("day") or validations.get("day_of_month") or ()


def _validations(when: When, first_day: date) -> dict[str, list[int]]:
    if when.frequency == Frequency.WEEKLY:
        return {"day": list(when.days) or [first_day.isoweekday() % 7]}
    if when.frequency == Frequency.MONTHLY:
        return {"day_of_month": list(when.days) or [first_day.day]}
    if when.frequency == Frequency.YEARLY:
        return {"month_of_year": [first_day.month], "day_of_month": [first_day.day]}
    return {}
