"""The form of a charge or a credit. Amounts are typed in dollars, and kept in cents."""

from __future__ import annotations

from typing import Final

from django import forms

from deskbell.billing.actions import MOST_WORDS
from deskbell.billing.rules import cents_of
from deskbell.foundation.errors import InvalidInput

from ...oncall.frame import SheetForm

CHARGE: Final = "charge"
_KINDS: Final = [(CHARGE, "A charge"), ("credit", "A credit")]


class AdjustmentForm(SheetForm):
    """What is charged or credited, and why."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=_KINDS,
        initial=CHARGE,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose one of the two."),
    )
    amount = forms.CharField(
        label="Amount, in dollars",
        required=False,
        max_length=40,
        help_text="As 25.00.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    words = forms.CharField(
        label="What for",
        max_length=MOST_WORDS,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="As it stands on the statement.",
        error_messages={"required": "Say what it is for, as Number ported in."},
    )

    def clean_amount(self) -> int:
        """Cents. Raises ValidationError."""
        try:
            return cents_of(str(self.cleaned_data["amount"]), field="amount")
        except InvalidInput as error:
            raise forms.ValidationError(str(error)) from error

    @property
    def cents(self) -> int:
        """What was typed; below zero for a credit."""
        cents: int = self.cleaned_data["amount"]
        return cents if self.cleaned_data["kind"] == CHARGE else -cents
