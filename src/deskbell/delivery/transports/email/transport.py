"""Sends a message by email.

The Message-ID is made from the idempotency key, so a mailbox shows one mail where a try had to be
repeated; the mails of one message's attempts refer to each other, and stand in one thread.
"""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email

from deskbell.delivery import mailing
from deskbell.delivery.transport import Field, Meaning, Note, Outcome, Parcel, Reply
from deskbell.delivery.wording import one_line
from deskbell.foundation.errors import InvalidInput

from .letter import write

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
        return mailing.send(compose(parcel), about=about)

    def send_note(self, note: Note) -> Outcome:
        """Sends a note as plain text."""
        return mailing.send(compose_note(note))

    def recall(self, parcel: Parcel, provider_id: str) -> None:
        """A mail that went out cannot be taken back."""

    def shown(self, address: str) -> str:
        """The address as it is."""
        return address

    def read_reply(self, text: str) -> Reply:
        """The button on the page that the mail links to is the one reply there is."""
        is_button = text.strip().lower() == Meaning.ACKNOWLEDGE
        return Reply(Meaning.ACKNOWLEDGE if is_button else Meaning.NOTHING)


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
