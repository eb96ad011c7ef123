"""The few fields there are. A code is looked at by the actions, not by the form."""

from __future__ import annotations

from django import forms

from .actions import MOST_LETTERS
from .checking import EMPTY


class CodeForm(forms.Form):
    """A code of an app, or a recovery code; `trust` where this device need not ask again."""

    code = forms.CharField(max_length=64, error_messages={"required": EMPTY})
    trust = forms.BooleanField(required=False)


class PasswordForm(forms.Form):
    """The person's own password."""

    password = forms.CharField(
        max_length=128, strip=False, error_messages={"required": "Type your password."}
    )


class NameForm(forms.Form):
    """What a passkey is called."""

    name = forms.CharField(
        max_length=MOST_LETTERS,
        error_messages={
            "required": "Give the passkey a name, as Telephone or Blue key.",
            "max_length": f"A name has at most {MOST_LETTERS} letters.",
        },
    )
