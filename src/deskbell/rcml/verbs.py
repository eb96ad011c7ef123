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
    any number of them. An empty `finish_on_key` means that no key finishes.
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


Verb = Say | Play | Pause | Gather | Record | Redirect | Hangup | Reject


@dataclass(frozen=True, slots=True)
class Document:
    """What one answer holds. `faults` names, in words, what the reader had to leave out."""

    verbs: tuple[Verb, ...] = ()
    faults: tuple[str, ...] = ()
