"""How forms of the operator's name an account: by its number, which is typed or picked."""

from __future__ import annotations

from typing import Final

from django import forms

from deskbell.accounts.models import Account
from deskbell.accounts.queries import account_numbered
from deskbell.foundation.errors import NotFound

MOST_PICKED: Final = 500
ACCOUNTS_ID: Final = "accounts"


class AccountField(forms.CharField):
    """An account by its number, as W0411; the form's value is the account.

    The page offers `numbered()` as the list `accounts`.
    """

    def __init__(self, *, label: str = "Account", help_text: str = "") -> None:
        super().__init__(
            label=label,
            max_length=64,
            help_text=help_text or "Its number, as W0411.",
            widget=forms.TextInput(attrs={"list": ACCOUNTS_ID, "autocomplete": "off"}),
            error_messages={"required": "Type the number of an account, as W0411."},
        )

    def clean(self, value: object) -> Account:
        """The account. Raises ValidationError where there is none with this number."""
        typed = str(super().clean(value)).replace("\0", "").strip()
        try:
            return account_numbered(typed)
        except NotFound as error:
            raise forms.ValidationError(str(error)) from error


def numbered() -> list[tuple[str, str]]:
    """Numbers and names of accounts, as a page offers them; the first five hundred."""
    rows = Account.objects.order_by("number").values_list("number", "name")
    return list(rows[:MOST_PICKED])
