"""The form of a number: what it is, and which systems it belongs to.

Source: seed 002, "Phone Number"; design, attendant API, "Phone number".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import QueryDict

from deskbell.attendant.rules.edits import put_number
from deskbell.attendant.rules.plans import NumberPlan, Plan, SystemPlan
from deskbell.foundation.numbers import for_people

from ..forms import PartForm

EXTENSION = "extension"
ATTENDANT = "attendant"


@dataclass(frozen=True, slots=True)
class Led:
    """A number with the sids of the systems that it belongs to."""

    number: NumberPlan
    systems: tuple[str, ...] = ()


def led(plan: Plan, number: NumberPlan) -> Led:
    """The number with its systems in this plan."""
    return Led(number, tuple(each.sid for each in plan.systems if number.number in _of(each)))


def _of(system: SystemPlan) -> tuple[str, ...]:
    return system.numbers + system.extensions


class NumberForm(PartForm[Led]):
    """An attendant number leads to one system; an extension can be reached from several."""

    kind = forms.ChoiceField(
        label="What it is",
        choices=[
            (ATTENDANT, "Attendant number: callers dial it and meet a system"),
            (EXTENSION, "Extension: callers reach it by its number or name"),
        ],
        widget=forms.RadioSelect(attrs={"data-kind": ""}),
    )
    extension = forms.RegexField(
        label="Extension number",
        regex=r"^[0-9]{1,12}$",
        required=False,
        error_messages={"invalid": "An extension number has 1 to 12 digits, such as 101."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text="What callers dial, such as 101. Without one it is reached by name only.",
    )
    spoken_name = forms.CharField(
        label="Spoken name",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="What callers say to reach it, such as Alice.",
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        plan: Plan,
        part: Led,
        locked: bool = False,
        extensions_locked: bool = False,
    ) -> None:
        systems = sorted(((each.sid, each.name) for each in plan.systems), key=lambda each: each[1])
        made = {
            "system": forms.ChoiceField(
                label="Leads to",
                required=False,
                choices=[("", "No system: calls to it reach nobody"), *systems],
                error_messages={"invalid_choice": "This system is not there any more."},
            ),
            "systems": forms.MultipleChoiceField(
                label="Can be reached from",
                required=False,
                choices=systems,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": "One of these systems is not there any more."},
            ),
        }
        self.others = [each for each in plan.numbers if each.number != part.number.number]
        super().__init__(data, part=part, made=made, locked=locked)
        if extensions_locked:
            for name in ("kind", "extension", "spoken_name", "systems"):
                self.fields[name].disabled = True

    def shown_of(self, part: Led) -> dict[str, Any]:
        """The fields' values for a number."""
        number, is_extension = part.number, part.number.is_extension
        return {
            "kind": EXTENSION if is_extension else ATTENDANT,
            "extension": number.extension,
            "spoken_name": number.spoken_name,
            "system": "" if is_extension else next(iter(part.systems), ""),
            "systems": list(part.systems) if is_extension else [],
        }

    def clean_extension(self) -> str:
        """Refuses an extension number that another number has, and says which."""
        typed = str(self.cleaned_data["extension"])
        taken = next((each for each in self.others if typed and each.extension == typed), None)
        if taken and self.cleaned_data.get("kind") == EXTENSION:
            whose = for_people(taken.number)
            if taken.spoken_name:
                whose += f", {taken.spoken_name}"
            raise forms.ValidationError(f"Extension {typed} is {whose}. Choose another number.")
        return typed

    def applied_to(self, plan: Plan, number: NumberPlan) -> Plan:
        """The plan with the number as the form says, in the systems that the form says."""
        found = self.cleaned_data
        is_extension = found["kind"] == EXTENSION
        plan = put_number(
            plan,
            replace(
                number,
                is_extension=is_extension,
                extension=found["extension"] if is_extension else "",
                spoken_name=found["spoken_name"] if is_extension else "",
            ),
        )
        chosen = set(found["systems"] if is_extension else [found["system"]])
        noun = "extensions" if is_extension else "numbers"
        systems = tuple(
            _holding(each, number.number, noun if each.sid in chosen else "")
            for each in plan.systems
        )
        return replace(plan, systems=systems)


def _holding(system: SystemPlan, number: str, noun: str) -> SystemPlan:
    """The system with the number among its `noun` only, in its old place where it was there."""
    return replace(
        system,
        numbers=_with(system.numbers, number, is_in=noun == "numbers"),
        extensions=_with(system.extensions, number, is_in=noun == "extensions"),
    )


def _with(numbers: tuple[str, ...], number: str, *, is_in: bool) -> tuple[str, ...]:
    if not is_in:
        return tuple(each for each in numbers if each != number)
    return numbers if number in numbers else (*numbers, number)
