"""When a To Do shall run, as people and programs say it, and which of that cannot be meant.

Source: seed 000, "Create a To Do" (Schedule Sub-Parameters); design, portal API, "To Dos".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from deskbell.foundation.errors import InvalidInput, MissingInput

WEEKDAYS: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
MOST_TIMES: Final = 48
LARGEST_INTERVAL: Final = 999
_TIME: Final = re.compile(r"(0?[1-9]|1[0-2]):([0-5][0-9]) ?([AP])\.?M\.?", re.IGNORECASE)
_SHOWN: Final = 40
_TIME_WORDS: Final = "a time looks like 9:00 AM"


class Rule(StrEnum):
    """At once, at times of today, or again and again."""

    IMMEDIATELY = "immediately"
    TODAY = "today"
    RECURRING = "recurring"


class Frequency(StrEnum):
    """What the interval of a recurring To Do counts."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    YEARLY = "yearly"


@dataclass(frozen=True, slots=True)
class When:
    """When a To Do shall run.

    `times` are wall-clock times such as "9:00 AM", none for IMMEDIATELY. `days` are 0 (Sunday) to 6
    where it is weekly, 1 to 31 where it is monthly; none means the day on which it is made.
    """

    rule: Rule
    frequency: Frequency | None = None
    times: tuple[str, ...] = ()
    days: tuple[int, ...] = ()
    interval: int = 1


def read_when(schedule: object) -> When:
    """Reads the `schedule` of an API request: rule, frequency, times, interval, days (or day).

    Names may be in any case and numbers may be strings. A rule that is left out is recurring where
    there is a frequency. Raises MissingInput or InvalidInput for the first fault in the order of
    the seed's table; their `field` is the name above, or `schedule` for what is no hash.
    """
    if schedule is None or schedule == "":
        raise MissingInput("A To Do needs a schedule that says when it runs", field="schedule")
    if not isinstance(schedule, Mapping):
        raise InvalidInput('A schedule is a hash such as {"rule": "immediately"}', field="schedule")
    rule = _rule_of(schedule)
    if rule == Rule.IMMEDIATELY:
        return When(rule)
    if rule == Rule.TODAY:
        return When(rule, times=read_times(schedule.get("times")))
    frequency = _frequency_of(schedule.get("frequency"))
    times = read_times(schedule.get("times"))
    interval = _interval_of(schedule.get("interval"))
    given = schedule.get("days")
    days = read_days(schedule.get("day") if _is_empty(given) else given, frequency)
    return When(rule, frequency, times, days, interval)


def read_times(given: object) -> tuple[str, ...]:
    """Wall-clock times as "9:00 AM", in the order given, each once.

    Raises MissingInput for none, InvalidInput for what is no time or for too many of them.
    """
    if _is_empty(given):
        raise MissingInput(f"Say at what times it runs; {_TIME_WORDS}", field="times")
    found = dict.fromkeys(_time_of(each) for each in _listed(given, "times"))
    if len(found) > MOST_TIMES:
        raise InvalidInput(f"A To Do runs {MOST_TIMES} times a day at most", field="times")
    return tuple(found)


def read_days(given: object, frequency: Frequency) -> tuple[int, ...]:
    """The days of a schedule as numbers, in order, each once; none where none are given.

    Weekly ones are names or their first letters ("Monday", "mon"), or 0 (Sunday) to 6; monthly
    ones 1 to 31. Raises InvalidInput for days that do not exist, and for any where the frequency
    has none.
    """
    if _is_empty(given):
        return ()
    if frequency not in {Frequency.WEEKLY, Frequency.MONTHLY}:
        raise InvalidInput(f"A To Do that is {frequency} has no days of its own", field="days")
    read = _weekday_of if frequency == Frequency.WEEKLY else _month_day_of
    return tuple(sorted({read(each) for each in _listed(given, "days")}))


def _rule_of(schedule: Mapping[Any, Any]) -> Rule:
    given = schedule.get("rule")
    if _is_empty(given):
        if not _is_empty(schedule.get("frequency")):
            return Rule.RECURRING
        raise MissingInput(f"A rule is {_choices(Rule)}", field="rule")
    try:
        return Rule(_text(given))
    except ValueError as error:
        raise InvalidInput(f"A rule is {_choices(Rule)}", field="rule") from error


def _frequency_of(given: object) -> Frequency:
    words = f"A frequency is {_choices(Frequency)}"
    if _is_empty(given):
        raise MissingInput(words, field="frequency")
    try:
        return Frequency(_text(given))
    except ValueError as error:
        raise InvalidInput(words, field="frequency") from error


def _interval_of(given: object) -> int:
    if _is_empty(given):
        return 1
    found = _number(given)
    if found is None or not 1 <= found <= LARGEST_INTERVAL:
        raise InvalidInput(
            f"An interval is a whole number from 1 to {LARGEST_INTERVAL}", field="interval"
        )
    return found


def _time_of(given: object) -> str:
    found = _TIME.fullmatch(given.strip()) if isinstance(given, str) else None
    if found is None:
        raise InvalidInput(f"{str(given)[:_SHOWN]!r} is no time; {_TIME_WORDS}", field="times")
    return f"{int(found[1])}:{found[2]} {found[3].upper()}M"


def _weekday_of(given: object) -> int:
    number = _number(given)
    if number is not None and 0 <= number <= 6:
        return number
    text = _text(given)
    for day, name in enumerate(WEEKDAYS):
        if text in {name.lower(), name[:3].lower()}:
            return day
    raise InvalidInput(
        f"{str(given)[:_SHOWN]!r} is no day of the week, such as Monday", field="days"
    )


def _month_day_of(given: object) -> int:
    number = _number(given)
    if number is None or not 1 <= number <= 31:
        raise InvalidInput(f"{str(given)[:_SHOWN]!r} is no day of the month, 1 to 31", field="days")
    return number


def _listed(given: object, field: str) -> Sequence[object]:
    """An array; one value alone is an array of it. Raises InvalidInput."""
    if isinstance(given, str | int):
        return [given]
    if isinstance(given, Sequence) and not isinstance(given, bytes):
        return given
    raise InvalidInput(f"{field} takes an array", field=field)


def _number(given: object) -> int | None:
    """A whole number, also as a string; None for anything else."""
    if isinstance(given, bool):
        return None
    if isinstance(given, int):
        return given
    text = given.strip() if isinstance(given, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _text(given: object) -> str:
    return given.strip().lower() if isinstance(given, str) else ""


def _is_empty(given: object) -> bool:
    return given is None or given == "" or given == [] or given == ()


def _choices(names: type[StrEnum]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}"
