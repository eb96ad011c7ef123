"""The verbs that neither play nor ring: leaving, writing to somebody, holding, transferring.

Source: RCML reference, section 7.
"""

from __future__ import annotations

from typing import Final, Literal, TypedDict
from xml.etree.ElementTree import Element

from ..verbs import (
    Email,
    Fax,
    Hangup,
    Hold,
    Message,
    Method,
    Redirect,
    Refer,
    Reject,
    Resume,
    Sms,
)
from .attributes import Attributes, text_of

_NO_RECIPIENT: Final = 14101
_NO_SENDER: Final = 14102
_NO_BODY: Final = 14103


def redirect(_element: Element, read: Attributes) -> Redirect:
    """A Redirect; an empty one is passed over when it runs."""
    return Redirect(read.body_url(), method=read.method())


def hang_up(_element: Element, _read: Attributes) -> Hangup:
    """A Hangup."""
    return Hangup()


def reject(_element: Element, read: Attributes) -> Reject:
    """A Reject; a reason that is none is `rejected`."""
    reasons = ("rejected", "busy")
    is_busy = read.one_of("reason", reasons, "rejected") == "busy"
    reason: Literal["rejected", "busy"] = "busy" if is_busy else "rejected"
    return Reject(reason)


class _Sending(TypedDict):
    to: str
    from_: str
    action: str
    method: Method
    status_callback: str


def _sending(read: Attributes) -> _Sending:
    return {
        "to": read.text("to"),
        "from_": read.text("from"),
        "action": read.url("action"),
        "method": read.method(),
        "status_callback": read.url("statusCallback"),
    }


def _body(element: Element, read: Attributes) -> str:
    """The text, which carriers also take in a Body element; its lines are kept."""
    inner = element.find("Body")
    text = "".join((element if inner is None else inner).itertext())
    found = "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
    if not found:
        read.add_fault(_NO_BODY, f"{element.tag}: has nothing to send")
    return found


def sms(element: Element, read: Attributes) -> Sms:
    """An Sms."""
    return Sms(_body(element, read), **_sending(read))


def message(element: Element, read: Attributes) -> Message:
    """A Message."""
    return Message(_body(element, read), **_sending(read))


def email(element: Element, read: Attributes) -> Email:
    """An Email; it cannot do without `to` and `from`."""
    for name, code in (("to", _NO_RECIPIENT), ("from", _NO_SENDER)):
        if not read.text(name):
            read.add_fault(code, f"Email: needs {name}")
    return Email(
        _body(element, read),
        to=read.text("to"),
        from_=read.text("from"),
        cc=read.text("cc"),
        bcc=read.text("bcc"),
        subject=read.text("subject"),
    )


def fax(_element: Element, read: Attributes) -> Fax:
    """A Fax; its text is the document's URL."""
    return Fax(read.body_url(), **_sending(read))


def hold(_element: Element, read: Attributes) -> Hold:
    """A Hold."""
    return Hold(read.url("action"), read.method())


def resume(_element: Element, read: Attributes) -> Resume:
    """A Resume."""
    return Resume(read.url("action"), read.method())


def refer(element: Element, read: Attributes) -> Refer:
    """A Refer to its text, or to the Sip element inside it."""
    inner = element.find("Sip")
    uri = text_of(element if inner is None else inner)
    if not uri:
        read.add_fault(_NO_RECIPIENT, "Refer: needs a SIP address")
    return Refer(uri, read.url("action"), read.method())
