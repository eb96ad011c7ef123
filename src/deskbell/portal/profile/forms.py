"""The forms of My Profile, one for each of its parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from deskbell import audit
from deskbell.accounts.actions import MOST_SECONDARY, check_time_zone
from deskbell.accounts.models import User
from deskbell.accounts.notices import OF_MEMBERS, WORDS, Notice
from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.numbers import for_people

from ..oncall.frame import SheetForm
from ..pictures.uploads import PictureField

LEAST_ROWS: Final = 2
_MOST_TYPED: Final = 1000


def _text(label: str, autocomplete: str, **options: Any) -> forms.CharField:
    attributes = {"autocomplete": autocomplete, **options.pop("attrs", {})}
    widget = options.pop("widget", forms.TextInput)(attrs=attributes)
    limits = {"required": False, "max_length": _MOST_TYPED, **options}
    return forms.CharField(label=label, widget=widget, **limits)


class _OneOfMany(SheetForm):
    """A form that stands on a page with others, whose fields have ids of its own."""

    place = ""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.auto_id = f"id_{self.place}_%s"


class NameForm(_OneOfMany):
    """First and last name."""

    place = "own"

    name = _text("Full Name", "name", max_length=200, help_text="Your first and last name.")


class PictureForm(_OneOfMany):
    """A picture to be cropped."""

    place = "face"

    picture = PictureField(label="Profile Picture")

    def __init__(
        self, data: QueryDict | None = None, *, files: MultiValueDict[str, Any] | None = None
    ) -> None:
        super().__init__(data, part={})
        self.files = files or MultiValueDict()


class EmailForm(_OneOfMany):
    """Another address; `current` is asked of those who have a password."""

    place = "address"

    email = _text("New email address", "email", attrs={"inputmode": "email", "spellcheck": "false"})
    current = _text("Current password", "current-password", widget=forms.PasswordInput, strip=False)

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        super().__init__(data, part={})
        if not user.has_usable_password():
            del self.fields["current"]

    def note_changes(self) -> None:
        """The address that is asked for, and nothing of the password."""
        audit.note_here(subject=str(self.cleaned_data["email"]))


class NumbersForm(_OneOfMany):
    """A primary number and some others, with a row for one more."""

    place = "number"

    primary = _text("Primary Contact Number", "tel", attrs={"inputmode": "tel"})

    def __init__(
        self, data: QueryDict | None = None, *, part: Mapping[str, Any], region: str
    ) -> None:
        """`part` has `primary` and `secondary`, in E.164; `region` is where they are written."""
        shown = shown_numbers(part, region)
        rows = [name for name in shown if name != "primary"]
        made = {name: self._row(place) for place, name in enumerate(rows, 1)}
        super().__init__(data, part=shown, made=made)

    def _row(self, place: int) -> forms.CharField:
        return _text(f"Secondary Contact Number {place}", "off", attrs={"inputmode": "tel"})

    def secondary_rows(self) -> list[forms.BoundField]:
        """The rows of the other numbers."""
        return [self[name] for name in self.fields if name.startswith("secondary_")]

    @property
    def secondary(self) -> list[str]:
        """What was typed as secondary numbers, empty rows too."""
        names = [name for name in self.fields if name.startswith("secondary_")]
        return [str(self.cleaned_data[name]) for name in names]


def shown_numbers(part: Mapping[str, Any], region: str) -> dict[str, str]:
    """What the form's fields show: the numbers as people of a region write them, and room for one
    more."""
    secondary = [for_people(each, region=region) for each in part["secondary"]]
    rows = min(max(len(secondary) + 1, LEAST_ROWS), MOST_SECONDARY)
    first = for_people(part["primary"], region=region) if part["primary"] else ""
    padded = [*secondary, *[""] * (rows - len(secondary))]
    return {"primary": first} | {f"secondary_{place}": each for place, each in enumerate(padded)}


class PasswordForm(_OneOfMany):
    """The present password, and another one twice."""

    place = "secret"

    current = _text("Current password", "current-password", widget=forms.PasswordInput, strip=False)
    password = _text("New password", "new-password", widget=forms.PasswordInput, strip=False)
    again = _text("New password again", "new-password", widget=forms.PasswordInput, strip=False)

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        super().__init__(data, part={})
        if not user.has_usable_password():
            del self.fields["current"]

    def clean_again(self) -> str:
        """The same as `password`. Raises ValidationError where it is not."""
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("password"):
            raise forms.ValidationError("The two passwords are not the same.")
        return again

    def note_changes(self) -> None:
        """Nothing of it goes into the audit log."""


class NoticesForm(_OneOfMany):
    """The time zone, and which mails are wanted."""

    place = "told"

    time_zone = _text(
        "Time zone",
        "off",
        max_length=64,
        attrs={"list": "zones"},
        help_text="In which pages tell you when things happened. Calendars, schedules, To Dos and"
        " the desk keep to the account's.",
    )

    def __init__(
        self, data: QueryDict | None = None, *, user: User, part: Mapping[str, Any], zone: str
    ) -> None:
        """`zone` is the account's, which counts where the person names none."""
        choices = [(str(each), WORDS[each]) for each in wanted_by(user)]
        made = forms.MultipleChoiceField(
            label="Email me when",
            required=False,
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            help_text="Each email leads to what happened, and repeats nothing of a message.",
            error_messages={"invalid_choice": "Choose among these."},
        )
        super().__init__(data, part=part, made={"notices": made})
        self.fields["time_zone"].widget.attrs["placeholder"] = f"{zone} (the account's)"

    def clean_time_zone(self) -> str:
        """A zone's IANA name, in any case; empty for the account's. Raises ValidationError."""
        named = str(self.cleaned_data["time_zone"]).strip()
        if not named:
            return ""
        try:
            return check_time_zone(named)
        except InvalidInput as error:
            raise forms.ValidationError(
                "Choose a time zone from the list, as Europe/London, or leave it empty."
            ) from error


class SummaryForm(_OneOfMany):
    """Whether the account's daily summary is wanted, and at what time of the account's clock."""

    place = "daily"

    wants = forms.BooleanField(
        label="Email me every day what was the day before",
        required=False,
        help_text="Messages and calls in figures, who is on call, and links to open messages.",
    )
    time = forms.TimeField(
        label="At",
        input_formats=["%H:%M", "%H:%M:%S", "%I:%M %p"],
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages=dict.fromkeys(
            ("required", "invalid"), "This is no time of day: write it as 07:30."
        ),
        help_text="On the account's clock.",
    )


def wanted_by(user: User) -> list[Notice]:
    """The notices that a person can have: staff belong to no account."""
    return [each for each in Notice if not (user.is_staff_member and each in OF_MEMBERS)]
