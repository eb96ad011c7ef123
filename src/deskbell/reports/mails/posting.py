"""Sending a mail, so that what fails for now is tried again, and what fails for good is said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.core.mail import EmailMultiAlternatives

from deskbell.delivery import mailing
from deskbell.delivery.transport import Fate
from deskbell.foundation.errors import DeskbellError

# So long a mail server may be away.
PATIENCE: Final = timedelta(days=1)


class Refused(DeskbellError):
    """A mail that was refused for good, or that nobody took for a day."""


class NotTaken(DeskbellError):
    """A mail that may be taken later: its job runs again."""


def post(mail: EmailMultiAlternatives, *, since: datetime, at: datetime) -> None:
    """Sends a mail that is wanted `since` a time.

    Raises Refused, in words, where it is refused for good or was tried for a day; NotTaken before
    that, by which the worker tries the job again, later and later.
    """
    outcome = mailing.send(mail)
    if outcome.fate == Fate.DELIVERED:
        return
    if outcome.fate == Fate.LASTING or at - since >= PATIENCE:
        raise Refused(outcome.words)
    raise NotTaken(outcome.words)
