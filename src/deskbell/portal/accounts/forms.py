"""The forms about people: who is invited, how they are called, and what they may do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django import forms

from deskbell.accounts.models import Role
from deskbell.accounts.rules import ACCESSES, DEFAULT_ACCESSES

from ..oncall.frame import SheetForm

MOST_NAME: Final = 200
MOST_EMAIL: Final = 254
ROLES: Final = [
    (role.value, f"{role.label}: {what}")
    for role, what in (
        (Role.NONE, "looks at everything, and does what the accesses below allow"),
        (Role.AA_ADMIN, "edits and publishes the auto attendant too"),
        (Role.BG_ADMIN, "everything in this account, users and API keys included"),
    )
]


class NameForm(SheetForm):
    """How a user is called."""

    name = forms.CharField(
        label="Full name",
        max_length=MOST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Type a name."},
    )


class AccessForm(SheetForm):
    """What a user may do: a role, and the accesses of the table."""

    role = forms.ChoiceField(
        label="Role",
        choices=ROLES,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of the roles."},
    )
    accesses = forms.MultipleChoiceField(
        label="Access",
        required=False,
        choices=[(str(right), access.name) for right, access in ACCESSES.items()],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"invalid_choice": "There is no such access."},
    )

    @property
    def rows(self) -> list[tuple[Any, str]]:
        """Each access's box, and what it allows."""
        descriptions = [access.description for access in ACCESSES.values()]
        return list(zip(self["accesses"], descriptions, strict=True))


class InviteForm(AccessForm):
    """Whom to invite, and as what."""

    email = forms.CharField(
        label="Email address",
        max_length=MOST_EMAIL,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Type the email address of the person."},
    )
    name = forms.CharField(
        label="Full name",
        required=False,
        max_length=MOST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="They can change it.",
    )


def access_shown(role: str, accesses: Iterable[str]) -> dict[str, Any]:
    """What the form shows of a place in the account."""
    return {"role": role, "accesses": sorted(accesses)}


def first_shown() -> dict[str, Any]:
    """What an invitation begins with."""
    return access_shown(Role.NONE, map(str, DEFAULT_ACCESSES))
