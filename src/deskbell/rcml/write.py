"""Documents as XML.

Attributes that have RCML's default are left out, so that what a carrier reads is short and what
its dialect defaults to otherwise is never contradicted. A Gather's action is always written with
its method: some carriers have no default for it (design, RCML reference, section 3).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from .dialects import Dialect, fitted
from .verbs import (
    Dial,
    Document,
    Gather,
    Hangup,
    Noun,
    Number,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Sip,
    Verb,
)

# What XML 1.0 (section 2.2, "Char") cannot hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _text_of(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value)


def _attributes(verb: Any, names: dict[str, str], plain: Any) -> dict[str, str]:
    """The attributes whose value differs from that of `plain`, a verb with the defaults."""
    return {
        written: _text_of(getattr(verb, field))
        for field, written in names.items()
        if getattr(verb, field) != getattr(plain, field)
    }


def _say(parent: Element, verb: Say, _dialect: Dialect) -> None:
    attributes = _attributes(verb, {"voice": "voice", "language": "language", "loop": "loop"}, _SAY)
    if not verb.voice:
        del attributes["voice"]
    SubElement(parent, "Say", attributes).text = verb.text


def _play(parent: Element, verb: Play, _dialect: Dialect) -> None:
    SubElement(parent, "Play", _attributes(verb, {"loop": "loop"}, Play(""))).text = verb.url


def _pause(parent: Element, verb: Pause, _dialect: Dialect) -> None:
    SubElement(parent, "Pause", {"length": str(verb.length)})


_SAY = Say("")
_GATHER = {
    "input": "input",
    "timeout": "timeout",
    "pre_timeout": "preTimeout",
    "post_timeout": "postTimeout",
    "finish_on_key": "finishOnKey",
    "start_input_key": "startInputKey",
    "num_digits": "numDigits",
    "action_on_empty_result": "actionOnEmptyResult",
    "language": "language",
    "hints": "hints",
    "speech_timeout": "speechTimeout",
    "partial_result_callback": "partialResultCallback",
    "partial_result_callback_method": "partialResultCallbackMethod",
}
_DIAL = {
    "timeout": "timeout",
    "time_limit": "timeLimit",
    "caller_id": "callerId",
    "ringback_tone": "ringbackTone",
}
_NOUN = {
    "url": "url",
    "method": "method",
    "status_callback": "statusCallback",
    "status_callback_method": "statusCallbackMethod",
}


def _with_action(verb: Gather | Record | Dial) -> dict[str, str]:
    return {"action": verb.action, "method": verb.method} if verb.action else {}


def _gather(parent: Element, verb: Gather, dialect: Dialect) -> None:
    attributes = _with_action(verb) | _attributes(verb, _GATHER, Gather())
    if dialect is Dialect.TELNYX and "speech" in verb.input:
        attributes["transcriptionEngine"] = "Google"
    element = SubElement(parent, "Gather", attributes)
    for nested in verb.nested:
        _write(element, nested, dialect)


_RECORD = {
    "timeout": "timeout",
    "finish_on_key": "finishOnKey",
    "max_length": "maxLength",
    "play_beep": "playBeep",
}


def _record(parent: Element, verb: Record, dialect: Dialect) -> None:
    """The silence that ends it is said to whom it is not known of: Telnyx waits for ever."""
    attributes = _with_action(verb) | _attributes(verb, _RECORD, Record())
    if dialect in {Dialect.SIGNALWIRE, Dialect.TELNYX}:
        attributes["timeout"] = str(verb.timeout)
    SubElement(parent, "Record", attributes)


def _redirect(parent: Element, verb: Redirect, _dialect: Dialect) -> None:
    SubElement(parent, "Redirect", {"method": verb.method}).text = verb.url


def _hangup(parent: Element, _verb: Hangup, _dialect: Dialect) -> None:
    SubElement(parent, "Hangup")


def _reject(parent: Element, verb: Reject, _dialect: Dialect) -> None:
    SubElement(parent, "Reject", {"reason": verb.reason})


def _dial(parent: Element, verb: Dial, dialect: Dialect) -> None:
    attributes = _with_action(verb) | _attributes(verb, _DIAL, Dial())
    if dialect in {Dialect.TWILIO, Dialect.SIGNALWIRE}:
        attributes["answerOnBridge"] = "true"
    element = SubElement(parent, "Dial", attributes)
    for noun in verb.nouns:
        _noun(element, noun, dialect)


def _noun(parent: Element, noun: Noun, dialect: Dialect) -> None:
    attributes = _attributes(noun, _NOUN, Number(""))
    if noun.status_callback_event:
        separator = "," if dialect is Dialect.RCML else " "
        attributes["statusCallbackEvent"] = separator.join(noun.status_callback_event)
    if isinstance(noun, Number):
        attributes |= {"sendDigits": noun.send_digits} if noun.send_digits else {}
        text = noun.number
    elif isinstance(noun, Sip):
        secrets = {"username": noun.username, "password": noun.password}
        attributes |= {name: value for name, value in secrets.items() if value}
        text = noun.uri
    else:
        text = noun.name
    SubElement(parent, type(noun).__name__, attributes).text = text


_WRITERS: dict[type, Callable[[Element, Any, Dialect], None]] = {
    Say: _say,
    Play: _play,
    Pause: _pause,
    Gather: _gather,
    Record: _record,
    Redirect: _redirect,
    Hangup: _hangup,
    Reject: _reject,
    Dial: _dial,
}


def _write(parent: Element, verb: Verb, dialect: Dialect) -> None:
    _WRITERS[type(verb)](parent, verb, dialect)


def to_xml(document: Document, dialect: Dialect = Dialect.RCML) -> str:
    """The document, in a carrier's dialect, as a string that starts with an XML declaration.

    Characters are escaped; those that no XML can hold become spaces.
    """
    root = Element("Response")
    for verb in fitted(document, dialect).verbs:
        _write(root, verb, dialect)
    written = tostring(root, encoding="unicode", xml_declaration=False)
    return '<?xml version="1.0" encoding="UTF-8"?>' + _NOT_XML.sub(" ", written)
