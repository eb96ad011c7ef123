"""The form of a plan. Prices are typed in dollars, and kept in cents."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from deskbell.billing.actions import MAX_NAME, PlanFields
from deskbell.billing.models import Plan
from deskbell.billing.rules import cents_of, dollars_of
from deskbell.foundation.errors import InvalidInput

from ...attendant.forms import PartForm

_INCREMENTS: Final = [("30", "Half a minute"), ("60", "A minute")]


def _price(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=40,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


class PlanForm(PartForm[Plan]):
    """A plan's name, prices, minutes, and what a call's time is rounded up to."""

    name = forms.CharField(
        label="Name",
        max_length=MAX_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="As it stands on statements.",
        error_messages={"required": "Give the plan a name, as Standard 100."},
    )
    base = _price("Each month, in dollars", "As 49.00; 0 for nothing.")
    included_minutes = forms.IntegerField(
        label="Minutes in it",
        initial=0,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text="Each month.",
        error_messages=dict.fromkeys(("required", "invalid"), "Type a number of minutes, or 0."),
    )
    overage = _price("Each minute above, in dollars", "As 0.95.")
    increment = forms.ChoiceField(
        label="A call's time is rounded up to",
        choices=_INCREMENTS,
        initial="60",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose one of the two."),
    )

    def shown_of(self, part: Plan) -> dict[str, Any]:
        """The plan as the fields have it."""
        return {
            "name": part.name,
            "base": dollars_of(part.base_cents),
            "included_minutes": part.included_minutes,
            "overage": dollars_of(part.overage_cents),
            "increment": str(part.increment_seconds),
        }

    def covered(self, part: Plan) -> object:
        """The same; not whether it is offered."""
        return self.shown_of(part)

    def clean_base(self) -> int:
        """Cents. Raises ValidationError."""
        return self._cents("base")

    def clean_overage(self) -> int:
        """Cents. Raises ValidationError."""
        return self._cents("overage")

    def fields_of_plan(self) -> PlanFields:
        """What was typed, for `billing.actions`."""
        given = self.cleaned_data
        return {
            "name": given["name"],
            "base_cents": given["base"],
            "included_minutes": given["included_minutes"],
            "overage_cents": given["overage"],
            "increment_seconds": int(given["increment"]),
        }

    def show_saved(self, part: Plan) -> None:
        """As `PartForm.show_saved`, with prices as they are typed."""
        for name in ("base", "overage"):
            if isinstance(self.cleaned_data.get(name), int):
                self.cleaned_data[name] = dollars_of(self.cleaned_data[name])
        super().show_saved(part)

    def _cents(self, name: str) -> int:
        try:
            return cents_of(str(self.cleaned_data[name]), field=name)
        except InvalidInput as error:
            raise forms.ValidationError(str(error)) from error
