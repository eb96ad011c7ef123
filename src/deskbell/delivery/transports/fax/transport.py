"""Prints a message and sends it by fax, through whoever sends faxes here."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from deskbell.accounts.models import Account
from deskbell.delivery import faxing, texting
from deskbell.delivery.transport import Carried, Field, Meaning, Note, Outcome, Parcel, Reply
from deskbell.foundation.errors import InvalidInput, Refused
from deskbell.foundation.numbers import to_e164
from deskbell.lines.queries import may_call

from . import printing

_NUMBER: Final = re.compile(r"\+?[0-9 ().\-]{7,30}")


class FaxTransport:
    """A message on paper."""

    kind = "fax"
    label = "Fax"
    has_secret = False
    has_codes = False
    fields = (Field("address", "Fax number", "With its country code, as +1 212 555 0134.", "tel"),)

    def check_address(self, text: str) -> str:
        """A telephone number in E.164; one without a plus is read as of the United States.

        Raises InvalidInput.
        """
        number = text.strip()
        found = to_e164(number) if _NUMBER.fullmatch(number) else ""
        if not found:
            raise InvalidInput(
                "A fax goes to a number with its country code, as +1 212 555 0134", field="address"
            )
        return found

    def prepare(self, carried: Carried) -> Carried:
        """With our number that shows. Raises Refused where there is none, and for a number that
        the account may not reach."""
        account = Account.objects.filter(pk=carried.account_id).first()
        if account is None:
            raise Refused("A fax needs an account, whose number it comes from")
        sender = texting.sender_of(
            account_id=account.pk, called=_called(carried), region=account.country
        )
        if not sender:
            raise Refused("The account has no number that a fax could come from")
        if not may_call(account, carried.address):
            raise Refused(f"The account may not reach {carried.address}: its prefixes say so")
        return replace(carried, sender=sender)

    def send(self, parcel: Parcel) -> Outcome:
        """Prints the parcel and hands it to the provider."""
        state = f"{parcel.account_id}:{parcel.delivery_id}"
        return _sent(parcel, printing.of_parcel(parcel), state)

    def send_note(self, note: Note) -> Outcome:
        """Prints a note; nobody asks what became of it."""
        return _sent(note, printing.of_note(note), "")

    def recall(self, parcel: Parcel, provider_id: str) -> None:
        """A fax that is on its way arrives."""

    def read_reply(self, text: str) -> Reply:
        """Nobody answers on paper: the link on it is what acknowledges."""
        del text
        return Reply(Meaning.NOTHING)

    def shown(self, address: str) -> str:
        """The number as it is."""
        return address


def _called(what: Parcel | Note) -> str:
    return what.called_number if isinstance(what, Parcel) else ""


def _sent(what: Parcel | Note, pdf: bytes, state: str) -> Outcome:
    return faxing.sent(faxing.Fax(what.sender, what.address, pdf, what.idempotency_key, state))
