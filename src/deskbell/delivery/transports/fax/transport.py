"""Prints a message and sends it by fax, through whoever sends faxes here."""

from __future__ import annotations

from deskbell.delivery import faxing, telephones
from deskbell.delivery.transport import Carried, Field, Meaning, Note, Outcome, Parcel, Reply

from . import printing


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
        return telephones.checked(
            text, words="A fax goes to a number with its country code, as +1 212 555 0134"
        )

    def prepare(self, carried: Carried) -> Carried:
        """With our number that shows. Raises Refused where there is none, and for a number that
        the account may not reach."""
        return telephones.with_sender(carried, what="fax")

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


def _sent(what: Parcel | Note, pdf: bytes, state: str) -> Outcome:
    return faxing.sent(faxing.Fax(what.sender, what.address, pdf, what.idempotency_key, state))
