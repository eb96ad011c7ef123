"""The fields in which a To Do's schedule is set, and what they mean.

Source: seed 000, "Create a To Do", Schedule Sub-Parameters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms

from deskbell.foundation.errors import InvalidInput
from deskbell.todos.rules import (
    Frequency,
    Rule,
    When,
    first_day_of,
    icecube,
    in_words,
    next_after,
    read_when,
)
from deskbell.todos.rules.when import LARGEST_INTERVAL, WEEKDAYS

from ..oncall.frame import SheetForm
from ..templatetags.portal import in_zone

RULES: Final = {
    "immediately": "Right away, once it is saved",
    "today": "Later today",
    "recurring": "Again and again",
}
FREQUENCIES: Final = {
    "daily": "Daily",
    "weekly": "Weekly",
    "monthly": "Monthly",
    "yearly": "Yearly",
}
SCHEDULE: Final = ("rule", "times", "frequency", "interval", "weekdays", "month_days")
PREVIEWED: Final = 5
LAST_HOUR: Final = 23
_BREAKS: Final = re.compile(r"[,;\n]+|\band\b")
_TIME: Final = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))? *(?:(?P<half>[ap])\.?m?\.?)?",
    re.IGNORECASE | re.ASCII,
)


class ScheduleFields(SheetForm):
    """When a To Do runs."""

    rule = forms.ChoiceField(
        label="When",
        choices=[*RULES.items()],
        initial="recurring",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choose when it runs: right away, today, or again."
        ),
    )
    times = forms.CharField(
        label="At",
        required=False,
        initial="9:00 AM",
        max_length=1000,
        widget=forms.TextInput(attrs={"placeholder": "9:00 AM, 3:00 PM", "autocomplete": "off"}),
        help_text="One time or several, with commas between them.",
    )
    frequency = forms.ChoiceField(
        label="Repeats", required=False, initial="daily", choices=[*FREQUENCIES.items()]
    )
    interval = forms.CharField(
        label="Every",
        required=False,
        initial="1",
        widget=forms.NumberInput(attrs={"min": 1, "max": LARGEST_INTERVAL, "inputmode": "numeric"}),
    )
    weekdays = forms.MultipleChoiceField(
        label="On",
        required=False,
        choices=[(str(number), name) for number, name in enumerate(WEEKDAYS)],
        widget=forms.CheckboxSelectMultiple,
    )
    month_days = forms.MultipleChoiceField(
        label="On days of the month",
        required=False,
        choices=[(str(day), str(day)) for day in range(1, 32)],
        widget=forms.CheckboxSelectMultiple,
    )

    def days_field(self) -> str:
        """The field in which the days of the chosen frequency stand."""
        return "month_days" if self.cleaned_data.get("frequency") == "monthly" else "weekdays"

    def when(self) -> When:
        """When it shall run. Raises InvalidInput, whose `field` is one of this form."""
        try:
            return read_when(_schedule(self.cleaned_data))
        except InvalidInput as error:
            if error.field == "days":
                raise InvalidInput(str(error), field=self.days_field()) from error
            raise


def schedule_shown(when: When) -> dict[str, Any]:
    """What the fields show of a schedule."""
    days = [str(day) for day in when.days]
    return {
        "rule": str(when.rule),
        "times": ", ".join(when.times),
        "frequency": str(when.frequency or "daily"),
        "interval": str(when.interval),
        "weekdays": days if when.frequency == Frequency.WEEKLY else [],
        "month_days": days if when.frequency == Frequency.MONTHLY else [],
    }


def _schedule(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as the hash that an API request would bring; empty ones are left out."""
    frequency = cleaned.get("frequency") or "daily"
    days = {"weekly": "weekdays", "monthly": "month_days"}.get(frequency, "")
    return {
        "rule": cleaned.get("rule") or "",
        "frequency": frequency,
        "times": [
            _time(part) for part in _BREAKS.split(cleaned.get("times") or "") if part.strip()
        ],
        "interval": cleaned.get("interval") or "",
        "days": cleaned.get(days) or [],
    }


def _time(text: str) -> str:
    """A time as people type it, "9am" or "17:30", as "9:00 AM"; as it is where it is none."""
    found = _TIME.fullmatch(text.strip())
    if not found:
        return text.strip()
    hour, minute, half = int(found["hour"]), found["minute"], found["half"]
    if half:
        return f"{hour}:{minute or '00'} {half.upper()}M"
    if not minute or hour > LAST_HOUR:  # a bare 9 may mean the morning or the evening
        return text.strip()
    return f"{hour % 12 or 12}:{minute} {'PM' if hour >= 12 else 'AM'}"


def upcoming(
    rule: Mapping[str, Any], times: Sequence[str], first_day: date, zone: ZoneInfo, after: datetime
) -> list[datetime]:
    """The next five runs later than `after`, in UTC."""

    def following() -> Iterator[datetime]:
        at = next_after(rule, times, first_day, zone, after)
        while at:
            yield at
            at = next_after(rule, times, first_day, zone, at)

    return list(islice(following(), PREVIEWED))


def preview(form: ScheduleFields, *, zone: ZoneInfo, at: datetime) -> dict[str, Any]:
    """What the fields mean: in words, with the next runs, or what is wrong with them."""
    try:
        when = read_when(_schedule({name: form[name].value() for name in SCHEDULE}))
    except InvalidInput as error:
        return {"preview_error": str(error)}
    if when.rule == Rule.IMMEDIATELY:
        return {"preview_words": "Once, as soon as it is saved"}
    first_day = first_day_of(when, zone, at)
    rule = icecube(when, first_day)
    runs = upcoming(rule, when.times, first_day, zone, at)
    if not runs:
        over = when.rule == Rule.TODAY
        words = "All these times of today are over" if over else "There never is such a day"
        return {"preview_error": words}
    return {
        "preview_words": in_words(rule, when.times),
        "preview_runs": [f"{each.astimezone(zone):%a}, {in_zone(each)}" for each in runs],
    }
