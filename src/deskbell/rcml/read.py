"""XML as documents.

Lenient where RestComm's own parser is (design, RCML reference, section 1): a stray `&` is taken as
text, unknown elements are skipped but verbs inside them run, a bad attribute takes its default.
Everything left out is named in `Document.faults`, so that a call's trace can show it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal, TypedDict
from xml.etree.ElementTree import Element, ParseError
from xml.etree.ElementTree import fromstring as parse_xml

from deskbell.foundation.errors import InvalidInput

from .verbs import (
    Client,
    Dial,
    Document,
    Gather,
    Hangup,
    Method,
    Nested,
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

MAX_BYTES = 256 * 1024
_STRAY_AMPERSAND = re.compile(r"&(?!#\d+;|#x[0-9a-fA-F]+;|[A-Za-z][A-Za-z0-9]*;)")
_DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_NUMBER = re.compile(r"^[0-9]{1,6}$")
_KEYS = re.compile(r"^[*#0-9]{0,12}$")


class _Attributes:
    """An element's attributes, read with defaults; what cannot be read becomes a fault."""

    def __init__(self, element: Element, faults: list[str]) -> None:
        self._element = element
        self._faults = faults

    def _fault(self, name: str, takes: str) -> None:
        value = self._element.get(name)
        self._faults.append(f"{self._element.tag} {name}={value!r}: takes {takes}")

    def of(self, child: Element) -> _Attributes:
        return _Attributes(child, self._faults)

    def add_fault(self, words: str) -> None:
        self._faults.append(words)

    def text(self, name: str, default: str = "") -> str:
        return (self._element.get(name) or default).strip()

    def number(self, name: str, default: int, *, least: int = 0) -> int:
        raw = self._element.get(name)
        if raw is None:
            return default
        if _NUMBER.match(raw.strip()) and int(raw) >= least:
            return int(raw)
        self._fault(name, f"a whole number from {least} to 999999")
        return default

    def optional_number(self, name: str, *, least: int) -> int | None:
        found = self.number(name, -1, least=least)
        return None if found == -1 else found

    def flag(self, name: str, *, default: bool) -> bool:
        raw = self.text(name).lower()
        if raw in {"true", "false"}:
            return raw == "true"
        if raw:
            self._fault(name, "true or false")
        return default

    def method(self, name: str = "method") -> Method:
        raw = self.text(name, "POST").upper()
        if raw == "GET":
            return "GET"
        if raw != "POST":
            self._fault(name, "GET or POST")
        return "POST"

    def words(self, name: str) -> tuple[str, ...]:
        return tuple(self.text(name).replace(",", " ").split())

    def keys(self, name: str, default: str) -> str:
        raw = self._element.get(name)
        if raw is None:
            return default
        if _KEYS.match(raw.strip()):
            return raw.strip()
        self._fault(name, "keys out of 0-9, * and #")
        return default


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _say(element: Element, read: _Attributes) -> Say:
    return Say(
        _text(element),
        voice=read.text("voice", "man"),
        language=read.text("language", "en"),
        loop=read.number("loop", 1),
    )


def _play(element: Element, read: _Attributes) -> Play:
    return Play(_text(element), loop=read.number("loop", 1))


def _pause(_element: Element, read: _Attributes) -> Pause:
    return Pause(read.number("length", 1, least=1))


_INPUTS = {frozenset({"speech"}): "speech", frozenset({"dtmf", "speech"}): "dtmf speech"}


def _input(read: _Attributes) -> str:
    return _INPUTS.get(frozenset(read.text("input").lower().split()), "dtmf")


def _gather(element: Element, read: _Attributes) -> Gather:
    hints = tuple(hint.strip() for hint in read.text("hints").split(",") if hint.strip())
    return Gather(
        nested=tuple(_nested(element, read)),
        action=read.text("action"),
        method=read.method(),
        input=_input(read),
        timeout=read.number("timeout", 5, least=1),
        pre_timeout=read.optional_number("preTimeout", least=1),
        post_timeout=read.optional_number("postTimeout", least=1),
        finish_on_key=read.keys("finishOnKey", "#"),
        start_input_key=read.keys("startInputKey", "*0123456789"),
        num_digits=read.number("numDigits", 0, least=1),
        action_on_empty_result=read.flag("actionOnEmptyResult", default=False),
        language=read.text("language", "en-US"),
        hints=hints,
        speech_timeout=_speech_timeout(read),
        partial_result_callback=read.text("partialResultCallback"),
        partial_result_callback_method=read.method("partialResultCallbackMethod"),
    )


def _speech_timeout(read: _Attributes) -> str:
    if read.text("speechTimeout").lower() == "auto":
        return "auto"
    seconds = read.optional_number("speechTimeout", least=1)
    return "" if seconds is None else str(seconds)


def _record(_element: Element, read: _Attributes) -> Record:
    finish = "" if read.text("finishOnKey") == "-1" else read.keys("finishOnKey", "1234567890*#")
    return Record(
        action=read.text("action"),
        method=read.method(),
        timeout=read.number("timeout", 5, least=1),
        finish_on_key=finish,
        max_length=read.number("maxLength", 3600, least=1),
        play_beep=read.flag("playBeep", default=True),
    )


def _redirect(element: Element, read: _Attributes) -> Redirect:
    return Redirect(_text(element), method=read.method())


def _hangup(_element: Element, _read: _Attributes) -> Hangup:
    return Hangup()


def _reject(_element: Element, read: _Attributes) -> Reject:
    reason: Literal["rejected", "busy"] = "busy" if read.text("reason") == "busy" else "rejected"
    return Reject(reason)


class _Callbacks(TypedDict):
    url: str
    method: Method
    status_callback: str
    status_callback_method: Method
    status_callback_event: tuple[str, ...]


def _callbacks(read: _Attributes) -> _Callbacks:
    return {
        "url": read.text("url"),
        "method": read.method(),
        "status_callback": read.text("statusCallback"),
        "status_callback_method": read.method("statusCallbackMethod"),
        "status_callback_event": read.words("statusCallbackEvent"),
    }


def _number(element: Element, read: _Attributes) -> Number:
    digits = read.text("sendDigits")
    return Number(_text(element), send_digits=digits, **_callbacks(read))


def _sip(element: Element, read: _Attributes) -> Sip:
    return Sip(
        _text(element),
        username=read.text("username"),
        password=read.text("password"),
        **_callbacks(read),
    )


def _client(element: Element, read: _Attributes) -> Client:
    return Client(_text(element), **_callbacks(read))


def _dial(element: Element, read: _Attributes) -> Dial:
    return Dial(
        nouns=tuple(_nouns(element, read)),
        action=read.text("action"),
        method=read.method(),
        timeout=read.number("timeout", 30, least=1),
        time_limit=read.number("timeLimit", 14400, least=1),
        caller_id=read.text("callerId"),
        ringback_tone=read.text("ringbackTone"),
    )


def _nouns(dial: Element, read: _Attributes) -> Iterator[Noun]:
    bare = (dial.text or "").strip()
    if bare:
        yield Number(" ".join(bare.split()))
    for child in dial:
        reader = _NOUNS.get(child.tag)
        if reader is None:
            read.add_fault(f"{child.tag} inside Dial: takes Number, Sip and Client")
        elif _text(child):
            yield reader(child, read.of(child))
        else:
            read.add_fault(f"{child.tag} inside Dial is empty")


_NOUNS: dict[str, Callable[[Element, _Attributes], Noun]] = {
    "Number": _number,
    "Sip": _sip,
    "Client": _client,
}
_READERS: dict[str, Callable[[Element, _Attributes], Verb]] = {
    "Say": _say,
    "Play": _play,
    "Pause": _pause,
    "Gather": _gather,
    "Record": _record,
    "Redirect": _redirect,
    "Hangup": _hangup,
    "Reject": _reject,
    "Dial": _dial,
}
_NESTED: dict[str, Callable[[Element, _Attributes], Nested]] = {
    "Say": _say,
    "Play": _play,
    "Pause": _pause,
}


def _nested(gather: Element, read: _Attributes) -> Iterator[Nested]:
    for child in gather:
        if child.tag in _NESTED:
            yield _NESTED[child.tag](child, read.of(child))
        else:
            read.add_fault(f"{child.tag} inside Gather: takes Say, Play and Pause")


def _verbs(parent: Element, faults: list[str]) -> Iterator[Verb]:
    for child in parent:
        if child.tag in _READERS:
            yield _READERS[child.tag](child, _Attributes(child, faults))
        else:
            faults.append(f"{child.tag}: unknown verb, skipped")
            yield from _verbs(child, faults)


def from_xml(data: bytes) -> Document:
    """Reads a document of at most 256 KiB, UTF-8.

    Raises InvalidInput, in words, where it is too large, not well-formed, has a DOCTYPE, or its
    root is not Response: such a document ends the call.
    """
    if len(data) > MAX_BYTES:
        raise InvalidInput(f"The document has {len(data)} bytes; at most {MAX_BYTES} are read")
    text = data.decode("utf-8", errors="replace").lstrip("\ufeff \t\r\n")
    if _DOCTYPE.search(text):
        raise InvalidInput("The document has a DOCTYPE; RCML has none")
    try:
        root = parse_xml(_STRAY_AMPERSAND.sub("&amp;", text))  # noqa: S314 no DOCTYPE gets here
    except ParseError as error:
        raise InvalidInput(f"The document is not well-formed XML: {error}") from error
    if root.tag != "Response":
        raise InvalidInput(f"The document's root is {root.tag}; RCML's is Response")
    faults: list[str] = []
    try:
        verbs = tuple(_verbs(root, faults))
    except RecursionError as error:
        raise InvalidInput("The document is nested too deeply") from error
    return Document(verbs, tuple(faults))
