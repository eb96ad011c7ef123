"""The forms of contacts: a name, whose user it is, and several made one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from deskbell.accounts.models import Account, User, UserStatus
from deskbell.contacts.models import Contact

from ..frame import SheetForm

FEWEST = 2


def name_field(label: str, said: str) -> forms.CharField:
    """The field of a contact's name; `said` is told where it is empty."""
    return forms.CharField(
        label=label,
        max_length=200,
        error_messages={"required": said},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


class NameForm(SheetForm):
    """A contact's name."""

    name = name_field("Name", "A contact needs a name, as Dr. Meyer or Night desk.")


class UserForm(SheetForm):
    """Which user of the account a contact is."""

    user = forms.ChoiceField(label="User", required=False)

    def __init__(self, data: Any = None, *, account: Account, **named: Any) -> None:
        self.users = users_of(account)
        choices = [("", "No user"), *((str(each.pk), _user_words(each)) for each in self.users)]
        made = {
            "user": forms.ChoiceField(
                label="User",
                required=False,
                choices=choices,
                error_messages={"invalid_choice": "Choose a user of this account."},
            )
        }
        super().__init__(data, made=made, **named)

    @property
    def user_id(self) -> int | None:
        """The chosen user's id."""
        chosen = self.cleaned_data["user"]
        return int(chosen) if chosen else None


def users_of(account: Account) -> list[User]:
    """The users of an account who may sign in, by name; one query."""
    found = account.users.filter(status=UserStatus.ACTIVE)
    return sorted(found, key=lambda user: str(user).casefold())


def _user_words(user: User) -> str:
    return f"{user.name} ({user.email})" if user.name else user.email


class MergeForm(SheetForm):
    """Several contacts that are one, and its name."""

    contacts = forms.MultipleChoiceField()
    name = name_field("New contact name", "Say what the merged contact is called.")

    def __init__(self, data: Any = None, *, contacts: Sequence[Contact], **named: Any) -> None:
        self.all = {str(each.pk): each for each in contacts}
        made = {
            "contacts": forms.MultipleChoiceField(
                label="Select contacts",
                choices=[(key, each.name) for key, each in self.all.items()],
                widget=forms.CheckboxSelectMultiple,
                error_messages={
                    "required": "Tick two or more contacts.",
                    "invalid_choice": "One of these contacts is not there any more.",
                },
            )
        }
        super().__init__(data, made=made, **named)
        del self.fields["name"].widget.attrs["autofocus"]
        self.order_fields(["contacts", "name"])

    def clean_contacts(self) -> list[str]:
        """Two at least."""
        chosen: list[str] = self.cleaned_data["contacts"]
        if len(chosen) < FEWEST:
            raise forms.ValidationError("Tick two or more contacts.")
        return chosen

    @property
    def chosen(self) -> list[Contact]:
        """The contacts that are ticked."""
        return [self.all[key] for key in self.cleaned_data["contacts"]]
