"""A mail of the reports': plain text, made of a template beside this file."""

from __future__ import annotations

import hashlib
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.urls import reverse

from deskbell.delivery.wording import one_line

_ENGINE: Final = Engine(dirs=[str(Path(__file__).parent / "texts")])
_LONGEST_SUBJECT: Final = 150


def address_of(view: str, *arguments: object) -> str:
    """The whole address of a page, by the name that the portal gives it."""
    return str(settings.ENVIRONMENT.public_url) + reverse(view, args=arguments)


def letter(
    to: str, subject: str, template: str, *, key: str, **context: Any
) -> EmailMultiAlternatives:
    """The mail of `texts/<template>.txt` to one address.

    `key` names the occasion: the Message-ID is made of it and of the address, so that a mailbox
    shows one mail where it had to be sent again.
    """
    text = _ENGINE.get_template(f"{template}.txt").render(Context(context, autoescape=False))
    mark = hashlib.sha256(f"{key} {to.casefold()}".encode()).hexdigest()[:32]
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return EmailMultiAlternatives(
        one_line(subject, _LONGEST_SUBJECT),
        text,
        settings.DEFAULT_FROM_EMAIL,
        [to],
        headers={
            "Message-ID": f"<{mark}@{domain}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
