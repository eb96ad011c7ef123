"""When a To Do runs, in words for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from .icecube import when_of
from .when import WEEKDAYS, Frequency, Rule

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_EVERY: Final = {
    Frequency.DAILY: ("Every day", "days"),
    Frequency.WEEKLY: ("Every week", "weeks"),
    Frequency.MONTHLY: ("Every month", "months"),
    Frequency.YEARLY: ("Every year", "years"),
}


def in_words(rule: Mapping[str, Any], times: Sequence[str]) -> str:
    """ "Every 2 weeks on Tuesday, Thursday and Saturday at 9:00 AM"; "Once, right away"."""
    when = when_of(rule, times)
    if when.rule == Rule.IMMEDIATELY:
        return "Once, right away"
    if when.rule == Rule.TODAY or when.frequency is None:
        return f"Once, at {_joined(times)}"
    alone, units = _EVERY[when.frequency]
    every = alone if when.interval == 1 else f"Every {when.interval} {units}"
    return f"{every}{_days(rule['validations'])} at {_joined(times)}"


def _days(validations: Mapping[str, Sequence[int]]) -> str:
    if weekdays := validations.get("day"):
        return f" on {_joined([WEEKDAYS[day] for day in weekdays])}"
    days = validations.get("day_of_month", ())
    if months := validations.get("month_of_year"):
        return f" on {days[0]} {_MONTHS[months[0] - 1]}"
    return f" on the {_joined([_nth(day) for day in days])}" if days else ""


def _nth(day: int) -> str:
    ending = "th" if day in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def _joined(words: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)
