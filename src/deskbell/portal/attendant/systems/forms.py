"""The form of a system's own fields: name, numbers, limits, and what happens when callers err.

Source: seed 002, "Update AA-System"; design, attendant API, "System" for the defaults.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.http import QueryDict

from deskbell.accounts.actions import check_time_zone
from deskbell.attendant.rules.plans import NumberPlan, Plan, SystemPlan
from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.numbers import for_people

from ..action_forms import ActionChoices, ActionField
from ..forms import PartForm

DEFAULT_ACTION = "Hang up (default)"
MAX_OCCURANCE = 100
MAX_TIMEOUT_SECONDS = 120
LIMITS = ("timeout", "invalid_input", "invalid_extension")
ACTIONS = tuple(f"{name}_action" for name in (*LIMITS, "no_answer"))
OWN_FIELDS = (
    "name",
    "description",
    "status",
    "time_zone",
    "direct_dialling",
    "timeout_seconds",
    *(f"{name}_max_occurance" for name in LIMITS),
    *ACTIONS,
    "apology",
)


def zones() -> list[str]:
    """The time zones to offer: those named after a place, and UTC."""
    places = [name for name in available_timezones() if "/" in name and not name.startswith("Etc/")]
    return ["UTC", *sorted(places)]


def limit(label: str, default: int, most: int) -> forms.IntegerField:
    """A limit that may be left empty, which takes the default."""
    wrong = f"Type a whole number from 1 to {most}, or leave it empty for {default}."
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=1,
        max_value=most,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
        widget=forms.NumberInput(attrs={"placeholder": f"{default} (default)"}),
    )


class SystemForm(PartForm[SystemPlan]):
    """A system's own fields. Its menus and schedules have their own pages."""

    name = forms.CharField(
        label="Name",
        max_length=200,
        error_messages={"required": "A system needs a name, as Main line."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    description = forms.CharField(
        label="Description",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For your colleagues; callers do not hear it.",
    )
    status = forms.ChoiceField(
        label="Status",
        choices=[("ACTIVE", "Active"), ("SUSPENDED", "Suspended: callers hear an apology")],
        widget=forms.RadioSelect,
        initial="ACTIVE",
    )
    time_zone = forms.CharField(
        label="Time zone",
        required=False,
        max_length=64,
        widget=forms.TextInput(
            attrs={"list": "zones", "autocomplete": "off", "placeholder": "UTC"}
        ),
        help_text="Hours and special days are in this zone.",
    )
    direct_dialling = forms.BooleanField(
        label="Callers may dial an extension in any menu",
        required=False,
        help_text="Without it, only a key that asks for an extension leads to one.",
    )
    timeout_seconds = limit("Seconds of silence", 5, MAX_TIMEOUT_SECONDS)
    timeout_max_occurance = limit("Silences allowed", 3, MAX_OCCURANCE)
    invalid_input_max_occurance = limit("Wrong keys allowed", 3, MAX_OCCURANCE)
    invalid_extension_max_occurance = limit("Wrong extensions allowed", 3, MAX_OCCURANCE)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        plan: Plan,
        choices: ActionChoices,
        part: SystemPlan | None = None,
        locked: bool = False,
        extensions_locked: bool = False,
    ) -> None:
        made = {
            "numbers": _numbers_field(plan, part),
            "extensions": _extensions_field(plan),
            "timeout_action": ActionField(choices, empty=DEFAULT_ACTION, label="Then"),
            "invalid_input_action": ActionField(choices, empty=DEFAULT_ACTION, label="Then"),
            "invalid_extension_action": ActionField(choices, empty=DEFAULT_ACTION, label="Then"),
            "no_answer_action": ActionField(
                choices,
                empty="Back to the menu (default)",
                label="When nobody answers a transferred call",
            ),
            "apology": forms.ChoiceField(
                label="Apology",
                required=False,
                choices=[("", "The standard apology (default)"), *choices.announcements],
                help_text="Played while the system is suspended, or no menu answers.",
            ),
            "voicemail_level": forms.ChoiceField(
                label="Messages go to",
                required=False,
                choices=[("", _first_level(choices)), *choices.levels],
                help_text="The escalation level that is told about messages callers leave.",
            ),
        }
        super().__init__(data, part=part, made=made, locked=locked)
        if extensions_locked:
            self.fields["extensions"].disabled = True
            self.fields["extensions"].help_text = "An Enterprise Admin can change extensions."

    def shown_of(self, part: SystemPlan) -> dict[str, Any]:
        """The fields' values for a system."""
        shown = {name: getattr(part, name) for name in OWN_FIELDS}
        shown["numbers"] = list(part.numbers)
        shown["extensions"] = list(part.extensions)
        shown["voicemail_level"] = str(part.voicemail_level or "")
        return shown

    def clean_time_zone(self) -> str:
        """An IANA name, or nothing, which is UTC."""
        named = str(self.cleaned_data["time_zone"]).strip()
        if named:
            try:
                check_time_zone(named)
            except InvalidInput as error:
                raise forms.ValidationError(str(error)) from error
        return named

    def applied_to(self, system: SystemPlan) -> SystemPlan:
        """The system with the form's values."""
        found = self.cleaned_data
        return replace(
            system,
            **{name: found[name] for name in OWN_FIELDS},
            numbers=tuple(found["numbers"]),
            extensions=tuple(found["extensions"]),
            voicemail_level=int(found["voicemail_level"] or 0),
        )


def _first_level(choices: ActionChoices) -> str:
    if not choices.levels:
        return "Nobody: they wait in the portal"
    return f"The first level: {choices.levels[0][1]} (default)"


def freed(plan: Plan, numbers: Iterable[str], sid: str) -> Plan:
    """The plan in which these attendant numbers lead to no other system than `sid`."""
    taken = set(numbers)
    systems = tuple(
        each
        if each.sid == sid
        else replace(each, numbers=tuple(one for one in each.numbers if one not in taken))
        for each in plan.systems
    )
    return replace(plan, systems=systems)


def _numbers_field(plan: Plan, system: SystemPlan | None) -> forms.MultipleChoiceField:
    sid = system.sid if system else ""
    elsewhere = {one: each.name for each in plan.systems if each.sid != sid for one in each.numbers}
    choices = [
        (each.number, _labelled(each, elsewhere.get(each.number, "")))
        for each in plan.numbers
        if not each.is_extension
    ]
    return forms.MultipleChoiceField(
        label="Numbers",
        required=False,
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of these numbers is not there any more."},
        help_text="Calls to them are answered here." if choices else "",
    )


def _labelled(number: NumberPlan, elsewhere: str) -> str:
    moves = f" (moves here from {elsewhere})" if elsewhere else ""
    return for_people(number.number) + moves


def _extensions_field(plan: Plan) -> forms.MultipleChoiceField:
    choices = [(each.number, extension_words(each)) for each in plan.numbers if each.is_extension]
    return forms.MultipleChoiceField(
        label="Extensions",
        required=False,
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of these extensions is not there any more."},
        help_text="Callers of this system can reach them by number or name." if choices else "",
    )


def extension_words(number: NumberPlan) -> str:
    """An extension for people: "101 Ines, (212) 555-0199"."""
    named = " ".join(filter(None, (number.extension, number.spoken_name)))
    return ", ".join(filter(None, (named, for_people(number.number))))
