"""The forms of escalation levels. Waits are asked for in minutes and kept in seconds.

Source: seed 000, "Add Escalation Levels" to "Chain Escalation Levels", "Default Event Times".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django import forms

from deskbell.contacts.models import Contact
from deskbell.foundation.errors import InvalidInput
from deskbell.oncall.models import EscalationLevel, OncallDefaults

from ..frame import SheetForm

MOST_LOOPS: Final = 10
TERMINATE: Final = "Terminate: the chain ends here"
WHOLE: Final = "Type a whole number."
MINUTES: Final = "Type minutes, as 5; 0.5 is 30 seconds."
_ASKED_AS: Final = {"repeat_seconds": "repeat_minutes", "wait_seconds": "wait_minutes"}


def minutes_field(label: str, *, required: bool, help_text: str = "") -> forms.DecimalField:
    """A wait, typed in minutes."""
    return forms.DecimalField(
        label=label,
        required=required,
        min_value=0,
        max_digits=12,
        help_text=help_text,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_digits"), MINUTES),
        widget=forms.NumberInput(attrs={"step": "any", "min": "0", "inputmode": "decimal"}),
    )


def whole_field(label: str, most: int, **named: Any) -> forms.IntegerField:
    """A whole number from 0 on."""
    wrong = f"Type a whole number from 0 to {most}."
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=most,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
        **named,
    )


class LevelForm(SheetForm):
    """A level's own fields; its events are on the calendar."""

    name = forms.CharField(
        label="Name",
        max_length=200,
        error_messages={"required": "A level needs a name, as On call or Manager."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    repeat = whole_field(
        "Repeat",
        99,
        initial=0,
        help_text="How many more times everybody on call is tried after the first.",
    )
    repeat_minutes = minutes_field("Minutes between attempts", required=True)
    wait_minutes = minutes_field(
        "Minutes to wait before leaving",
        required=False,
        help_text="After the last attempt. A level that terminates needs none.",
    )
    loops = whole_field(
        "Times it may lead back",
        MOST_LOOPS,
        required=False,
        help_text="Only where the next level comes earlier in this chain: how often a message may"
        " go round, 1 to 10. After that the chain ends here.",
    )
    hold_until_on_call = forms.BooleanField(
        label="Hold messages until someone is on call",
        required=False,
        help_text="Where nobody is on call and this level has no fallback, a message waits for the"
        " next shift. Otherwise it goes on at once.",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        levels: Sequence[EscalationLevel],
        contacts: Sequence[Contact],
        level: EscalationLevel | None = None,
        locked: bool = False,
    ) -> None:
        self.levels = {str(each.pk): each for each in levels}
        self.contacts = {str(each.pk): each for each in contacts}
        made = {
            "next_level": choice_of(
                "Next escalation level",
                TERMINATE,
                {key: each.name for key, each in self.levels.items() if each != level},
                "This level is not there any more; choose another.",
            ),
            "fallback": fallback_field(
                self.contacts, "The account's fallback", "Reached where nobody is on call here."
            ),
        }
        part = shown(level) if level else None
        super().__init__(data, part=part, made=made, locked=locked)
        if level is None:
            self.initial = {"repeat_minutes": "5", "wait_minutes": "5"}

    def clean(self) -> dict[str, Any]:
        """A level that goes on says how long it waits."""
        found = self.cleaned_data
        if found.get("next_level") and "wait_minutes" in found and found["wait_minutes"] is None:
            self.add_error("wait_minutes", "Say how many minutes it waits; 0 goes on at once.")
        return found

    def refuse(self, error: Exception) -> None:
        """Shows an error about seconds beside the field that asks for minutes."""
        if isinstance(error, InvalidInput) and error.field in _ASKED_AS:
            error = InvalidInput(str(error), field=_ASKED_AS[error.field])
        super().refuse(error)

    @property
    def values(self) -> dict[str, Any]:
        """The level's columns, as `add_level` and `edit_level` take them."""
        found = self.cleaned_data
        return {
            "name": found["name"],
            "repeat": found["repeat"],
            "repeat_seconds": seconds(found["repeat_minutes"]),
            "wait_seconds": seconds(found["wait_minutes"] or Decimal(0)),
            "next_level": self.levels.get(found["next_level"]),
            "loops": found["loops"] or 0,
            "fallback": self.contacts.get(found["fallback"]),
            "hold_until_on_call": found["hold_until_on_call"],
        }


def shown(level: EscalationLevel) -> dict[str, Any]:
    """The form's fields for a level."""
    return {
        "name": level.name,
        "repeat": level.repeat,
        "repeat_minutes": minutes(level.repeat_seconds),
        "wait_minutes": minutes(level.wait_seconds),
        "next_level": str(level.next_level_id or ""),
        "loops": level.loops or None,
        "fallback": str(level.fallback_id or ""),
        "hold_until_on_call": level.hold_until_on_call,
    }


def minutes(seconds: int) -> str:
    """Seconds as minutes are typed: "5", "0.5"; read back, they are the same seconds."""
    return f"{Decimal(seconds) / 60:.4f}".rstrip("0").rstrip(".")


def seconds(typed: Decimal) -> int:
    """Minutes as they are kept."""
    return round(typed * 60)


def choice_of(label: str, empty: str, choices: Mapping[str, str], gone: str) -> forms.ChoiceField:
    """One of some things, or none."""
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", empty), *choices.items()],
        error_messages={"invalid_choice": gone},
    )


def fallback_field(
    contacts: Mapping[str, Contact], empty: str, help_text: str
) -> forms.ChoiceField:
    """A contact that is reached where nobody is on call."""
    names = {key: each.name for key, each in contacts.items()}
    field = choice_of("Fallback", empty, names, "This contact is not there any more.")
    field.help_text = help_text
    return field


class CloneForm(SheetForm):
    """Onto which level a whole calendar is copied, and what becomes of that one's own events."""

    way = forms.ChoiceField(
        label="What is there already",
        choices=[
            ("add", "Stays: the events are added"),
            ("replace", "Is replaced: its own events are deleted first. This CANNOT be undone."),
        ],
        initial="add",
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None, *, others: Sequence[EscalationLevel]) -> None:
        self.others = {str(each.pk): each for each in others}
        made = {
            "onto": forms.ChoiceField(
                label="Clone its events to",
                choices=[(key, each.name) for key, each in self.others.items()],
                error_messages=dict.fromkeys(
                    ("required", "invalid_choice"), "Choose the level to clone to."
                ),
            )
        }
        super().__init__(data, made=made)
        self.order_fields(["onto", "way"])

    @property
    def onto(self) -> EscalationLevel:
        """The level that gets the events."""
        return self.others[self.cleaned_data["onto"]]


class DefaultsForm(SheetForm):
    """What holds for all levels of an account."""

    start = forms.TimeField(
        label="New events start at",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages=dict.fromkeys(("required", "invalid"), "Type a time, as 08:00."),
    )
    end = forms.TimeField(
        label="New events end at",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="11:59 PM is the end of the day; a time at or before the start is on the next.",
        error_messages=dict.fromkeys(("required", "invalid"), "Type a time, as 17:00."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        defaults: OncallDefaults | None,
        contacts: Sequence[Contact],
        locked: bool = False,
    ) -> None:
        self.contacts = {str(each.pk): each for each in contacts}
        made = {
            "fallback": fallback_field(
                self.contacts,
                "Nobody: the level is left at once",
                "Reached on every level where nobody is on call and that has no fallback of its"
                " own.",
            )
        }
        super().__init__(data, part=shown_defaults(defaults), made=made, locked=locked)


def shown_defaults(defaults: OncallDefaults | None) -> dict[str, str]:
    """The form's fields; without a row, the whole day and no fallback."""
    if defaults is None:
        return {"start": "00:00", "end": "23:59", "fallback": ""}
    return {
        "start": f"{defaults.start:%H:%M}",
        "end": f"{defaults.end:%H:%M}",
        "fallback": str(defaults.fallback_id or ""),
    }
