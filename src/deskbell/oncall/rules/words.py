"""How a shift's rule is said to people.

Source: seed 000, "Schedule Recurring Events" ("Every 2 weeks on Monday and Tuesday", "Monthly on
the 1st Sunday and 2nd Sunday and 2nd Monday").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from .shifts import LAST, Shift, weekday_of

WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_EVERY = {
    "daily": ("every day", "days"),
    "weekly": ("weekly", "weeks"),
    "monthly": ("monthly", "months"),
    "yearly": ("yearly", "years"),
}
_TENS = range(11, 14)


def in_words(shift: Shift) -> str:
    """When a shift happens, to be read after its times: "every 2 weeks on Monday and Tuesday".

    A shift that happens once is "once". Skipped days are not said.
    """
    if shift.frequency == "once":
        return "once"
    alone, units = _EVERY[shift.frequency]
    every = alone if shift.interval == 1 else f"every {shift.interval} {units}"
    return f"{every}{_days(shift)}{_end(shift)}"


def day_in_words(day: date) -> str:
    """A date as people say it: 1 March 2027."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _days(shift: Shift) -> str:
    start = shift.starts.date()
    if shift.frequency == "weekly":
        days = sorted(shift.weekdays or {weekday_of(start)})
        return f" on {joined([WEEKDAYS[day] for day in days])}"
    if shift.frequency == "monthly":
        return f" on the {joined(_month_days(shift))}"
    if shift.frequency == "yearly":
        return f" on {start.day} {_MONTHS[start.month - 1]}"
    return ""


def _month_days(shift: Shift) -> Sequence[str]:
    if shift.nth_weekdays:
        in_order = sorted(shift.nth_weekdays, key=lambda pair: (pair[0] == LAST, *pair))
        return [f"{_nth(nth)} {WEEKDAYS[day]}" for nth, day in in_order]
    return [_nth(day) for day in sorted(shift.month_days or {shift.starts.day})]


def _nth(number: int) -> str:
    if number == LAST:
        return "last"
    endings = {1: "st", 2: "nd", 3: "rd"}
    ending = "th" if number in _TENS else endings.get(number % 10, "th")
    return f"{number}{ending}"


def joined(words: Iterable[str]) -> str:
    """Words in a row: "Monday", "Monday and Tuesday", "Monday, Tuesday and Friday"."""
    *before, last = words
    return f"{', '.join(before)} and {last}" if before else last


def _end(shift: Shift) -> str:
    if shift.until is not None:
        return f" until {day_in_words(shift.until)}"
    if shift.count is not None:
        return ", once" if shift.count == 1 else f", {shift.count} times"
    return ""
