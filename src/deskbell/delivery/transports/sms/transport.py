"""Sends a message as a text by the carrier that is connected, and reads what comes back.

What the carrier takes counts as delivered: many phone networks never report. A later report that
it did not arrive makes it failed (`texting.reports`). What a text says is in `writing`.
"""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from deskbell.delivery import telephones, texting
from deskbell.delivery.transport import (
    Carried,
    Field,
    Note,
    Outcome,
    Parcel,
    Reply,
    delivered,
    lasting_failure,
    passing_failure,
)
from deskbell.delivery.wording import one_line
from deskbell.foundation.dialling import is_public
from deskbell.foundation.errors import Refused, Unreachable
from deskbell.foundation.http import NoAnswer
from deskbell.foundation.numbers import for_people

from . import replies, writing

_MAX_WORDS: Final = 300


class SmsTransport:
    """Text messages."""

    kind = "sms"
    label = "Text message"
    has_secret = False
    has_codes = True
    fields = (
        Field("address", "Mobile number", "With its country code, as +1 212 555 0134.", "tel"),
    )

    def check_address(self, text: str) -> str:
        """A telephone number in E.164; one without a plus is read as of the United States.

        Raises InvalidInput.
        """
        return telephones.checked(
            text, words="A text goes to a mobile number with its country code, as +1 212 555 0134"
        )

    def prepare(self, carried: Carried) -> Carried:
        """With our number that shows. Raises Refused where there is none, for somebody who
        answered STOP to it, and for a number that the account may not reach."""
        prepared = telephones.with_sender(carried, what="text")
        if texting.wants_none(ours=prepared.sender, theirs=prepared.address):
            number = for_people(prepared.sender)
            raise Refused(f"Somebody answered STOP there; START to {number} lets texts through")
        return prepared

    def send(self, parcel: Parcel) -> Outcome:
        """Sends the parcel as one text."""
        path = urlencode({"account": parcel.account_id, "delivery": parcel.delivery_id})
        return _sent(parcel, writing.text_of(parcel), path)

    def send_note(self, note: Note) -> Outcome:
        """Sends a note as one text, of which nobody asks for reports."""
        return _sent(note, writing.note_of(note), "")

    def recall(self, parcel: Parcel, provider_id: str) -> None:
        """A text that went out cannot be taken back."""

    def read_reply(self, text: str) -> Reply:
        """See `replies.read`."""
        return replies.read(text)

    def shown(self, address: str) -> str:
        """The number as it is."""
        return address


def _sent(what: Parcel | Note, body: str, query: str) -> Outcome:
    """What the carrier makes of a text."""
    try:
        carrier = texting.sending()
        status_url = _status_url(carrier, query) if query else ""
        text = texting.Text(what.sender, what.address, body, what.idempotency_key, status_url)
        provider_id = carrier.send(text)
    except NoAnswer as error:
        return passing_failure(_words(error), may_have_arrived=True)
    except (Unreachable, texting.NotOurs) as error:
        return passing_failure(_words(error))
    except Refused as error:
        return lasting_failure(_words(error))
    return delivered(f"{carrier.label} took it", provider_id=provider_id, sender=what.sender)


def _words(error: Exception) -> str:
    return one_line(str(error), _MAX_WORDS)


def _status_url(carrier: texting.Carrier, query: str) -> str:
    """Where the carrier may report to; empty where it cannot reach us, which it would refuse."""
    public_url = settings.ENVIRONMENT.public_url
    if carrier.is_hosted and not _is_reachable(urlsplit(public_url).hostname or ""):
        return ""
    return f"{public_url}/texts/{carrier.name}/status?{query}"


def _is_reachable(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." in host and not host.endswith((".local", ".localhost", ".internal"))
    return is_public(host)
