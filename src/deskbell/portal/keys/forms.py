"""What is asked before a token is made."""

from __future__ import annotations

from typing import Final, cast

from django import forms
from django.http import QueryDict

from deskbell.accounts.rules import ACCESSES, Right, unheld_scopes
from deskbell.accounts.scopes import WORDS, Scope

from ..oncall.frame import SheetForm

GIVE_LITTLE: Final = "Give it no more than it needs; what is not ticked is refused."


def _lacking(unheld: tuple[Scope, Right]) -> str:
    scope, right = unheld
    return f"“{WORDS[scope]}” needs the {ACCESSES[right].name} access, which you do not have."


def _name(needed: str, example: str) -> forms.CharField:
    return forms.CharField(
        label="Name",
        max_length=100,
        error_messages={"required": needed, "max_length": "A name has 100 characters at most."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": example}),
        help_text="What it is for, so that you know later what stops when you revoke it.",
    )


class TokenForm(SheetForm):
    """An API token of the account: its name, and what it may do of what its maker may."""

    name = _name("Say what the token is for, as CRM.", "CRM")
    scopes = forms.MultipleChoiceField(
        label="It may",
        widget=forms.CheckboxSelectMultiple,
        help_text=GIVE_LITTLE,
        error_messages={
            "required": "Choose one thing at least that it may do.",
            "invalid_choice": "Choose among these.",
        },
    )

    def __init__(self, data: QueryDict | None, *, held: frozenset[Right]) -> None:
        """`held` are the rights of who makes it; what needs others is not offered."""
        super().__init__(data, part={})
        unheld = unheld_scopes(held)
        asked = cast(forms.MultipleChoiceField, self.fields["scopes"])
        asked.choices = [(str(each), WORDS[each]) for each in Scope if each not in unheld]
        if unheld:
            asked.help_text = " ".join([GIVE_LITTLE, *map(_lacking, unheld.items())])


class PairForm(SheetForm):
    """A token of the person's own: its name."""

    name = _name("Say what the token is for, as Phone list import.", "Phone list import")
