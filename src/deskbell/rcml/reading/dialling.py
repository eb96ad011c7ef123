"""Dial and whom it rings. Source: RCML reference, section 6."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, Literal, TypedDict, cast
from xml.etree.ElementTree import Element

from ..verbs import Client, Conference, Dial, Method, Noun, Number, Recording, Sip
from .attributes import Attributes, text_of
from .faults import NOT_IN_SCHEMA

_RECORDINGS: Final[dict[str, Recording]] = {
    "": "",
    "false": "",
    "do-not-record": "",
    "true": "record-from-answer",
    "record-from-answer": "record-from-answer",
    "record-from-ringing": "record-from-ringing",
    "record-from-answer-dual": "record-from-answer-dual",
    "record-from-ringing-dual": "record-from-ringing-dual",
}
_CALLER_ID: Final = re.compile(r"^[\w+@:.*#=;()~ -]{1,255}$")
_COUNTRY: Final = re.compile(r"^[A-Za-z]{2}(-[A-Za-z]{2,8})?$")
_CALL_EVENTS: Final = ("initiated", "ringing", "answered", "completed")
_ROOM_EVENTS: Final = {
    "conference-start": "start",
    "conference-end": "end",
    "participant-join": "join",
    "participant-leave": "leave",
    "participant-mute": "mute",
    "participant-unmute": "mute",
    "participant-hold": "hold",
    "participant-unhold": "hold",
} | {name: name for name in ("start", "end", "join", "leave", "mute", "hold", "modify", "speaker")}
_BEEPS: Final = ("true", "false", "onEnter", "onExit")
_ROOM_RECORDINGS: Final = ("record-from-start", "do-not-record", "true", "false")
_RECORDING_EVENTS: Final = ("in-progress", "completed", "absent", "failed")
MOST_NOUNS: Final = 20
MOST_MEMBERS: Final = 250


class _Callbacks(TypedDict):
    url: str
    method: Method
    status_callback: str
    status_callback_method: Method
    status_callback_event: tuple[str, ...]


def dial(element: Element, read: Attributes) -> Dial:
    """A Dial with its nouns; bare text is a number."""
    nouns = tuple(_nouns(element, read))
    if len(nouns) > MOST_NOUNS:
        read.add_fault(NOT_IN_SCHEMA, f"Dial: rings {MOST_NOUNS} at once at most, not {len(nouns)}")
    return Dial(
        nouns=nouns[:MOST_NOUNS],
        action=read.url("action"),
        method=read.method(),
        timeout=read.number("timeout", 30, least=1),
        time_limit=read.number("timeLimit", 14400, least=1),
        caller_id=_matching(read, "callerId", _CALLER_ID, "a number or the name of a client"),
        ringback_tone=read.url("ringbackTone"),
        record=_RECORDINGS[read.one_of("record", _RECORDINGS, "")],
        recording_status_callback=read.url("recordingStatusCallback"),
        recording_status_callback_method=read.method("recordingStatusCallbackMethod"),
        recording_status_callback_event=read.words(
            "recordingStatusCallbackEvent", _RECORDING_EVENTS
        ),
        hangup_on_star=read.flag("hangupOnStar", default=False),
        answer_on_bridge=read.flag("answerOnBridge", default=False),
        ring_tone=_matching(read, "ringTone", _COUNTRY, "a country's two letters").lower(),
        refer_url=read.url("referUrl"),
        refer_method=read.method("referMethod"),
    )


def _matching(read: Attributes, name: str, pattern: re.Pattern[str], takes: str) -> str:
    raw = read.text(name)
    if not raw or pattern.match(raw):
        return raw
    read.fault(name, takes)
    return ""


def _callbacks(read: Attributes) -> _Callbacks:
    return {
        "url": read.url("url"),
        "method": read.method(),
        "status_callback": read.url("statusCallback"),
        "status_callback_method": read.method("statusCallbackMethod"),
        "status_callback_event": read.words("statusCallbackEvent", _CALL_EVENTS),
    }


def _number(element: Element, read: Attributes) -> Number:
    return Number(
        text_of(element),
        send_digits=read.sent_keys("sendDigits"),
        timeout=read.number("timeout", 60, least=1),
        **_callbacks(read),
    )


def _sip(element: Element, read: Attributes) -> Sip:
    return Sip(
        text_of(element),
        username=read.text("username"),
        password=read.text("password"),
        **_callbacks(read),
    )


def _client(element: Element, read: Attributes) -> Client:
    """A Client; carriers also have its name in an Identity element."""
    identity = element.find("Identity")
    name = text_of(element if identity is None else identity)
    return Client(name, **_callbacks(read))


def _conference(element: Element, read: Attributes) -> Conference:
    beep = read.one_of("beep", _BEEPS, "true")
    return Conference(
        text_of(element),
        muted=read.flag("muted", default=False),
        beep=cast("Literal['onEnter', 'onExit']", beep)
        if beep.startswith("on")
        else beep[0] == "t",
        start_on_enter=read.flag("startConferenceOnEnter", default=True),
        end_on_exit=read.flag("endConferenceOnExit", default=False),
        wait_url=None if read.raw("waitUrl") is None else read.url("waitUrl"),
        wait_method=read.method("waitMethod"),
        max_participants=min(read.number("maxParticipants", 40, least=1), MOST_MEMBERS),
        record=read.one_of("record", _ROOM_RECORDINGS, "") in {"record-from-start", "true"},
        recording_status_callback=read.url("recordingStatusCallback"),
        recording_status_callback_method=read.method("recordingStatusCallbackMethod"),
        status_callback=read.url("statusCallback"),
        status_callback_method=read.method("statusCallbackMethod"),
        status_callback_event=_room_events(read),
    )


def _room_events(read: Attributes) -> tuple[str, ...]:
    """What to tell, each once; carriers' callbacks have longer names for the same."""
    named = read.words("statusCallbackEvent", _ROOM_EVENTS)
    return tuple(dict.fromkeys(_ROOM_EVENTS[name] for name in named))


_NOUNS: Final[dict[str, Callable[[Element, Attributes], Noun]]] = {
    "Number": _number,
    "Sip": _sip,
    "Client": _client,
    "Conference": _conference,
}


def _nouns(dial: Element, read: Attributes) -> Iterator[Noun]:
    bare = (dial.text or "").strip()
    if bare:
        yield Number(" ".join(bare.split()))
    for child in dial:
        reader = _NOUNS.get(child.tag)
        if reader is None:
            words = f"{child.tag} inside Dial: takes Number, Sip, Client and Conference"
            read.add_fault(NOT_IN_SCHEMA, words)
        elif text_of(child):
            inner = read.of(child)
            yield reader(child, inner)
            inner.done()
        else:
            read.add_fault(NOT_IN_SCHEMA, f"{child.tag} inside Dial is empty")
