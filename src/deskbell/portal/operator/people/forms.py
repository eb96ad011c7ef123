"""The forms of the staff: inviting somebody, and what somebody serves as."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from deskbell.accounts.models import Staff, User

from ...attendant.forms import PartForm

_SERVING: Final = [
    (
        str(Staff.RECEPTIONIST),
        "Receptionist: answers calls at a desk, and sees every account's messages",
    ),
    (str(Staff.OPERATOR), "Operator: everything in every account, and these pages"),
]
_CHOOSE: Final = dict.fromkeys(("required", "invalid_choice"), "Choose one of them.")


class InviteForm(PartForm[Any]):
    """Somebody to invite to the staff."""

    email = forms.EmailField(
        label="Email address",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("required", "invalid"), "Type an email address, as name@example.com."
        ),
    )
    name = forms.CharField(
        label="Name",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    staff = forms.ChoiceField(
        label="As",
        choices=_SERVING,
        widget=forms.RadioSelect,
        initial=str(Staff.RECEPTIONIST),
        error_messages=_CHOOSE,
    )


class ServingForm(PartForm[User]):
    """What a person serves as, if at all."""

    staff = forms.ChoiceField(
        label="Serves all accounts as",
        required=False,
        choices=[*_SERVING, ("", "Nobody: belongs to accounts alone")],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )

    def shown_of(self, part: User) -> dict[str, Any]:
        """What they serve as."""
        return {"staff": part.staff}

    def covered(self, part: User) -> object:
        """The same."""
        return part.staff
