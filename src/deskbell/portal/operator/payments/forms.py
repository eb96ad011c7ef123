"""The forms of what came by other ways, and of what came back."""

from __future__ import annotations

import secrets
from typing import Any, Final, cast

from django import forms
from django.http import QueryDict

from deskbell.billing.actions.recorded import MOST_WORDS
from deskbell.billing.models import Method
from deskbell.billing.rules.amounts import checked_amount
from deskbell.foundation.errors import InvalidInput

from ...oncall.frame import SheetForm
from ..picking import AccountField

_METHODS: Final = [(str(each), each.label) for each in (Method.WIRE, Method.CHECK)]


class RecordForm(SheetForm):
    """A wire or a check that came: whose, how much, and how it is known."""

    account = AccountField()
    method = forms.ChoiceField(
        label="It came by",
        choices=_METHODS,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose one of them."),
    )
    amount = forms.CharField(
        label="Amount, in dollars",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    words = forms.CharField(
        label="What it says",
        required=False,
        max_length=MOST_WORDS,
        help_text="As Check 1042, or the wire's reference. The account sees it.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data, part={})
        self.initial["once"] = f"by-hand-{secrets.token_urlsafe(16)}"

    def clean_amount(self) -> int:
        """The amount in cents."""
        try:
            return checked_amount(self.cleaned_data["amount"])
        except InvalidInput as error:
            raise forms.ValidationError(str(error)) from error

    def clean_once(self) -> str:
        """A form's own mark, so that one that is sent twice is written down once."""
        once = cast(str, self.cleaned_data["once"])
        if not once.startswith("by-hand-"):
            raise forms.ValidationError("Open the form again.")
        return once

    def fields_of_payment(self) -> dict[str, Any]:
        """What `record_payment` takes."""
        given = self.cleaned_data
        return {
            "account": given["account"],
            "method": Method(given["method"]),
            "cents": given["amount"],
            "words": given["words"],
            "once": given["once"],
        }


class BackForm(SheetForm):
    """Why something that was written down by hand counts no more."""

    words = forms.CharField(
        label="Why",
        max_length=MOST_WORDS,
        help_text="As: The check bounced. The account sees it.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Say why, as: The check bounced."},
    )

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data, part={})
