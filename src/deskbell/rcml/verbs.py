"""The verbs of RCML as values, with the language's defaults.

Source: the RCML reference in the design (sections 1 to 7), which follows RestComm's documentation.
Times are whole seconds; keys are strings of `0-9*#`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Method = Literal["GET", "POST"]


@dataclass(frozen=True, slots=True)
class Say:
    """Speak `text`; `loop` 0 repeats until the caller hangs up."""

    text: str
    voice: str = "man"
    language: str = "en"
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Play:
    """Play the audio at `url`; `loop` 0 repeats until the caller hangs up."""

    url: str
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait `length` seconds in silence."""

    length: int = 1


Nested = Say | Play | Pause


@dataclass(frozen=True, slots=True)
class Gather:
    """Collect keys while `nested` plays; the first key stops what plays.

    An empty `action` means the current document's URL. `pre_timeout` is the wait for the first
    key, `post_timeout` the wait after the last; both fall back to `timeout`. `num_digits` 0 means
    any number of them. An empty `finish_on_key` means that no key finishes. `input` is dtmf,
    speech or `dtmf speech`; `hints` are what is likely to be said, `speech_timeout` the silence
    after speech that ends it: seconds, `auto`, or empty for the engine's own.
    """

    nested: tuple[Nested, ...] = ()
    action: str = ""
    method: Method = "POST"
    input: str = "dtmf"
    timeout: int = 5
    pre_timeout: int | None = None
    post_timeout: int | None = None
    finish_on_key: str = "#"
    start_input_key: str = "*0123456789"
    num_digits: int = 0
    action_on_empty_result: bool = False
    language: str = "en-US"
    hints: tuple[str, ...] = ()
    speech_timeout: str = ""
    partial_result_callback: str = ""
    partial_result_callback_method: Method = "POST"


@dataclass(frozen=True, slots=True)
class Record:
    """Record the caller until `timeout` seconds of silence, a key, or `max_length` seconds.

    A recording without sound runs the next verb; otherwise `action` decides what follows.
    """

    action: str = ""
    method: Method = "POST"
    timeout: int = 5
    finish_on_key: str = "1234567890*#"
    max_length: int = 3600
    play_beep: bool = True


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on with the document at `url`; an empty one runs the next verb."""

    url: str
    method: Method = "POST"


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuse the call before it is answered."""

    reason: Literal["rejected", "busy"] = "rejected"


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone to ring. `url` is a document for whoever answers, before they are connected.

    `status_callback_event` names what `status_callback` is told: initiated, ringing, answered,
    completed; empty is the engine's own choice.
    """

    number: str
    url: str = ""
    method: Method = "POST"
    status_callback: str = ""
    status_callback_method: Method = "POST"
    status_callback_event: tuple[str, ...] = ()
    send_digits: str = ""


@dataclass(frozen=True, slots=True)
class Sip:
    """A SIP address to ring; the rest as for Number."""

    uri: str
    url: str = ""
    method: Method = "POST"
    status_callback: str = ""
    status_callback_method: Method = "POST"
    status_callback_event: tuple[str, ...] = ()
    username: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class Client:
    """A registered client to ring, by its name; the rest as for Number."""

    name: str
    url: str = ""
    method: Method = "POST"
    status_callback: str = ""
    status_callback_method: Method = "POST"
    status_callback_event: tuple[str, ...] = ()


Noun = Number | Sip | Client


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring all `nouns` at once, `timeout` seconds at most; the first to answer is connected.

    With an `action` what follows is its document; without, the next verb. The talk lasts
    `time_limit` seconds at most. An empty `caller_id` shows the caller's own number.
    `ringback_tone`, which only our dialect has, is the URL of what the caller hears meanwhile.
    """

    nouns: tuple[Noun, ...] = ()
    action: str = ""
    method: Method = "POST"
    timeout: int = 30
    time_limit: int = 14400
    caller_id: str = ""
    ringback_tone: str = ""


Verb = Say | Play | Pause | Gather | Record | Redirect | Hangup | Reject | Dial


@dataclass(frozen=True, slots=True)
class Document:
    """What one answer holds. `faults` names, in words, what the reader had to leave out."""

    verbs: tuple[Verb, ...] = ()
    faults: tuple[str, ...] = ()
