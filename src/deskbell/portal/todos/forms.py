"""The form of a To Do: what goes out, to whom, from whom, and when.

Source: seed 000, "Create a To Do", Request Parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.html import format_html

from deskbell.accounts.models import PhoneNumber
from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.numbers import for_people
from deskbell.todos.actions import Fields
from deskbell.todos.models import ToDo
from deskbell.todos.rules import when_of

from .schedule_fields import ScheduleFields, schedule_shown

KINDS: Final = {"sms": "Text (SMS)", "email": "Email", "call": "Call"}
# What each kind takes beside the contact, as `Fields` names it.
TAKES: Final = {
    "sms": ("sender", "message_text"),
    "email": ("message_text", "subject", "sender_name", "from_email"),
    "call": ("sender", "instructions"),
}
NEEDS: Final = {
    "contact": "Say to whom: a phone number, or an email address for an email.",
    "message_text": "Write what it says.",
    "instructions": "Write what the call says.",
}


def text_area(rows: int, placeholder: str) -> forms.Textarea:
    """Several lines of text."""
    return forms.Textarea(attrs={"rows": rows, "placeholder": placeholder})


class ToDoForm(ScheduleFields):
    """A To Do, with the fields of all kinds; those of the chosen kind count."""

    delivery_type = forms.ChoiceField(
        label="How",
        choices=[*KINDS.items()],
        initial="sms",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choose how it goes out: by text, by email or by call."
        ),
    )
    contact = forms.CharField(
        label="To",
        required=False,
        max_length=320,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=format_html(
            '<span class="{}">{}</span> <span class="{}">{}</span> <span class="{}">{}</span>',
            "of-sms",
            "A phone number that can receive texts, as +1 212 555 0134.",
            "of-email",
            "An email address, as name@example.com.",
            "of-call",
            "A phone number, as +1 212 555 0134.",
        ),
    )
    instructions = forms.CharField(
        label="What the call says",
        required=False,
        widget=text_area(4, "This is a reminder: the back door has to be locked."),
        help_text="Deskbell calls and speaks this; an answering machine gets it after its beep.",
    )
    message_text = forms.CharField(
        label="Message", required=False, widget=text_area(5, "Reminder: your appointment is soon.")
    )
    subject = forms.CharField(label="Subject", required=False, max_length=200)
    sender_name = forms.CharField(
        label="Sender's name",
        required=False,
        max_length=200,
        help_text="Empty: the account's name.",
    )
    from_email = forms.CharField(
        label="Sender's address",
        required=False,
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="Answers go there; the email itself comes from Deskbell's own address.",
    )

    def __init__(self, data: Any = None, *, numbers: Sequence[PhoneNumber], **named: Any) -> None:
        first = for_people(numbers[0].number) if numbers else "none yet"
        choices = [
            ("", f"The account's first number, {first}"),
            *((each.number, for_people(each.number)) for each in numbers),
        ]
        made = {
            "from": forms.ChoiceField(
                label="From",
                required=False,
                choices=choices,
                error_messages={"invalid_choice": "Choose one of the account's numbers."},
            )
        }
        super().__init__(data, made=made, **named)

    def clean(self) -> dict[str, Any]:
        """Says of all that the kind needs what is missing, at once."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = cleaned.get("delivery_type", "")
        for name in ("contact", *TAKES.get(kind, ())):
            if name in NEEDS and name not in self.errors and not cleaned.get(name):
                self.add_error(name, NEEDS[name])
        if kind:
            self._check_schedule()
        return cleaned

    def _check_schedule(self) -> None:
        try:
            self.when()
        except InvalidInput as error:
            if error.field not in self.errors:
                self.refuse(error)

    @property
    def fields_of_it(self) -> Fields:
        """What the To Do is made of: the fields of its kind, and none of another's."""
        cleaned = {**self.cleaned_data, "sender": self.cleaned_data["from"]}
        kind = cleaned["delivery_type"]
        return Fields(
            delivery_type=kind,
            contact=cleaned["contact"],
            **{name: cleaned[name] for name in TAKES[kind]},
        )


def shown(to_do: ToDo) -> dict[str, Any]:
    """What the form shows of a To Do."""
    when = when_of(to_do.schedule.rule, to_do.schedule.times)
    return {**_fields_shown(to_do), **schedule_shown(when)}


def _fields_shown(to_do: ToDo) -> Mapping[str, Any]:
    return {
        "delivery_type": to_do.delivery_type,
        "contact": to_do.contact,
        "from": to_do.phone.number if to_do.phone else "",
        "instructions": to_do.instructions or "",
        "message_text": to_do.message_text or "",
        "subject": to_do.subject or "",
        "sender_name": to_do.sender_name or "",
        "from_email": to_do.from_email or "",
    }
