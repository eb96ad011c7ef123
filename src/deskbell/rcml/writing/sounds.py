"""Say, Play and Pause, Gather and Record."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element, SubElement, fromstring

from ..dialects import Dialect
from ..verbs import Gather, Pause, Play, Record, Say
from .attributes import differing, with_action

_SAY: Final = {"voice": "voice", "language": "language", "loop": "loop"}
_PLAIN_SAY: Final = Say("")
_GATHER: Final = {
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
    "barge_in": "bargeIn",
}
_RECORD: Final = {
    "timeout": "timeout",
    "finish_on_key": "finishOnKey",
    "max_length": "maxLength",
    "play_beep": "playBeep",
    "transcribe": "transcribe",
    "transcribe_callback": "transcribeCallback",
    "recording_status_callback": "recordingStatusCallback",
    "recording_status_callback_method": "recordingStatusCallbackMethod",
    "recording_status_callback_event": "recordingStatusCallbackEvent",
}


def say(parent: Element, verb: Say, dialect: Dialect) -> None:
    """A Say; its SSML inside a `<speak>` in RCML, at once elsewhere (section 4)."""
    attributes = differing(verb, _SAY, _PLAIN_SAY)
    if not verb.voice:
        del attributes["voice"]
    element = SubElement(parent, "Say", attributes)
    if not verb.ssml:
        element.text = verb.text
        return
    speak = fromstring(verb.ssml)  # noqa: S314 the reader made it, or we did
    if dialect is Dialect.RCML:
        element.append(speak)
    else:
        element.text = speak.text
        element.extend(speak)


def play(parent: Element, verb: Play, _dialect: Dialect) -> None:
    """A Play."""
    names = {"loop": "loop", "digits": "digits"}
    SubElement(parent, "Play", differing(verb, names, Play(""))).text = verb.url


def pause(parent: Element, verb: Pause, _dialect: Dialect) -> None:
    """A Pause."""
    SubElement(parent, "Pause", {"length": str(verb.length)})


def gather(parent: Element, verb: Gather, dialect: Dialect) -> None:
    """A Gather with what plays inside it."""
    attributes = with_action(verb) | differing(verb, _GATHER, Gather())
    if dialect is Dialect.TELNYX and "speech" in verb.input:
        attributes["transcriptionEngine"] = "Google"
    element = SubElement(parent, "Gather", attributes)
    for nested in verb.nested:
        if isinstance(nested, Say):
            say(element, nested, dialect)
        elif isinstance(nested, Play):
            play(element, nested, dialect)
        else:
            pause(element, nested, dialect)


def record(parent: Element, verb: Record, dialect: Dialect) -> None:
    """The silence that ends it is said to whom it is not known of: Telnyx waits for ever."""
    attributes = with_action(verb) | differing(verb, _RECORD, Record(), dialect)
    if dialect in {Dialect.SIGNALWIRE, Dialect.TELNYX}:
        attributes["timeout"] = str(verb.timeout)
    if verb.trim:
        attributes["trim"] = "trim-silence"
    SubElement(parent, "Record", attributes)
