"""Say, Play and Pause, and the marks of SSML inside a Say.

Source: RCML reference, sections 4, 5 and 7; w3.org/TR/speech-synthesis11. RCML has a `<speak>`
inside the Say, carriers have its children at once: both are read as the same.
"""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element, tostring

from .. import ssml
from ..verbs import Pause, Play, Say
from .attributes import Attributes
from .faults import BAD_SPEECH

_VOICES: Final = frozenset({"man", "woman", "alice"})


def say(element: Element, read: Attributes) -> Say:
    """A Say; its SSML, where it has some, checked and as one `<speak>` element."""
    voice, language = _voice(read), read.text("language", "en")
    text, marked = _spoken(element, read, language)
    return Say(text, voice=voice, language=language, loop=read.number("loop", 1), ssml=marked)


def _spoken(element: Element, read: Attributes, language: str) -> tuple[str, str]:
    """The text without marks, and the SSML where there are any."""
    written = "".join(element.itertext())
    if len(element):
        speak, faults = ssml.checked(_source(element), language=language)
    elif ssml.is_ssml(written):
        speak, faults = ssml.read(written, language=language)
    else:
        return " ".join(written.split()), ""
    for fault in faults:
        read.add_fault(BAD_SPEECH, f"Say: {fault}")
    return ssml.text_of(speak), tostring(speak, encoding="unicode") if len(speak) else ""


def _source(say: Element) -> Element:
    """The one `<speak>` inside a Say, or the Say, which is then as good as one."""
    only = say[0] if len(say) == 1 else None
    is_speak = only is not None and only.tag.rpartition("}")[2] == "speak"
    around = (say.text or "") + ((only.tail or "") if only is not None else "")
    return only if only is not None and is_speak and not around.strip() else say


def _voice(read: Attributes) -> str:
    raw = read.text("voice", "man")
    if raw.lower() in _VOICES or "." in raw:
        return raw
    read.fault("voice", "man, woman, or the name of a hosted voice as in Polly.Amy")
    return "man"


def play(_element: Element, read: Attributes) -> Play:
    """A Play of a URL, or of keys to send."""
    return Play(read.body_url(), loop=read.number("loop", 1), digits=read.sent_keys("digits"))


def pause(_element: Element, read: Attributes) -> Pause:
    """A Pause."""
    return Pause(read.number("length", 1, least=1))
