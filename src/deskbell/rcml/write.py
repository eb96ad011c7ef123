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

from .verbs import Document, Gather, Hangup, Pause, Play, Record, Redirect, Reject, Say, Verb

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


def _say(parent: Element, verb: Say) -> None:
    names = {"voice": "voice", "language": "language", "loop": "loop"}
    SubElement(parent, "Say", _attributes(verb, names, Say(""))).text = verb.text


def _play(parent: Element, verb: Play) -> None:
    SubElement(parent, "Play", _attributes(verb, {"loop": "loop"}, Play(""))).text = verb.url


def _pause(parent: Element, verb: Pause) -> None:
    SubElement(parent, "Pause", {"length": str(verb.length)})


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
}


def _with_action(verb: Gather | Record) -> dict[str, str]:
    return {"action": verb.action, "method": verb.method} if verb.action else {}


def _gather(parent: Element, verb: Gather) -> None:
    attributes = _with_action(verb) | _attributes(verb, _GATHER, Gather())
    element = SubElement(parent, "Gather", attributes)
    for nested in verb.nested:
        _write(element, nested)


_RECORD = {
    "timeout": "timeout",
    "finish_on_key": "finishOnKey",
    "max_length": "maxLength",
    "play_beep": "playBeep",
}


def _record(parent: Element, verb: Record) -> None:
    SubElement(parent, "Record", _with_action(verb) | _attributes(verb, _RECORD, Record()))


def _redirect(parent: Element, verb: Redirect) -> None:
    SubElement(parent, "Redirect", {"method": verb.method}).text = verb.url


def _hangup(parent: Element, _verb: Hangup) -> None:
    SubElement(parent, "Hangup")


def _reject(parent: Element, verb: Reject) -> None:
    SubElement(parent, "Reject", {"reason": verb.reason})


_WRITERS: dict[type, Callable[[Element, Any], None]] = {
    Say: _say,
    Play: _play,
    Pause: _pause,
    Gather: _gather,
    Record: _record,
    Redirect: _redirect,
    Hangup: _hangup,
    Reject: _reject,
}


def _write(parent: Element, verb: Verb) -> None:
    _WRITERS[type(verb)](parent, verb)


def to_xml(document: Document) -> str:
    """The document as a string that starts with an XML declaration.

    Characters are escaped; those that no XML can hold become spaces.
    """
    root = Element("Response")
    for verb in document.verbs:
        _write(root, verb)
    written = tostring(root, encoding="unicode", xml_declaration=False)
    return '<?xml version="1.0" encoding="UTF-8"?>' + _NOT_XML.sub(" ", written)
