"""The fields in which a shift's days, times and rule are set, and what they mean.

Source: seed 000, "Schedule Recurring Events".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django import forms

from deskbell.foundation.errors import InvalidInput
from deskbell.oncall.rules import LARGEST_INTERVAL, MOST_INSTANCES, Shift, checked

NAMES: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
NTHS: Final = {1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 5: "5th", -1: "Last"}
FREQUENCIES: Final = {
    "once": "Does not repeat",
    "daily": "Daily",
    "weekly": "Weekly",
    "monthly": "Monthly",
    "yearly": "Yearly",
}
RULE: Final = (
    "frequency", "interval", "weekdays", "month_days", "nth_weekdays", "until", "count",
)  # fmt: skip
PLACES: Final = {"starts": "starts_date", "ends": "ends_date", "skipped": "frequency"}


def day_input() -> forms.DateInput:
    """The browser's field for a day."""
    return forms.DateInput(
        format="%Y-%m-%d", attrs={"type": "date", "min": "2000-02-01", "max": "2199-11-30"}
    )


def time_input() -> forms.TimeInput:
    """The browser's field for a time of day."""
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class SpanFields(forms.Form):
    """From when until when, by the account's clock."""

    starts_date = forms.DateField(
        label="Starts on",
        widget=day_input(),
        error_messages={
            "required": "Choose the day on which it starts.",
            "invalid": "Write a day as 2026-11-22.",
        },
    )
    starts_time = forms.TimeField(
        label="at",
        widget=time_input(),
        error_messages={"required": "Choose when it starts.", "invalid": "Write a time as 17:30."},
    )
    ends_date = forms.DateField(
        label="Ends on",
        widget=day_input(),
        required=False,
        error_messages={"invalid": "Write a day as 2026-11-22, or leave it empty."},
    )
    ends_time = forms.TimeField(
        label="at",
        widget=time_input(),
        error_messages={"required": "Choose when it ends.", "invalid": "Write a time as 17:30."},
    )


def span_shown(starts: datetime, ends: datetime) -> dict[str, Any]:
    """What the fields of a span show."""
    return {
        "starts_date": starts.date(),
        "starts_time": starts.time(),
        "ends_date": ends.date(),
        "ends_time": ends.time(),
    }


def span_of(cleaned: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """Wall-clock start and end as they were set; no last day is the first one.

    Raises InvalidInput where a part of them could not be read.
    """
    starts_on, starts_at = cleaned.get("starts_date"), cleaned.get("starts_time")
    ends_at = cleaned.get("ends_time")
    if starts_on is None or starts_at is None or ends_at is None:
        raise InvalidInput("Set the day and both times first", field="starts")
    starts = datetime.combine(starts_on, starts_at)
    return starts, datetime.combine(cleaned.get("ends_date") or starts_on, ends_at)


class RuleFields(SpanFields):
    """A span that may come back."""

    frequency = forms.ChoiceField(label="Repeats", choices=[*FREQUENCIES.items()])
    interval = forms.IntegerField(
        label="Every",
        required=False,
        initial=1,
        widget=forms.NumberInput(attrs={"min": 1, "max": LARGEST_INTERVAL, "inputmode": "numeric"}),
        error_messages={"invalid": "Write a whole number, as 2."},
    )
    weekdays = forms.MultipleChoiceField(
        label="On",
        required=False,
        choices=[(str(number), name) for number, name in enumerate(NAMES)],
        widget=forms.CheckboxSelectMultiple,
    )
    monthly_by = forms.ChoiceField(
        label="Each month",
        required=False,
        choices=[("days", "on days of the month"), ("weekdays", "on weekdays of the month")],
        widget=forms.RadioSelect,
    )
    month_days = forms.MultipleChoiceField(
        label="Days of the month",
        required=False,
        choices=[(str(day), str(day)) for day in range(1, 32)],
        widget=forms.CheckboxSelectMultiple,
    )
    nth_weekdays = forms.MultipleChoiceField(
        label="Weekdays of the month",
        required=False,
        choices=[
            (f"{nth} {day}", f"{word} {name}")
            for nth, word in NTHS.items()
            for day, name in enumerate(NAMES)
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    ending = forms.ChoiceField(
        label="Ends",
        required=False,
        choices=[("never", "Never"), ("until", "On a date"), ("count", "After a number of times")],
        widget=forms.RadioSelect,
    )
    until = forms.DateField(
        label="Last day",
        required=False,
        widget=day_input(),
        error_messages={"invalid": "Write a day as 2027-03-01."},
    )
    count = forms.IntegerField(
        label="Times",
        required=False,
        widget=forms.NumberInput(attrs={"min": 1, "max": MOST_INSTANCES, "inputmode": "numeric"}),
        error_messages={"invalid": "Write a whole number, as 10."},
    )


def rule_shown(shift: Shift) -> dict[str, Any]:
    """What the fields of a rule show for a shift."""
    ending = "until" if shift.until else "count" if shift.count else "never"
    return {
        "frequency": shift.frequency,
        "interval": shift.interval,
        "weekdays": [str(day) for day in sorted(shift.weekdays)],
        "monthly_by": "weekdays" if shift.nth_weekdays else "days",
        "month_days": [str(day) for day in sorted(shift.month_days)],
        "nth_weekdays": [f"{nth} {day}" for nth, day in sorted(shift.nth_weekdays)],
        "ending": ending,
        "until": shift.until,
        "count": shift.count,
    }


def rule_of(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The rule as `add_event` takes it; what belongs to another way of coming back is left out.

    Raises InvalidInput where an end is chosen and not said.
    """
    frequency = cleaned.get("frequency") or "once"
    if frequency == "once":
        return {"frequency": "once", **_PLAIN}
    by_weekday = cleaned.get("monthly_by") == "weekdays"
    monthly = frequency == "monthly"
    return {
        "frequency": frequency,
        "interval": 1 if cleaned.get("interval") is None else cleaned["interval"],
        "weekdays": _numbers(cleaned, "weekdays") if frequency == "weekly" else (),
        "month_days": _numbers(cleaned, "month_days") if monthly and not by_weekday else (),
        "nth_weekdays": _nths(cleaned) if monthly and by_weekday else (),
        "until": _said(cleaned, "until", "Choose the last day, or that it never ends"),
        "count": _said(cleaned, "count", "Say how many times, or that it never ends"),
    }


_PLAIN: Final[Mapping[str, Any]] = {
    "interval": 1, "weekdays": (), "month_days": (), "nth_weekdays": (), "until": None,
    "count": None,
}  # fmt: skip


def _numbers(cleaned: Mapping[str, Any], name: str) -> tuple[int, ...]:
    return tuple(sorted(int(each) for each in cleaned.get(name) or ()))


def _nths(cleaned: Mapping[str, Any]) -> tuple[tuple[int, int], ...]:
    chosen = [each.split() for each in cleaned.get("nth_weekdays") or ()]
    if not chosen:
        raise InvalidInput("Tick at least one weekday of the month", field="nth_weekdays")
    return tuple((int(nth), int(day)) for nth, day in chosen)


def _said(cleaned: Mapping[str, Any], name: str, words: str) -> Any:
    if cleaned.get("ending") != name:
        return None
    if cleaned.get(name) is None:
        raise InvalidInput(words, field=name)
    return cleaned[name]


def shift_from(cleaned: Mapping[str, Any]) -> Shift:
    """The shift that the fields mean, as it would be kept. Raises InvalidInput."""
    starts, ends = span_of(cleaned)
    rule = rule_of(cleaned)
    for name in ("weekdays", "month_days", "nth_weekdays"):
        rule[name] = frozenset(rule[name])
    return checked(Shift(starts, ends, **rule))
