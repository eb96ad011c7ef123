"""The forms of a number: adding one, what it is, and moving it."""

from __future__ import annotations

from typing import Any

from django import forms

from deskbell.accounts.actions.numbers import MAX_EXTENSION_DIGITS, MAX_NAME, MAX_NUMBER
from deskbell.accounts.models import PhoneNumber

from ...attendant.forms import PartForm
from ..picking import AccountField

EXTENSION, ATTENDANT = "extension", "attendant"
_KINDS = [
    (ATTENDANT, "Attendant number: callers reach the auto attendant by it"),
    (EXTENSION, "Extension: somebody's own, which callers dial in a menu"),
]


class NumberForm(PartForm[PhoneNumber]):
    """What a number is: an attendant number, or an extension with its number and name."""

    kind = forms.ChoiceField(
        label="Kind",
        choices=_KINDS,
        widget=forms.RadioSelect,
        initial=ATTENDANT,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose one of the two."),
    )
    extension = forms.CharField(
        label="Extension number",
        required=False,
        max_length=MAX_EXTENSION_DIGITS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text="1 to 12 digits, of an extension alone.",
    )
    spoken_name = forms.CharField(
        label="Spoken name",
        required=False,
        max_length=MAX_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Whose extension it is, as callers say it.",
    )

    def shown_of(self, part: PhoneNumber) -> dict[str, Any]:
        """What the number is."""
        return {
            "kind": EXTENSION if part.is_extension else ATTENDANT,
            "extension": part.extension,
            "spoken_name": part.extension_spoken_name,
        }

    def covered(self, part: PhoneNumber) -> object:
        """The same; not its branding, which its account edits."""
        return self.shown_of(part)

    def clean(self) -> dict[str, Any]:
        """An attendant number has no extension number: a left-over one is refused in words."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("kind") == ATTENDANT:
            for name in ("extension", "spoken_name"):
                if cleaned.get(name):
                    self.add_error(
                        name, "Only an extension has one; choose Extension, or empty it."
                    )
        return cleaned

    @property
    def is_extension(self) -> bool:
        """Whether it is to be an extension."""
        return bool(self.cleaned_data["kind"] == EXTENSION)


class NewNumberForm(NumberForm):
    """A number to add: whose it is, and what callers dial."""

    account = AccountField()
    number = forms.CharField(
        label="Phone number",
        max_length=MAX_NUMBER,
        widget=forms.TextInput(
            attrs={"inputmode": "tel", "autocomplete": "off", "placeholder": "+1 212 555 0142"}
        ),
        help_text="As callers dial it, with its country code.",
        error_messages={"required": "Type a phone number, as +1 212 555 0142."},
    )
    company_name = forms.CharField(
        label="Company name",
        required=False,
        max_length=MAX_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Where it is not the account's own.",
    )
    field_order = ("account", "number", "kind", "extension", "spoken_name", "company_name")


class MoveForm(PartForm[PhoneNumber]):
    """The account that a number goes to."""

    account = AccountField(label="To account")
