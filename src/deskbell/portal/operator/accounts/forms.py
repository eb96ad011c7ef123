"""The forms of an account: opening one, editing it, and giving it a plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import Any, Final, TypedDict

import phonenumbers
from django import forms
from django.http import QueryDict

from deskbell.accounts.actions.accounts import (
    MAX_ACCOUNT_NAME,
    MAX_ACCOUNT_NUMBER,
    MAX_CLIENT_ID,
    check_time_zone,
)
from deskbell.billing.models import Plan
from deskbell.billing.queries import offered
from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.trunks import read_prefix

from ...oncall.frame import SheetForm

NO_PLAN: Final = "No plan yet"
MOST_CALLS: Final = 10_000
MOST_PREFIXES: Final = 100
_FIELDS: Final = ("number", "client_id", "name", "time_zone", "country")


def countries() -> list[tuple[str, str]]:
    """Codes and names of the countries that have telephone numbers, by name (tzdata's table)."""
    table = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in table.splitlines() if line and line[0] != "#")
    known = [(code, name) for code, name in lines if code in phonenumbers.SUPPORTED_REGIONS]
    return sorted(known, key=lambda each: each[1])


COUNTRIES: Final = countries()


def _text(label: str, most: int, help_text: str = "", **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=False,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}),
    )


class Business(TypedDict):
    """What an account is, as `accounts.actions.open_account` and `edit_account` take it."""

    number: str
    name: str
    client_id: str
    time_zone: str
    country: str


class AccountForm(SheetForm):
    """What an account is, whichever page asks for it."""

    number = _text(
        "Number", MAX_ACCOUNT_NUMBER, "As on the bill. In use once.", placeholder="W0411"
    )
    name = _text("Name", MAX_ACCOUNT_NAME, "The business, as its people call it.")
    client_id = _text("Client ID", MAX_CLIENT_ID, "What your own books call it, where they do.")
    time_zone = _text(
        "Time zone", 64, "Where the business is.", list="zones", placeholder="America/New_York"
    )
    country = forms.ChoiceField(
        label="Country",
        choices=COUNTRIES,
        initial="US",
        help_text="Numbers typed without a country code are of this country.",
        error_messages={"invalid_choice": "Choose a country of the list."},
    )

    def clean_number(self) -> str:
        """Raises ValidationError for nothing."""
        return _needed(self.cleaned_data["number"], "Type the account's number, as W0411.")

    def clean_name(self) -> str:
        """Raises ValidationError for nothing."""
        return _needed(self.cleaned_data["name"], "Type the name of the business.")

    def clean_time_zone(self) -> str:
        """An IANA name. Raises ValidationError."""
        named = str(self.cleaned_data["time_zone"]).strip()
        try:
            return check_time_zone(named)
        except InvalidInput as error:
            raise forms.ValidationError(
                str(error) if named else "Choose a time zone, as America/New_York."
            ) from error

    def fields_of_account(self) -> Business:
        """What was typed, for `accounts.actions`."""
        given = self.cleaned_data
        return {
            "number": given["number"],
            "name": given["name"],
            "client_id": given["client_id"],
            "time_zone": given["time_zone"],
            "country": given["country"],
        }


class OpenForm(AccountForm):
    """A new account: what it is, its plan, and who administers it."""

    plan = forms.ChoiceField(label="Plan", required=False)
    email = forms.EmailField(
        label="Administrator's email address",
        required=False,
        help_text="They are invited by mail, and can then invite others. You can do it later.",
        error_messages={"invalid": "An email address looks like name@example.com."},
    )
    person = _text("Administrator's name", 200)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        _offer(self, None)
        if data is None:
            self.initial = {"time_zone": "America/New_York", "country": "US"}

    def chosen_plan(self) -> Plan | None:
        """The plan that was chosen."""
        return offered().filter(pk=self.cleaned_data["plan"] or 0).first()


class EditForm(AccountForm):
    """What an account is, whether it asks for a second factor, and what it may call."""

    requires_mfa = forms.BooleanField(
        label="Whoever enters the account needs MFA",
        required=False,
        help_text="People without one are led to set it up, and to nothing else.",
    )
    calls_out = forms.IntegerField(
        label="Calls out at once",
        required=False,
        min_value=0,
        max_value=MOST_CALLS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), f"Type a number from 0 to {MOST_CALLS:,}."
        ),
    )
    prefixes = forms.CharField(
        label="May call numbers that begin with",
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "+1, +44"}),
    )
    calls_nowhere = forms.BooleanField(label="May call no telephone at all", required=False)

    def clean_prefixes(self) -> list[str]:
        """The prefixes, each once. Raises ValidationError for one that is none."""
        typed = str(self.cleaned_data["prefixes"]).replace(",", " ").replace(";", " ").split()
        if len(typed) > MOST_PREFIXES:
            raise forms.ValidationError(f"At most {MOST_PREFIXES} prefixes.")
        try:
            return list(dict.fromkeys(read_prefix(each) for each in typed))
        except InvalidInput as error:
            raise forms.ValidationError(str(error)) from error

    def chosen_prefixes(self) -> list[str] | None:
        """What the account may call; None is what every account may."""
        if self.cleaned_data["calls_nowhere"]:
            return []
        return self.cleaned_data["prefixes"] or None


class PlanForm(SheetForm):
    """A plan, and the day from which the account has it."""

    plan = forms.ChoiceField(
        label="Plan",
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choose one of the plans that are offered."
        ),
    )
    begins_on = forms.DateField(
        label="From",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="The first day on which it holds, in the account's time zone.",
        error_messages=dict.fromkeys(("required", "invalid"), "Choose a day, as 2026-03-01."),
    )

    def __init__(self, data: QueryDict | None = None, *, today: date) -> None:
        super().__init__(data)
        _offer(self, "Choose a plan")
        if data is None:
            self.initial = {"begins_on": today}

    def chosen_plan(self) -> Plan:
        """The plan that was chosen. Raises InvalidInput where it was withdrawn meanwhile."""
        found = offered().filter(pk=self.cleaned_data["plan"]).first()
        if found is None:
            raise InvalidInput("This plan is not offered any more; choose another", field="plan")
        return found


def _offer(form: forms.Form, nothing: str | None) -> None:
    field = form.fields["plan"]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 as it stands above
    plans = [(str(each.pk), each.name) for each in offered()]
    field.choices = [("", nothing or NO_PLAN), *plans]


def _needed(text: str, words: str) -> str:
    if not text.strip():
        raise forms.ValidationError(words)
    return text.strip()


def shown(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows of an account and its limits, as `changing.present` gives them."""
    prefixes = values["prefixes"]
    return {
        **{name: values[name] for name in (*_FIELDS, "requires_mfa", "calls_out")},
        "prefixes": ", ".join(prefixes or []),
        "calls_nowhere": prefixes == [],
    }
