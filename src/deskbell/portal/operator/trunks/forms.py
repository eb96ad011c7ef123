"""The form of a trunk. Its password is typed, and never shown."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.http import QueryDict

from deskbell.lines.actions import CODECS, MAX_PASSWORD, MAX_USERNAME, TrunkFields
from deskbell.lines.models import Trunk
from deskbell.lines.rules import MAX_NAME

from ...attendant.forms import PartForm

MOST_WRITTEN: Final = 4000
MOST_LISTED: Final = 200
_APART: Final = re.compile(r"[\s,;]+")


def _listed(label: str, help_text: str, placeholder: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=MOST_WRITTEN,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": placeholder}),
    )


class TrunkForm(PartForm[Trunk]):
    """A trunk: where calls come from, where they go, and how it knows us."""

    name = forms.CharField(
        label="Name",
        max_length=MAX_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "carrier"}),
        help_text="Small letters, digits and . _ -; it stands in logs, and stays.",
        error_messages={"required": "Give the trunk a name, as carrier."},
    )
    addresses = _listed(
        "Calls come from",
        "IP addresses and networks, apart by commas. Calls from anywhere else are refused.",
        "192.0.2.7, 198.51.100.0/24",
    )
    outgoing = forms.CharField(
        label="Calls go to",
        required=False,
        max_length=255,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "placeholder": "sip.carrier.example:5060"}
        ),
        help_text="HOST:PORT, with ;transport=tcp for TCP. Empty: no calls out.",
    )
    prefixes = _listed(
        "Carries numbers that begin with", "Apart by commas; + is every number.", "+1, +44"
    )
    caller_id = forms.CharField(
        label="Number shown where there is none",
        required=False,
        max_length=32,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text="With its country code.",
    )
    codecs = forms.MultipleChoiceField(
        label="Codecs to offer",
        required=False,
        choices=[(each, each) for each in CODECS],
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: all of them.",
    )
    username = forms.CharField(
        label="User name",
        required=False,
        max_length=MAX_USERNAME,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="Where the trunk asks who calls. Without one no password is kept.",
    )
    password = forms.CharField(
        label="Password",
        required=False,
        max_length=MAX_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    registers = forms.BooleanField(
        label="Register: tell the trunk where we are",
        required=False,
        help_text="For trunks that send calls to where the last registration came from.",
    )

    def __init__(self, data: QueryDict | None = None, *, part: Trunk | None = None) -> None:
        super().__init__(data, part=part)
        if part is None:
            self.fields["prefixes"].initial = "+"
            return
        del self.fields["name"]
        self.fields["password"].help_text = (
            "One is kept, sealed, and cannot be shown. Empty: it stays."
            if part.sealed_password
            else "None is kept."
        )

    def shown_of(self, part: Trunk) -> dict[str, Any]:
        """The trunk as the fields have it, without its password."""
        return {
            "addresses": ", ".join(part.addresses),
            "outgoing": part.outgoing,
            "prefixes": ", ".join(part.prefixes),
            "caller_id": part.caller_id,
            "codecs": list(part.codecs),
            "username": part.username,
            "registers": part.registers,
        }

    def covered(self, part: Trunk) -> object:
        """All of it; of the password only its seal, which is new with each password."""
        return {**self.shown_of(part), "seal": part.sealed_password}

    def clean_addresses(self) -> list[str]:
        """The addresses, each once."""
        return self._apart("addresses")

    def clean_prefixes(self) -> list[str]:
        """The prefixes, each once."""
        return self._apart("prefixes")

    def fields_of_trunk(self) -> TrunkFields:
        """What was typed, for `lines.actions`; an empty password is left out, so that it stays."""
        given = self.cleaned_data
        found: TrunkFields = {
            "addresses": given["addresses"],
            "outgoing": given["outgoing"].strip(),
            "prefixes": given["prefixes"],
            "username": given["username"].strip(),
            "registers": given["registers"],
            "caller_id": given["caller_id"].strip(),
            "codecs": given["codecs"],
        }
        if given["password"]:
            found["password"] = given["password"]
        return found

    def _apart(self, name: str) -> list[str]:
        typed = [each for each in _APART.split(str(self.cleaned_data[name])) if each]
        if len(typed) > MOST_LISTED:
            raise forms.ValidationError(f"At most {MOST_LISTED}.")
        return list(dict.fromkeys(typed))
