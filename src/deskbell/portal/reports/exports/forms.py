"""The form of a new export: what it is of, which of it, and how it is written.

What stands in a filter is checked where the export is asked for, in words beside the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from django import forms
from django.http import QueryDict

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.audit.acts import kinds
from deskbell.audit.rules import DOORS
from deskbell.foundation.days import read_day
from deskbell.foundation.numbers import for_people
from deskbell.reports import usage
from deskbell.reports.filters import MAX_SEARCH, ZONE
from deskbell.reports.messages import STATUSES, TABS
from deskbell.reports.models import FileFormat, Kind
from deskbell.reports.usage import GROUP_WORDS as WORDS

from ...oncall.frame import SheetForm

FORMATS: Final = [
    (FileFormat.CSV.value, "CSV: opens everywhere, however many rows"),
    (FileFormat.XLSX.value, "Excel: 1,048,575 rows at most"),
    (FileFormat.JSON.value, "JSON: for programs"),
    (
        FileFormat.PDF.value,
        "PDF: to print; above 1,000 rows several in a ZIP archive",
    ),
]
# More numbers than this are written, not chosen from a list.
MOST_NUMBERS: Final = 100
DAYS: Final = ("from_date", "to_date")
_LONGEST: Final = 2 * MAX_SEARCH


class ExportForm(SheetForm):
    """How an export is written; its filters are made for its kind."""

    format = forms.ChoiceField(
        label="Format",
        choices=FORMATS,
        initial=FileFormat.CSV.value,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose one of these."),
    )

    def __init__(self, kind: str, account: Account, data: QueryDict | None, **options: Any) -> None:
        """`data` is what was sent; without it the fields show `initial`."""
        made = {ZONE: _hidden(), **_filters(kind, account)}
        super().__init__(data, made=made)
        self.filters = [name for name in made if name != ZONE]
        self.initial = dict(options.get("initial") or {})
        self._keep_chosen()
        for name in DAYS:
            self._show_day(name)

    def _keep_chosen(self) -> None:
        """What a list was narrowed to can be chosen, where the form itself does not know it."""
        for name, value in self.initial.items():
            widget = self.fields[name].widget if name in self.filters else None
            if isinstance(widget, forms.Select) and value not in dict(widget.choices):
                widget.choices = [*widget.choices, (value, value)]

    def _show_day(self, name: str) -> None:
        """A browser's field for days shows nothing of what is written otherwise."""
        value = str(self[name].value() or "")
        read = read_day(value)
        is_plain = not value or (read is not None and read.isoformat() == value)
        cast(forms.TextInput, self.fields[name].widget).input_type = "date" if is_plain else "text"

    @property
    def asked(self) -> dict[str, str | list[str]]:
        """The filters that are in use, as their page's query."""
        given = self.cleaned_data
        asked = {name: str(given[name]) for name in (*self.filters, ZONE) if given.get(name)}
        return {name: "yes" if value == "True" else value for name, value in asked.items()}

    @property
    def words(self) -> str:
        """The filters that are in use, as people read them."""
        return ", ".join(self._words_of(name) for name in self.asked if name != ZONE)

    def _words_of(self, name: str) -> str:
        field, value = self.fields[name], str(self.cleaned_data[name])
        if isinstance(field, forms.BooleanField):
            return str(field.label)
        choices = dict(getattr(field.widget, "choices", ()))
        return f"{field.label}: {choices.get(value, value)}"


def _filters(kind: str, account: Account) -> Mapping[str, forms.Field]:
    if kind == Kind.MESSAGES:
        return _of_messages(account)
    return _of_audit() if kind == Kind.AUDIT else _of_usage(account)


def _of_messages(account: Account) -> Mapping[str, forms.Field]:
    return {
        "tab": _choice("Which messages", {"": "All messages", **TABS}),
        **_days(),
        "q": _text("Search", "Words, names, numbers"),
        "number": _number(account),
        "status": _choice("Status", {"": "Every status", **STATUSES}),
        "emergency": forms.BooleanField(label="Only emergencies", required=False),
        "recording": forms.BooleanField(label="Only with recording", required=False),
    }


def _of_audit() -> Mapping[str, forms.Field]:
    doors = {str(each): name for each, name in DOORS.items()}
    return {
        **_days(),
        "q": _text("Search", "Words, names, addresses"),
        "person": _text("Person or token", "Name or email"),
        "kind": _choice("About", {"": "Everything"} | {each: each for each in kinds()}),
        "door": _choice("By way of", {"": "Every way", **doors}),
    }


def _of_usage(account: Account) -> Mapping[str, forms.Field]:
    return {
        **_days(),
        "number": _number(account),
        "kind": _choice("Kind of call", {"": "Every kind", **usage.KINDS}),
        "receptionist": _choice("Receptionist", {"": "Whoever answered", **usage.WHOSE}),
        "by": _choice("A line for each", {"": "Day, number, kind and receptionist", **WORDS}),
    }


def _days() -> Mapping[str, forms.Field]:
    return {"from_date": _day("From"), "to_date": _day("To")}


def _day(label: str) -> forms.Field:
    return forms.CharField(label=label, required=False, max_length=_LONGEST)


def _text(label: str, placeholder: str) -> forms.Field:
    attrs = {"autocomplete": "off", "placeholder": placeholder}
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, required=False, max_length=_LONGEST, widget=widget)


def _choice(label: str, choices: Mapping[Any, str]) -> forms.Field:
    widget = forms.Select(choices=[(str(value), name) for value, name in choices.items()])
    return forms.CharField(label=label, required=False, max_length=_LONGEST, widget=widget)


def _number(account: Account) -> forms.Field:
    found = list(PhoneNumber.objects.filter(account=account).order_by("number")[: MOST_NUMBERS + 1])
    if len(found) > MOST_NUMBERS:
        return _text("Number called", "As it is dialled")
    numbers = {each.number: for_people(each.number) for each in found}
    return _choice("Number called", {"": "Every number", **numbers})


def _hidden() -> forms.Field:
    return forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
