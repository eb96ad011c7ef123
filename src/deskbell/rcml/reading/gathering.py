"""Gather and Record. Source: RCML reference, sections 3 and 7."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final
from xml.etree.ElementTree import Element

from ..dialects import MAX_HINTS
from ..verbs import Gather, Nested, Play, Record
from .attributes import Attributes
from .faults import NOT_IN_SCHEMA
from .sounds import pause, play, say

_INPUTS: Final = {
    frozenset[str](): "dtmf",
    frozenset({"dtmf"}): "dtmf",
    frozenset({"speech"}): "speech",
    frozenset({"dtmf", "speech"}): "dtmf speech",
}
_TRIMS: Final = ("trim-silence", "do-not-trim", "true", "false")
_RECORDING_EVENTS: Final = ("in-progress", "completed", "absent", "failed")
NESTED: Final[dict[str, Callable[[Element, Attributes], Nested]]] = {
    "Say": say,
    "Play": play,
    "Pause": pause,
}


def gather(element: Element, read: Attributes) -> Gather:
    """A Gather with what plays inside it."""
    return Gather(
        nested=tuple(_nested(element, read)),
        action=read.url("action"),
        method=read.method(),
        input=_input(read),
        timeout=_timeout(read),
        pre_timeout=read.optional_number("preTimeout", least=1),
        post_timeout=read.optional_number("postTimeout", least=1),
        finish_on_key=read.keys("finishOnKey", "#"),
        start_input_key=read.keys("startInputKey", "*0123456789"),
        num_digits=read.number("numDigits", 0, least=1),
        action_on_empty_result=read.flag("actionOnEmptyResult", default=False),
        language=read.text("language", "en-US"),
        hints=_hints(read),
        speech_timeout=_speech_timeout(read),
        partial_result_callback=read.url("partialResultCallback"),
        partial_result_callback_method=read.method("partialResultCallbackMethod"),
        barge_in=read.flag("bargeIn", default=True),
    )


def _input(read: Attributes) -> str:
    asked = frozenset(read.text("input").lower().replace(",", " ").split())
    if asked not in _INPUTS:
        read.fault("input", "dtmf, speech, or dtmf speech")
    return _INPUTS.get(asked, "dtmf")


def _timeout(read: Attributes) -> int:
    """Carriers take `auto` where speech is asked for: the engine's own wait."""
    is_auto = read.text("timeout").lower() == "auto"
    return 5 if is_auto else read.number("timeout", 5, least=1)


def _hints(read: Attributes) -> tuple[str, ...]:
    hints = tuple(hint.strip() for hint in read.text("hints").split(",") if hint.strip())
    if len(hints) > MAX_HINTS:
        words = f"Gather hints: takes {MAX_HINTS} at most, and the other {len(hints) - MAX_HINTS}"
        read.add_fault(NOT_IN_SCHEMA, f"{words} are left out")
    return hints[:MAX_HINTS]


def _speech_timeout(read: Attributes) -> str:
    if read.text("speechTimeout").lower() == "auto":
        return "auto"
    seconds = read.optional_number("speechTimeout", least=1)
    return "" if seconds is None else str(seconds)


def _nested(gather: Element, read: Attributes) -> Iterator[Nested]:
    for child in gather:
        if child.tag not in NESTED:
            words = f"{child.tag} inside Gather: takes Say, Play and Pause"
            read.add_fault(NOT_IN_SCHEMA, words)
            continue
        inner = read.of(child, is_in_gather=True)
        nested = NESTED[child.tag](child, inner)
        inner.done()
        if not isinstance(nested, Play) or nested.url:
            yield nested
        else:
            read.add_fault(NOT_IN_SCHEMA, "Play inside Gather: takes a URL")


def record(_element: Element, read: Attributes) -> Record:
    """A Record; `finishOnKey` -1 is no key."""
    has_none = read.text("finishOnKey") == "-1"
    finish = "" if has_none else read.keys("finishOnKey", "1234567890*#")
    does_transcribe = read.flag("transcribe", default=False)
    if does_transcribe:
        read.wants("transcribeCallback", needed_by="transcribe")
    return Record(
        action=read.url("action"),
        method=read.method(),
        timeout=read.number("timeout", 5, least=1),
        finish_on_key=finish,
        max_length=read.number("maxLength", 3600, least=1),
        play_beep=read.flag("playBeep", default=True),
        transcribe=does_transcribe,
        transcribe_callback=read.url("transcribeCallback"),
        recording_status_callback=read.url("recordingStatusCallback"),
        recording_status_callback_method=read.method("recordingStatusCallbackMethod"),
        recording_status_callback_event=read.words(
            "recordingStatusCallbackEvent", _RECORDING_EVENTS
        ),
        trim=read.one_of("trim", _TRIMS, "") in {"trim-silence", "true"},
    )
