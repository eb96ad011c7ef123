"""Sends a message by email, through whichever backend Django is set to use.

The Message-ID is made from the idempotency key, so a mailbox shows one mail where a try had to be
repeated; the mails of one message's attempts refer to each other, and stand in one thread.
"""

from __future__ import annotations

import contextlib
import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email

from deskbell.delivery.transport import (
    Field,
    Meaning,
    Note,
    Outcome,
    Parcel,
    Reply,
    delivered,
    lasting_failure,
    passing_failure,
)
from deskbell.delivery.wording import one_line
from deskbell.foundation.errors import InvalidInput

from .letter import write

_MAX_QUOTE = 300
_LONGEST_SUBJECT = 150


class EmailTransport:
    """Email by SMTP, or by any other backend of Django's."""

    kind = "email"
    label = "Email"
    has_secret = False
    has_codes = False
    fields = (Field("address", "Email address", "One address.", "email"),)

    def check_address(self, text: str) -> str:
        """One bare address, its domain in small letters. Raises InvalidInput."""
        address = text.strip()
        try:
            validate_email(address)
        except ValidationError as error:
            raise InvalidInput(
                "This is not an email address; one looks like name@example.com", field="address"
            ) from error
        name, _, domain = address.rpartition("@")
        return f"{name}@{domain.lower()}"

    def send(self, parcel: Parcel) -> Outcome:
        """Sends the mail, in one connection of its own."""
        about = f"{parcel.account_id}.{parcel.delivery_id}" if parcel.delivery_id else ""
        return _send(compose(parcel), about=about)

    def send_note(self, note: Note) -> Outcome:
        """Sends a note as plain text."""
        return _send(compose_note(note))

    def recall(self, parcel: Parcel, provider_id: str) -> None:
        """A mail that went out cannot be taken back."""

    def shown(self, address: str) -> str:
        """The address as it is."""
        return address

    def read_reply(self, text: str) -> Reply:
        """The button on the page that the mail links to is the one reply there is."""
        is_button = text.strip().lower() == Meaning.ACKNOWLEDGE
        return Reply(Meaning.ACKNOWLEDGE if is_button else Meaning.NOTHING)


def _send(mail: EmailMultiAlternatives, *, about: str = "") -> Outcome:
    with contextlib.closing(get_connection()) as connection:
        if settings.EMAIL_SERVICE:
            from . import services  # which loads slowly, and only there

            return services.send(mail, connection, about=about)
        return _send_by_smtp(mail, connection)


def _send_by_smtp(mail: EmailMultiAlternatives, connection: BaseEmailBackend) -> Outcome:
    """Opening the connection is a step of its own: until it is open, nothing can arrive."""
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


def compose(parcel: Parcel) -> EmailMultiAlternatives:
    """The mail for a parcel, plain and HTML."""
    letter = write(parcel)
    sender = settings.DEFAULT_FROM_EMAIL
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    headers = {
        "Message-ID": f"<{parcel.idempotency_key}@{domain}>",
        "References": f"<message-{parcel.message_uuid}@{domain}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if parcel.is_emergency:
        headers |= {"Importance": "high", "X-Priority": "1"}
    mail = EmailMultiAlternatives(
        letter.subject, letter.plain, sender, [parcel.address], headers=headers
    )
    mail.attach_alternative(letter.html, "text/html")
    return mail


def compose_note(note: Note) -> EmailMultiAlternatives:
    """The mail for a note."""
    sender = settings.DEFAULT_FROM_EMAIL
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return EmailMultiAlternatives(
        one_line(note.title, _LONGEST_SUBJECT),
        note.text,
        sender,
        [note.address],
        headers={
            "Message-ID": f"<{note.idempotency_key}@{domain}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )


def judge(error: smtplib.SMTPException) -> Outcome:
    """What an SMTP error means for the next try.

    A 5xx for the recipient or the mail itself lasts (RFC 5321, 4.2.1). One for the sender or the
    sign-in is the operator's to mend, and is tried again meanwhile.
    """
    words = _words(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()), (0, b""))
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
