"""Sends a mail by SMTP, and reads what the server says."""

from __future__ import annotations

import smtplib

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from deskbell.delivery.transport import Outcome, delivered, lasting_failure, passing_failure
from deskbell.delivery.wording import one_line

_MAX_QUOTE = 300


def send(mail: EmailMultiAlternatives, connection: BaseEmailBackend) -> Outcome:
    """Sends the mail, which has a Message-ID.

    Opening the connection is a step of its own: until it is open, nothing can arrive.
    """
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        return passing_failure(f"The mail server cannot be used: {_words(error)}")
    try:
        connection.send_messages([mail])
    except smtplib.SMTPException as error:
        return judge(error)
    except OSError as error:
        return passing_failure(f"The mail server fell silent: {error}", may_have_arrived=True)
    return delivered("The mail server took it", provider_id=mail.extra_headers["Message-ID"])


def judge(error: smtplib.SMTPException) -> Outcome:
    """What an SMTP error means for the next try.

    A 5xx for the recipient or the mail itself lasts (RFC 5321, 4.2.1). One for the sender or the
    sign-in is the operator's to mend, and is tried again meanwhile.
    """
    words = _words(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = min(error.recipients.values(), default=(0, b""))
        words = f"The mail server refused the address: {code} {_text(text)}"
        return lasting_failure(words) if code >= 500 else passing_failure(words)
    if isinstance(error, smtplib.SMTPDataError):
        words = f"The mail server refused the mail: {words}"
        return lasting_failure(words) if error.smtp_code >= 500 else passing_failure(words)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return lasting_failure(f"The mail server cannot take such an address: {words}")
    may_have_arrived = isinstance(error, smtplib.SMTPServerDisconnected)
    return passing_failure(f"The mail server gave up: {words}", may_have_arrived=may_have_arrived)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return one_line(str(error), _MAX_QUOTE)


def _text(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return one_line(text, _MAX_QUOTE)
