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
    """Speak `text`; `loop` 0 repeats until the caller hangs up.

    `ssml` is a whole `<speak>` element as XML where the text has marks on how to say it (SSML 1.1,
    w3.org/TR/speech-synthesis11), else empty; `text` is then the same without the marks.
    """

    text: str
    voice: str = "man"
    language: str = "en"
    loop: int = 1
    ssml: str = ""


@dataclass(frozen=True, slots=True)
class Play:
    """Play the audio at `url`; `loop` 0 repeats until the caller hangs up.

    `digits` are keys to send to the other end instead, with `w` for half a second of silence.
    """

    url: str
    loop: int = 1
    digits: str = ""


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
    after speech that ends it: seconds, `auto`, or empty for the engine's own. Without `barge_in`,
    keys and speech count once all that is nested has played.
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
    barge_in: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    """Record the caller until `timeout` seconds of silence, a key, or `max_length` seconds.

    A recording without sound runs the next verb; otherwise `action` decides what follows.
    With `transcribe`, what was said is posted as text to `transcribe_callback`; what became of the
    audio, to `recording_status_callback`. `trim` takes the silence away from both ends.
    """

    action: str = ""
    method: Method = "POST"
    timeout: int = 5
    finish_on_key: str = "1234567890*#"
    max_length: int = 3600
    play_beep: bool = True
    transcribe: bool = False
    transcribe_callback: str = ""
    recording_status_callback: str = ""
    recording_status_callback_method: Method = "POST"
    recording_status_callback_event: tuple[str, ...] = ()
    trim: bool = False


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

    Whoever answers has `timeout` seconds for that document.

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
    timeout: int = 60


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


@dataclass(frozen=True, slots=True)
class Conference:
    """A room of the account that whoever calls joins, by its name.

    Nobody talks before somebody with `start_on_enter` is there, and the room closes when somebody
    with `end_on_exit` leaves. Who waits hears the document or WAV at `wait_url`: None is music,
    empty is silence. `beep` tells the others of who comes and goes, or of one of the two.
    `status_callback_event` is of start, end, join, leave, mute, hold, modify and speaker; empty is
    all of them.
    """

    name: str
    muted: bool = False
    beep: bool | Literal["onEnter", "onExit"] = True
    start_on_enter: bool = True
    end_on_exit: bool = False
    wait_url: str | None = None
    wait_method: Method = "POST"
    max_participants: int = 40
    record: bool = False
    recording_status_callback: str = ""
    recording_status_callback_method: Method = "POST"
    status_callback: str = ""
    status_callback_method: Method = "POST"
    status_callback_event: tuple[str, ...] = ()


Noun = Number | Sip | Client | Conference
Recording = Literal[
    "",
    "record-from-answer",
    "record-from-ringing",
    "record-from-answer-dual",
    "record-from-ringing-dual",
]


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring all `nouns` at once, `timeout` seconds at most; the first to answer is connected.

    With an `action` what follows is its document; without, the next verb. The talk lasts
    `time_limit` seconds at most. An empty `caller_id` shows the caller's own number.
    `ringback_tone`, which only our dialect has, is the URL of what the caller hears meanwhile;
    `ring_tone` is the country whose ringing they hear otherwise, by its two letters.
    An empty `record` records nothing. With `answer_on_bridge` the caller is answered when somebody
    else has answered. `refer_url` is asked for a document when either end transfers the call.
    """

    nouns: tuple[Noun, ...] = ()
    action: str = ""
    method: Method = "POST"
    timeout: int = 30
    time_limit: int = 14400
    caller_id: str = ""
    ringback_tone: str = ""
    record: Recording = ""
    recording_status_callback: str = ""
    recording_status_callback_method: Method = "POST"
    recording_status_callback_event: tuple[str, ...] = ()
    hangup_on_star: bool = False
    answer_on_bridge: bool = False
    ring_tone: str = ""
    refer_url: str = ""
    refer_method: Method = "POST"


@dataclass(frozen=True, slots=True)
class Sms:
    """Send `body` as a text; `to` empty is the caller, `from_` empty the number they called."""

    body: str
    to: str = ""
    from_: str = ""
    action: str = ""
    method: Method = "POST"
    status_callback: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """Send `body` as a message of whatever kind the number has; the rest as for Sms."""

    body: str
    to: str = ""
    from_: str = ""
    action: str = ""
    method: Method = "POST"
    status_callback: str = ""


@dataclass(frozen=True, slots=True)
class Email:
    """Send `body` by email. `to`, `cc` and `bcc` are addresses, several with commas between."""

    body: str
    to: str = ""
    from_: str = ""
    cc: str = ""
    bcc: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Fax:
    """Send the document at `url` by fax; the rest as for Sms."""

    url: str
    to: str = ""
    from_: str = ""
    action: str = ""
    method: Method = "POST"
    status_callback: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """Put the other end on hold; with an `action`, its document is what follows."""

    action: str = ""
    method: Method = "POST"


@dataclass(frozen=True, slots=True)
class Resume:
    """Take the other end off hold; without a Hold before, nothing."""

    action: str = ""
    method: Method = "POST"


@dataclass(frozen=True, slots=True)
class Refer:
    """Ask the other end to call `uri` in our place (RFC 3515); `action` learns how that went."""

    uri: str
    action: str = ""
    method: Method = "POST"


Messaging = Sms | Message | Email | Fax
Verb = (
    Say
    | Play
    | Pause
    | Gather
    | Record
    | Redirect
    | Hangup
    | Reject
    | Dial
    | Messaging
    | Hold
    | Resume
    | Refer
)


@dataclass(frozen=True, slots=True)
class Document:
    """What one answer holds. `faults` names, in words, what the reader had to leave out."""

    verbs: tuple[Verb, ...] = ()
    faults: tuple[str, ...] = ()
