"""Mails: sent by SMTP, or by the API of a mail service where `DESKBELL_EMAIL_URL` names one."""

from __future__ import annotations

import contextlib

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from deskbell.delivery.transport import Outcome

from . import smtp


def send(mail: EmailMultiAlternatives, *, about: str = "") -> Outcome:
    """Sends a mail in a connection of its own, and says what became of it; never raises what a
    server may say. `about` comes back with what a service reports of it later."""
    with contextlib.closing(get_connection()) as connection:
        if settings.EMAIL_SERVICE:
            from . import services  # which loads slowly, and only there

            return services.send(mail, connection, about=about)
        return smtp.send(mail, connection)
