"""The form of a webhook: where it is told, and what of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from deskbell.webhooks.actions import EVENTS
from deskbell.webhooks.models import Happening, Subscription

from ..oncall.frame import SheetForm

CHOICES = [(each, Happening(each).label) for each in EVENTS]


class WebhookForm(SheetForm):
    """An address and the events that it is told of."""

    url = forms.CharField(
        label="URL",
        required=False,
        max_length=2000,
        widget=forms.TextInput(
            attrs={
                "inputmode": "url",
                "autocomplete": "off",
                "placeholder": "https://example.com/deskbell",
            }
        ),
        help_text="Where your program listens, on the public internet. Deskbell posts JSON there.",
    )
    events = forms.MultipleChoiceField(
        label="When",
        required=False,
        choices=CHOICES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose among these events."},
    )


def shown(webhook: Subscription) -> Mapping[str, Any]:
    """What the form shows of a webhook."""
    return {"url": webhook.url, "events": list(webhook.events)}
