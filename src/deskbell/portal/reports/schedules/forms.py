"""The form of a scheduled export: what it holds, when it is made, and who gets it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.http import QueryDict

from deskbell.accounts.models import Account
from deskbell.foundation.dates import DAYS as WEEKDAYS
from deskbell.reports.actions import Planned
from deskbell.reports.filters import ZONE
from deskbell.reports.models import Frequency, ScheduledExport, Sending

from ..exports.forms import DAYS, ExportForm

_BREAKS: Final = re.compile(r"[\s,;]+")
_LAST_DAY: Final = 31
_TICKED: Final = frozenset({"emergency", "recording"})
_NOT_A_TIME: Final = "This is no time of day: write it as 07:30."
_MOST_TYPED: Final = 20_000
_HOLDS: Final = {
    Frequency.DAILY: "Every day: what it holds is the day before",
    Frequency.WEEKLY: "Every week: the seven days before",
    Frequency.MONTHLY: "Every month: the whole month before",
}


def _choice(label: str, choices: list[tuple[Any, str]], words: str, **named: Any) -> Any:
    errors = dict.fromkeys(("required", "invalid_choice"), words)
    return forms.ChoiceField(label=label, choices=choices, error_messages=errors, **named)


class ScheduleForm(ExportForm):
    """An export's form without days, and with what makes it come again."""

    name = forms.CharField(
        label="Name",
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="It is the subject of the email.",
    )
    frequency = _choice(
        "How often",
        [(each.value, words) for each, words in _HOLDS.items()],
        "Choose daily, weekly or monthly.",
        initial=Frequency.WEEKLY.value,
        widget=forms.RadioSelect,
    )
    weekday = _choice(
        "On",
        list(enumerate(WEEKDAYS)),
        "Choose a day of the week.",
        initial=0,
    )
    month_day = _choice(
        "On",
        [(day, f"Day {day}" if day < _LAST_DAY else "The last day") for day in range(1, 32)],
        "Choose a day of the month, from 1 to 31.",
        initial=1,
        help_text="A month without the day has it on its last.",
    )
    time = forms.TimeField(
        label="At",
        input_formats=["%H:%M", "%H:%M:%S", "%I:%M %p"],
        initial="07:00",
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages=dict.fromkeys(("required", "invalid"), _NOT_A_TIME),
        help_text="A time that the change of the clocks skips is the moment of the change.",
    )
    recipients = forms.CharField(
        label="Email to",
        required=False,
        max_length=_MOST_TYPED,
        widget=forms.Textarea(
            attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false", "inputmode": "email"}
        ),
        help_text="One address on a line, 50 at most.",
    )
    sending = _choice(
        "It arrives",
        [
            (Sending.ATTACHMENT.value, "As an attachment; above 10 MB a link comes instead"),
            (Sending.LINK.value, "As a link, which only people of the account can follow"),
        ],
        "Choose an attachment or a link.",
        initial=Sending.ATTACHMENT.value,
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        kind: str,
        account: Account,
        data: QueryDict | None,
        *,
        part: Mapping[str, Any] | None = None,
        person: str = "",
    ) -> None:
        """`part` is what the schedule says; a new one goes to the address of `person`."""
        super().__init__(kind, account, data, initial={"recipients": person})
        for name in (*DAYS, ZONE):
            del self.fields[name]
        self.filters = [name for name in self.filters if name not in DAYS]
        if part is not None:
            self.initial = {**self.shown_of(part), "seen": self._seen(part)}

    def _show_day(self, name: str) -> None:
        """It has no days of its own."""

    def planned(self, kind: str) -> Planned:
        """What the valid form asks for."""
        given = self.cleaned_data
        return Planned(
            name=given["name"],
            kind=kind,
            format=given["format"],
            asked=self.asked,
            frequency=given["frequency"],
            weekday=int(given["weekday"]),
            month_day=int(given["month_day"]),
            time=given["time"],
            recipients=_BREAKS.split(given["recipients"].strip()),
            sending=given["sending"],
        )


def shown_of(schedule: ScheduledExport) -> dict[str, Any]:
    """What the form shows of a schedule."""
    asked = {
        name: value == "yes" if name in _TICKED else value for name, value in schedule.asked.items()
    }
    return {
        **asked,
        "name": schedule.name,
        "format": schedule.format,
        "frequency": schedule.frequency,
        "weekday": str(schedule.weekday),
        "month_day": str(schedule.month_day),
        "time": schedule.time,
        "recipients": "\n".join(schedule.recipients),
        "sending": schedule.sending,
    }
