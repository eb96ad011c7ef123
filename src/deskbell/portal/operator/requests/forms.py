"""The form in which a request for access is granted: to which account, as what."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import QueryDict

from deskbell.accounts.models import AccessRequest, Account
from deskbell.accounts.rules import ACCESSES, DEFAULT_ACCESSES

from ...accounts.forms import ROLES
from ..accounts.forms import AccountForm
from ..picking import ACCOUNTS_ID, AccountField

KNOWN, NEW = "known", "new"
_OPENED: Final = ("number", "client_id", "name", "time_zone", "country")


class ApproveForm(AccountForm):
    """The account, one that there is or a new one; the role, and the accesses."""

    where = forms.ChoiceField(
        label="Where",
        choices=[(KNOWN, "An account that there is"), (NEW, "A new account, opened for them")],
        widget=forms.RadioSelect,
        initial=KNOWN,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose one of the two."),
    )
    account = forms.CharField(
        label="Account",
        required=False,
        max_length=64,
        help_text="Its number, as W0411.",
        widget=forms.TextInput(attrs={"list": ACCOUNTS_ID, "autocomplete": "off"}),
    )
    person = forms.CharField(label="Their name", required=False, max_length=200)
    role = forms.ChoiceField(
        label="Role",
        required=False,
        choices=ROLES,
        widget=forms.RadioSelect,
    )
    accesses = forms.MultipleChoiceField(
        label="Access",
        required=False,
        choices=[(str(right), access.name) for right, access in ACCESSES.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text="An administrator has all of it.",
    )
    field_order = ("where", "account", *_OPENED, "person", "role", "accesses")

    def __init__(self, data: QueryDict | None = None, *, asked: AccessRequest) -> None:
        super().__init__(data)
        self.fields["country"].required = False
        if data is None:
            self.initial = {
                "where": KNOWN,
                "name": asked.company,
                "person": asked.name,
                "time_zone": "America/New_York",
                "country": "US",
                "role": "",
                "accesses": sorted(map(str, DEFAULT_ACCESSES)),
            }

    @property
    def is_new(self) -> bool:
        """Whether an account is opened for them."""
        return self.data.get("where") == NEW if self.is_bound else False

    def clean_number(self) -> str:
        """Needed of a new account alone."""
        return super().clean_number() if self.is_new else ""

    def clean_name(self) -> str:
        """Needed of a new account alone."""
        return super().clean_name() if self.is_new else ""

    def clean_time_zone(self) -> str:
        """Needed of a new account alone."""
        return super().clean_time_zone() if self.is_new else ""

    def clean_account(self) -> Account | None:
        """The account that there is. Raises ValidationError."""
        return None if self.is_new else AccountField().clean(self.cleaned_data["account"])

    def given(self) -> dict[str, Any]:
        """Role, accesses and name, for `accounts.actions.approve_access`."""
        cleaned = self.cleaned_data
        return {
            "role": cleaned["role"],
            "accesses": cleaned["accesses"],
            "name": cleaned["person"],
        }
