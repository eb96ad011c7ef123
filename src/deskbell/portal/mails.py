"""A mail of the portal's, and the addresses that stand in it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse


def address_of(view: str, *arguments: object) -> str:
    """The whole address of a page."""
    return str(settings.ENVIRONMENT.public_url) + reverse(view, args=arguments)


def send(to: str, subject: str, template: str, **context: Any) -> None:
    """Sends a template's text; the subject is one line, whatever names are in it.

    Raises what the mail server says.
    """
    text = render_to_string(template, context)
    send_mail(one_line(subject), text, settings.DEFAULT_FROM_EMAIL, [to])


def one_line(text: str) -> str:
    """A name as it may stand in a line of a mail."""
    return " ".join(text.split())
