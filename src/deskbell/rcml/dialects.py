"""What carriers of the family read otherwise than RCML: the same document, in their words.

Source: RCML reference, section 10; twilio.com/docs/voice/twiml (say, gather, dial),
developer.signalwire.com/compatibility-api/cxml (gather, dial, say) and
developers.telnyx.com/docs/voice/programmable-voice/texml-verbs (gather, dial, say).
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Final

from .verbs import (
    Dial,
    Document,
    Email,
    Fax,
    Gather,
    Hold,
    Message,
    Nested,
    Pause,
    Play,
    Resume,
    Say,
    Sms,
    Verb,
)
from .voices import fitting_voice, rcml_language

MAX_HINTS: Final = 500
MAX_HINT_LENGTH: Final = 100
MAX_TIMEOUT: Final = 120
_MIN_DIAL_TIMEOUT: Final = 5
_MIN_TIME_LIMIT: Final = 60
_MAX_TIME_LIMIT: Final = 14400
_SPEECH_ENDS_SECONDS: Final = "2"


class Dialect(StrEnum):
    """Who reads the document: an RCML engine, our gateway among them, or a carrier."""

    RCML = "rcml"
    TWILIO = "twilio"
    SIGNALWIRE = "signalwire"
    TELNYX = "telnyx"


def fitted(document: Document, dialect: Dialect) -> Document:
    """The document with every verb as the dialect says it; RCML keeps all of them.

    A ringback tone becomes a Play before the Dial, two waits of a Gather become a Pause and one
    wait, a Message becomes an Sms, and voices and languages get the carrier's names. What no
    carrier has (Email, Fax, Hold, Resume) is left out, as is an Sms at Telnyx, whose calls send
    none.
    """
    if dialect is Dialect.RCML:
        return replace(document, verbs=tuple(_as_rcml(verb) for verb in document.verbs))
    verbs: list[Verb] = []
    for verb in document.verbs:
        if isinstance(verb, Dial):
            verbs += _dialled(verb, dialect)
        elif isinstance(verb, Gather):
            verbs.append(_gathered(verb, dialect))
        elif not isinstance(verb, Email | Fax | Hold | Resume):
            verbs += _other(verb, dialect)
    return replace(document, verbs=tuple(verbs))


def _other(verb: Verb, dialect: Dialect) -> list[Verb]:
    if isinstance(verb, Say):
        return [_said(verb, dialect)]
    if isinstance(verb, Message):
        verb = Sms(verb.body, verb.to, verb.from_, verb.action, verb.method, verb.status_callback)
    return [] if isinstance(verb, Sms) and dialect is Dialect.TELNYX else [verb]


def _as_rcml(verb: Verb) -> Verb:
    if isinstance(verb, Say):
        return replace(verb, language=rcml_language(verb.language))
    if isinstance(verb, Gather):
        nested = tuple(
            replace(each, language=rcml_language(each.language)) if isinstance(each, Say) else each
            for each in verb.nested
        )
        return replace(verb, nested=nested, hints=_hints(verb.hints))
    return verb


def _said(verb: Say, dialect: Dialect) -> Say:
    voice, language = fitting_voice(verb.voice, verb.language, dialect.value)
    return replace(verb, voice=voice, language=language)


def _hints(hints: tuple[str, ...]) -> tuple[str, ...]:
    """Hints that no comma splits and no carrier refuses for their length or number."""
    plain = (" ".join(hint.replace(",", " ").split())[:MAX_HINT_LENGTH] for hint in hints)
    return tuple(hint for hint in plain if hint)[:MAX_HINTS]


def _gathered(verb: Gather, dialect: Dialect) -> Gather:
    timeout, pause = _one_wait(verb)
    nested: tuple[Nested, ...] = tuple(
        _said(each, dialect) if isinstance(each, Say) else each for each in verb.nested
    )
    plain = replace(
        verb,
        nested=nested + pause,
        timeout=max(1, min(timeout, MAX_TIMEOUT)),
        pre_timeout=None,
        post_timeout=None,
        start_input_key=Gather().start_input_key,
        hints=_hints(verb.hints),
    )
    if "speech" in verb.input and not verb.speech_timeout:
        ends = _SPEECH_ENDS_SECONDS if dialect is Dialect.TELNYX else "auto"
        plain = replace(plain, speech_timeout=ends)
    if dialect is Dialect.TELNYX:  # it has no such attribute: the Redirect behind it reports
        plain = replace(plain, action_on_empty_result=False)
    return plain


def _one_wait(verb: Gather) -> tuple[int, tuple[Pause, ...]]:
    """One wait that stands for the two of RCML, and the Pause that makes the first one longer.

    A carrier waits as long for the first key as between keys, once all that is nested has played.
    """
    first = verb.timeout if verb.pre_timeout is None else verb.pre_timeout
    after = verb.timeout if verb.post_timeout is None else verb.post_timeout
    return (after, (Pause(first - after),)) if first > after else (first, ())


def _dialled(verb: Dial, dialect: Dialect) -> list[Verb]:
    before: list[Verb] = [Play(verb.ringback_tone)] if verb.ringback_tone else []
    plain = replace(verb, ringback_tone="")
    if dialect is Dialect.TELNYX:
        plain = replace(
            plain,
            timeout=max(_MIN_DIAL_TIMEOUT, min(verb.timeout, MAX_TIMEOUT)),
            time_limit=max(_MIN_TIME_LIMIT, min(verb.time_limit, _MAX_TIME_LIMIT)),
        )
    return [*before, plain]
