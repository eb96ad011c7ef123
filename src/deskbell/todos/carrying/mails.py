"""A To Do as a plain mail.

It comes from our own address, under the sender's name, and answers go to the sender's: a mail that
claimed to come from elsewhere would be refused (RFC 7489), and could claim anything.
"""

from __future__ import annotations

from collections.abc import Callable
from email.utils import formataddr, parseaddr
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from deskbell.delivery import mailing
from deskbell.delivery.transport import Outcome
from deskbell.delivery.wording import one_line

from ..models import Run
from .known import Known

_LONGEST_SUBJECT: Final = 200


def prepare(run: Run, _known: Known) -> Callable[[], Outcome]:
    """What sends the mail, in a connection of its own."""
    mail = compose(run)
    return lambda: mailing.send(mail)


def compose(run: Run) -> EmailMultiAlternatives:
    """The mail of a run; without a subject or a sender's name it has the account's name."""
    to_do = run.to_do
    ours = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    domain = ours.rpartition("@")[2] or "localhost"
    name = one_line(to_do.sender_name or to_do.account.name, _LONGEST_SUBJECT)
    subject = to_do.subject or f"A message from {to_do.account.name}"
    return EmailMultiAlternatives(
        one_line(subject, _LONGEST_SUBJECT),
        to_do.message_text or "",
        formataddr((name, ours)),
        [to_do.contact],
        reply_to=[to_do.from_email] if to_do.from_email else None,
        headers={
            "Message-ID": f"<{run.key}@{domain}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
