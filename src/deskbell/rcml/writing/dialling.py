"""Dial and whom it rings."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element, SubElement

from ..dialects import Dialect
from ..verbs import Conference, Dial, Noun, Number, Sip
from .attributes import differing, text_of, with_action

_DIAL: Final = {
    "timeout": "timeout",
    "time_limit": "timeLimit",
    "caller_id": "callerId",
    "ringback_tone": "ringbackTone",
    "record": "record",
    "recording_status_callback": "recordingStatusCallback",
    "recording_status_callback_method": "recordingStatusCallbackMethod",
    "recording_status_callback_event": "recordingStatusCallbackEvent",
    "hangup_on_star": "hangupOnStar",
    "answer_on_bridge": "answerOnBridge",
    "ring_tone": "ringTone",
    "refer_url": "referUrl",
    "refer_method": "referMethod",
}
_CALLBACK: Final = {
    "status_callback": "statusCallback",
    "status_callback_method": "statusCallbackMethod",
    "status_callback_event": "statusCallbackEvent",
}
_NOUN: Final = {"url": "url", "method": "method"} | _CALLBACK
_NUMBER: Final = {"send_digits": "sendDigits", "timeout": "timeout"} | _NOUN
_SIP: Final = {"username": "username", "password": "password"} | _NOUN
_CONFERENCE: Final = {
    "muted": "muted",
    "start_on_enter": "startConferenceOnEnter",
    "end_on_exit": "endConferenceOnExit",
    "wait_method": "waitMethod",
    "max_participants": "maxParticipants",
    "recording_status_callback": "recordingStatusCallback",
    "recording_status_callback_method": "recordingStatusCallbackMethod",
} | _CALLBACK


def dial(parent: Element, verb: Dial, dialect: Dialect) -> None:
    """A Dial; RCML's own word for a recording from the answer is `true`."""
    attributes = with_action(verb) | differing(verb, _DIAL, Dial(), dialect)
    if dialect is Dialect.RCML and verb.record == "record-from-answer":
        attributes["record"] = "true"
    if dialect in {Dialect.TWILIO, Dialect.SIGNALWIRE}:
        attributes["answerOnBridge"] = "true"
    element = SubElement(parent, "Dial", attributes)
    for noun in verb.nouns:
        _noun(element, noun, dialect)


def _noun(parent: Element, noun: Noun, dialect: Dialect) -> None:
    if isinstance(noun, Conference):
        attributes, text = _conference(noun, dialect), noun.name
    elif isinstance(noun, Number):
        names = _NUMBER if dialect is Dialect.RCML else _without_timeout()
        attributes, text = differing(noun, names, Number(""), dialect), noun.number
    elif isinstance(noun, Sip):
        attributes, text = differing(noun, _SIP, Sip(""), dialect), noun.uri
    else:
        attributes, text = differing(noun, _NOUN, Number(""), dialect), noun.name
    SubElement(parent, type(noun).__name__, attributes).text = text


def _without_timeout() -> dict[str, str]:
    """How long a screening may take is RestComm's own attribute."""
    return {field: name for field, name in _NUMBER.items() if field != "timeout"}


def _conference(noun: Conference, dialect: Dialect) -> dict[str, str]:
    attributes = differing(noun, _CONFERENCE, Conference(""), dialect)
    if noun.beep is not True:
        attributes["beep"] = text_of(noun.beep)
    if noun.wait_url is not None:
        attributes["waitUrl"] = noun.wait_url
    if noun.record:
        attributes["record"] = "record-from-start"
    return attributes
