"""The verbs that neither play nor ring."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element, SubElement

from ..dialects import Dialect
from ..verbs import Email, Fax, Hangup, Hold, Message, Redirect, Refer, Reject, Resume, Sms
from .attributes import differing, with_action

_SENDING: Final = {"to": "to", "from_": "from", "status_callback": "statusCallback"}
_EMAIL: Final = {"to": "to", "from_": "from", "cc": "cc", "bcc": "bcc", "subject": "subject"}


def redirect(parent: Element, verb: Redirect, _dialect: Dialect) -> None:
    """A Redirect."""
    SubElement(parent, "Redirect", {"method": verb.method}).text = verb.url


def hang_up(parent: Element, _verb: Hangup, _dialect: Dialect) -> None:
    """A Hangup."""
    SubElement(parent, "Hangup")


def reject(parent: Element, verb: Reject, _dialect: Dialect) -> None:
    """A Reject."""
    SubElement(parent, "Reject", {"reason": verb.reason})


def send(parent: Element, verb: Sms | Message | Fax, _dialect: Dialect) -> None:
    """An Sms, a Message or a Fax."""
    attributes = with_action(verb) | differing(verb, _SENDING, Sms(""))
    body = verb.url if isinstance(verb, Fax) else verb.body
    SubElement(parent, type(verb).__name__, attributes).text = body


def email(parent: Element, verb: Email, _dialect: Dialect) -> None:
    """An Email."""
    SubElement(parent, "Email", differing(verb, _EMAIL, Email(""))).text = verb.body


def hold(parent: Element, verb: Hold | Resume, _dialect: Dialect) -> None:
    """A Hold or a Resume."""
    SubElement(parent, type(verb).__name__, with_action(verb))


def refer(parent: Element, verb: Refer, _dialect: Dialect) -> None:
    """A Refer; the address stands in a Sip element, as carriers want it."""
    SubElement(SubElement(parent, "Refer", with_action(verb)), "Sip").text = verb.uri
