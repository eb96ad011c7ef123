"""Sends a mail by a service with an API, through django-anymail, and reads what it answers.

Imported only where such a service is set: its libraries load slowly, and SMTP needs none of them.
Source: https://anymail.dev/en/stable/sending/exceptions/
"""

from __future__ import annotations

import requests
from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from deskbell.delivery.transport import Outcome, delivered, lasting_failure, passing_failure
from deskbell.delivery.wording import one_line

_MAX_QUOTE = 300
_TRY_LATER = {408, 425, 429}
# The operator's to mend: a key that is wrong or not allowed to send.
_SIGN_IN = {401, 402, 403}
_TAKEN = {"queued", "sent"}


def send(mail: EmailMultiAlternatives, connection: BaseEmailBackend, *, about: str) -> Outcome:
    """Sends the mail in one request; `about` comes back with what is reported of it later."""
    mail.metadata = {"deskbell": about} if about else {}  # type: ignore[attr-defined]
    name = str(getattr(connection, "esp_name", "The mail service"))
    if name == "Postmark":  # which else makes a Message-ID of its own for each try
        mail.extra_headers["X-PM-KeepID"] = "true"
    try:
        connection.open()
        connection.send_messages([mail])
    except AnymailRecipientsRefused as error:
        return lasting_failure(f"{name} refused the address: {_said(error)}")
    except AnymailAPIError as error:
        return judge(name, error)
    except AnymailError as error:
        return lasting_failure(f"{name} cannot take such a mail: {_one_line(str(error))}")
    status = mail.anymail_status  # type: ignore[attr-defined]
    if not status.status or not status.status & _TAKEN:
        return lasting_failure(f"{name} refused the mail: {_quoted(status.esp_response)}")
    return delivered(f"{name} took it", provider_id=str(status.message_id or ""))


def judge(name: str, error: AnymailAPIError) -> Outcome:
    """What a failed request means for the next try."""
    status = error.status_code
    if status is None:
        return _unreachable(name, error)
    words = f"{name} answered {status}: {_said(error)}".removesuffix(": ")
    if status in _TRY_LATER or status >= 500 or 200 <= status < 300:
        # A whole answer that makes no sense may stand for a mail that was taken.
        return passing_failure(words, may_have_arrived=200 <= status < 300)
    if status in _SIGN_IN:
        return passing_failure(words)
    return lasting_failure(words)


def _unreachable(name: str, error: AnymailAPIError) -> Outcome:
    cause = error.__cause__
    went_out = not isinstance(cause, requests.ConnectTimeout) and not _refused(cause)
    words = f"{name} gave no answer" if went_out else f"{name} cannot be reached"
    return passing_failure(words, may_have_arrived=went_out)


def _refused(cause: BaseException | None) -> bool:
    """Whether no connection came to be: urllib3 says so two exceptions further in."""
    text = repr(cause)
    return "NewConnectionError" in text or "NameResolutionError" in text or "SSLError" in text


def _said(error: AnymailError) -> str:
    return "" if error.response is None else _quoted(error.response)


def _quoted(response: requests.Response) -> str:
    """What the service said in its answer: the sentence in its JSON, else all of it."""
    try:
        found = response.json()
    except ValueError:
        found = None
    for key in ("Message", "message", "error", "ErrorMessage"):
        if isinstance(found, dict) and isinstance(found.get(key), str):
            return _one_line(found[key])
    return _one_line(response.text)


def _one_line(text: str) -> str:
    return one_line(text, _MAX_QUOTE)
