"""What every carrier of texts is asked, and which of them is connected here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from django.conf import settings

from deskbell.foundation.carriers import CarrierKeys
from deskbell.foundation.errors import NotFound, Refused

LONGEST: Final = 1600
NOBODY: Final = (
    "No carrier that sends texts is connected; set DESKBELL_TWILIO, DESKBELL_SIGNALWIRE with its "
    "space, DESKBELL_TELNYX or DESKBELL_TEXTS"
)


class NotOurs(Refused):
    """The carrier will not, for a reason that the operator can mend: keys, sender, registration."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text on its way: numbers in E.164, `key` the same in every try, `status_url` for reports.

    A carrier that cannot reach us takes a text without `status_url`.
    """

    sender: str
    to: str
    body: str
    key: str = ""
    status_url: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """A text that somebody sent to a number of ours; `provider_id` names it for good."""

    provider_id: str
    theirs: str
    ours: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a carrier says became of a text: it arrived, it did not (with `words`), or neither yet.

    `is_stopped` says that the other side wants no texts from us.
    """

    provider_id: str
    has_arrived: bool = False
    has_failed: bool = False
    words: str = ""
    is_stopped: bool = False


class Carrier(Protocol):
    """One carrier of texts and what it is like."""

    @property
    def name(self) -> str:
        """Its name in addresses: `/texts/twilio/incoming`."""

    @property
    def label(self) -> str:
        """Its name for people."""

    @property
    def keys(self) -> CarrierKeys:
        """What it and we know of each other."""

    @property
    def answers_in_document(self) -> bool:
        """Whether our answer to a text goes into the answer to its request, as TwiML."""

    @property
    def is_hosted(self) -> bool:
        """Whether it is somebody else's: then it reaches us at public addresses only, and answers
        STOP and START itself, letting no answer of ours through."""

    def send(self, text: Text) -> str:
        """Sends a text; the carrier's id of it.

        Raises NotOurs or Refused where it will not, in words; Unreachable where another try may
        help, NoAnswer where it may have been sent.
        """

    def read_heard(self, body: bytes) -> Heard | None:
        """The text that a request brings; None for one that brings none. Raises InvalidInput."""

    def read_report(self, body: bytes) -> Report | None:
        """What a request reports of a text of ours; None for one that reports nothing."""


def carriers() -> dict[str, Carrier]:
    """Those that are connected, by name, the one that sends first."""
    from .telnyx import Telnyx  # they know this module
    from .twilio import Twilio

    environment = settings.ENVIRONMENT
    found: dict[str, Carrier] = {}
    if environment.text_server:
        found["own"] = Twilio("own", "The text server", environment.text_server, is_hosted=False)
    hosted = environment.carriers
    if "twilio" in hosted:
        found["twilio"] = Twilio("twilio", "Twilio", hosted["twilio"])
    if "telnyx" in hosted:
        found["telnyx"] = Telnyx(hosted["telnyx"])
    if "signalwire" in hosted:
        found["signalwire"] = Twilio("signalwire", "SignalWire", hosted["signalwire"])
    return found


def carrier_named(name: str) -> Carrier:
    """The carrier of a URL. Raises NotFound for one that is not connected here."""
    found = carriers().get(name)
    if found is None:
        raise NotFound(f"No carrier {name[:32]!r} is connected here")
    return found


def sending() -> Carrier:
    """The carrier that sends. Raises Refused, in words, where there is none."""
    for carrier in carriers().values():
        if carrier.keys.url:
            return carrier
    raise Refused(NOBODY)


def can_send() -> bool:
    """Whether a carrier that sends texts is connected."""
    return any(carrier.keys.url for carrier in carriers().values())


def send_text(*, sender: str, to: str, body: str, key: str = "") -> str:
    """Sends a text that nobody waits to hear of; the carrier's id. Raises as `Carrier.send`."""
    return sending().send(Text(sender, to, body, key))
