"""Say, Play and Pause, and the marks of SSML inside a Say.

Source: RCML reference, sections 4, 5 and 7; w3.org/TR/speech-synthesis11. RCML has a `<speak>`
inside the Say, carriers have its children at once: both are read as the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, tostring

from ..verbs import Pause, Play, Say
from .attributes import Attributes

_VOICES: Final = frozenset({"man", "woman", "alice"})
_BREAKS: Final = frozenset({"break", "p", "s", "audio"})
# XML 1.0 namespaces: an SSML document names its own, which whoever reads ours need not know.
_NAMESPACE: Final = "}"


def say(element: Element, read: Attributes) -> Say:
    """A Say; its SSML, where it has some, as one `<speak>` element."""
    return Say(
        " ".join("".join(_spoken(element)).split()),
        voice=_voice(read),
        language=read.text("language", "en"),
        loop=read.number("loop", 1),
        ssml=_ssml(element) if len(element) else "",
    )


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


def _plain(tag: str) -> str:
    return tag.rpartition(_NAMESPACE)[2]


def _spoken(element: Element) -> Iterator[str]:
    """The text as it is to be said, without marks."""
    if _plain(element.tag) == "sub" and element.get("alias"):
        yield element.get("alias", "")
        return
    yield element.text or ""
    for child in element:
        yield " " if _plain(child.tag) in _BREAKS else ""
        yield from _spoken(child)
        yield " " if _plain(child.tag) in _BREAKS else ""
        yield child.tail or ""


def _ssml(say: Element) -> str:
    only = say[0] if len(say) == 1 else None
    has_speak = only is not None and _plain(only.tag) == "speak"
    source = only if has_speak and only is not None else say
    return tostring(_copied(source, "speak"), encoding="unicode")


def _copied(element: Element, tag: str) -> Element:
    names = {name: value for name, value in element.attrib.items() if tag != "speak"}
    copy = Element(tag, names)
    copy.text = element.text
    for child in element:
        inner = _copied(child, _plain(child.tag))
        inner.tail = child.tail
        copy.append(inner)
    return copy
