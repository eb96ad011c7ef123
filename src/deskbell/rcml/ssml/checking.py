"""SSML as somebody sent it becomes SSML that can be handed on: known, bounded, well-formed.

Nothing here raises: what is not known is left as its text, and named for the call's trace.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring
from xml.sax.saxutils import unescape

from deskbell.foundation.errors import InvalidInput

from . import manner
from .sayas import IN_WORDS, KINDS, is_english, said
from .timing import LONGEST_BREAK, STRENGTHS, seconds_of

MOST_CHARACTERS: Final = 64 * 1024
MOST_ELEMENTS: Final = 200
MOST_DEPTH: Final = 20
_LONGEST_VALUE: Final = 300
_MOST_FAULTS: Final = 10
LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"

# The elements that are kept, with their attributes. A sound from elsewhere is Play's.
_KNOWN: Final[dict[str, frozenset[str]]] = {
    "break": frozenset({"strength", "time"}),
    "emphasis": frozenset({"level"}),
    "lang": frozenset({LANG}),
    "p": frozenset(),
    "phoneme": frozenset({"alphabet", "ph"}),
    "prosody": frozenset({"contour", "duration", "pitch", "range", "rate", "volume"}),
    "s": frozenset(),
    "say-as": frozenset({"detail", "format", "interpret-as"}),
    "speak": frozenset(),
    "sub": frozenset({"alias"}),
    "w": frozenset({"role"}),
}
# What stands in them is about the text, and was never to be heard.
_UNSPOKEN: Final = frozenset({"desc", "lexicon", "mark", "meta", "metadata"})
# What a document says of itself, which nobody needs to be told is left out.
_OF_NO_MATTER: Final = frozenset({"version", LANG, "onlangfailure"})
_SPACED: Final = frozenset({"audio", "break", "p", "s"})

_VALUES: Final[dict[tuple[str, str], tuple[Callable[[str], object], str]]] = {
    ("break", "strength"): (lambda text: text in STRENGTHS, ", ".join(STRENGTHS)),
    ("break", "time"): (lambda text: seconds_of(text) is not None, "a time as in 500ms or 1.5s"),
    ("emphasis", "level"): (
        lambda text: text in manner.EMPHASIS,
        ", ".join(manner.EMPHASIS),
    ),
    ("prosody", "rate"): (lambda text: manner.rate(text) is not None, "slow, fast, 80%, +10% …"),
    ("prosody", "pitch"): (lambda text: manner.pitch(text) is not None, "low, high, +10%, -2st …"),
    ("prosody", "volume"): (lambda text: manner.volume(text) is not None, "soft, loud, +6dB …"),
    ("say-as", "interpret-as"): (lambda text: text.lower() in KINDS, ", ".join(sorted(KINDS))),
}
_DOCTYPE: Final = "<!DOCTYPE"
# XML 1.0, section 2.2: what may stand in no document, however it is written.
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAG: Final = re.compile(r"<[^<>]*>")


def is_ssml(text: str) -> bool:
    """Whether a text is a whole `<speak>` document, written as text (escaped, or in CDATA)."""
    start = text.strip()
    return bool(re.match(r"(?:<\?xml[^<>]*>\s*|<!DOCTYPE|<speak[\s/>])", start)) and (
        "<speak" in start
    )


def read(text: str, *, language: str = "en") -> tuple[Element, tuple[str, ...]]:
    """A checked `<speak>` element, and what was wrong, in words.

    What is not well-formed, has a DOCTYPE (and with it entities) or more than MOST_CHARACTERS is
    taken as its text without what looks like marks.
    """
    try:
        _refuse_bombs(text)
        root = fromstring(text.strip())  # noqa: S314 there is no DOCTYPE, so no entity either
    except (ParseError, ValueError, LookupError, InvalidInput) as error:
        plain = Element("speak")
        plain.text = _without_marks(text[:MOST_CHARACTERS])
        return plain, (f"SSML spoken as its text: {error}",)
    if _plain(root.tag) != "speak":
        outer = Element("speak")
        outer.append(root)
        root = outer
    return checked(root, language=language)


def _refuse_bombs(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise InvalidInput(f"it has {len(text)} characters; {MOST_CHARACTERS} are read")
    if _DOCTYPE in text.upper():
        raise InvalidInput("it has a DOCTYPE")


def checked(source: Element, *, language: str = "en") -> tuple[Element, tuple[str, ...]]:
    """What stands in `source` as a `<speak>` of known elements and attributes, and the faults."""
    check = _Check(language)
    root = Element("speak")
    check.inside(source, root, depth=1)
    return root, tuple(dict.fromkeys(check.faults))


def text_of(root: Element) -> str:
    """A checked element's text as it is to be said, without marks, in one line."""
    return " ".join("".join(_spoken(root)).split())


class _Check:
    """Copies a tree; counts its elements and remembers its faults."""

    def __init__(self, language: str) -> None:
        self.faults: list[str] = []
        self._left = MOST_ELEMENTS
        self._is_english = is_english(language)
        self._language = language

    def inside(self, source: Element, target: Element, *, depth: int) -> None:
        """Copies the text and the children of `source` into `target`."""
        _add(target, source.text)
        for child in source:
            self._child(child, target, depth=depth)
            _add(target, child.tail)

    def _child(self, child: Element, target: Element, *, depth: int) -> None:
        tag = _plain(child.tag)
        if tag in _UNSPOKEN:
            self._fault(f"SSML {tag}: left out")
        elif depth >= MOST_DEPTH or not self._left:
            self._fault(f"SSML has more than {MOST_ELEMENTS} marks, or {MOST_DEPTH} in each other")
            _add(target, "".join(child.itertext()))
        elif tag in _KNOWN and tag != "speak":
            self._left -= 1
            copy = Element(tag, self._attributes(tag, child))
            target.append(copy)
            self.inside(child, copy, depth=depth + 1)
            self._reading(copy)
        else:
            self._left -= 1
            self._fault(f"SSML {tag[:40]}: not taken, its text is spoken")
            _add(target, " " if tag in _SPACED else "")
            self.inside(child, target, depth=depth + 1)
            _add(target, " " if tag in _SPACED else "")

    def _attributes(self, tag: str, element: Element) -> dict[str, str]:
        kept = {}
        for name, value in element.attrib.items():
            plain = name if name == LANG else _plain(name)
            if plain in _KNOWN[tag]:
                takes = self._takes(tag, plain, value.strip())
                if takes:
                    self._fault(f"SSML {tag} {plain}={value[:40]!r}: takes {takes}")
                else:
                    kept[plain] = self._bounded(plain, value.strip())
            elif plain not in _OF_NO_MATTER:
                self._fault(f"SSML {tag} {plain[:40]}: no such attribute")
        return kept

    def _takes(self, tag: str, name: str, value: str) -> str:
        """What the attribute takes, where it does not take `value`."""
        if len(value) > _LONGEST_VALUE:
            return f"at most {_LONGEST_VALUE} characters"
        is_good, takes = _VALUES.get((tag, name), (len, ""))
        return takes if takes and not is_good(value) else ""

    def _bounded(self, name: str, value: str) -> str:
        if name == "time" and (seconds_of(value) or 0.0) > LONGEST_BREAK:
            self._fault(f"SSML break time={value!r}: {LONGEST_BREAK:g} s is the longest")
            return f"{LONGEST_BREAK:g}s"
        return value

    def _reading(self, element: Element) -> None:
        """Names a say-as whose text is not what it says, where that can be known."""
        kind = element.get("interpret-as", "").lower()
        if element.tag != "say-as" or kind not in IN_WORDS or not self._is_english:
            return
        text = "".join(element.itertext())
        if said(kind, text, order=element.get("format", ""), language=self._language) is None:
            self._fault(f"SSML say-as {kind}: cannot be read from {text[:40]!r}")

    def _fault(self, words: str) -> None:
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append(words)


def _spoken(element: Element) -> Iterator[str]:
    if element.tag == "sub" and element.get("alias"):
        yield element.get("alias", "")
        return
    yield element.text or ""
    for child in element:
        space = " " if child.tag in _SPACED else ""
        yield space
        yield from _spoken(child)
        yield space
        yield child.tail or ""


def _add(target: Element, text: str | None) -> None:
    """Appends text behind all that `target` has."""
    if len(target):
        target[-1].tail = (target[-1].tail or "") + (text or "")
    else:
        target.text = (target.text or "") + (text or "")


def _plain(tag: str) -> str:
    """A name without its namespace (XML namespaces 1.0): nobody but we read what is kept."""
    return str(tag).rpartition("}")[2]


def _without_marks(text: str) -> str:
    start = text.upper().find(_DOCTYPE)
    if start >= 0:
        end = text.find("]>", start)
        end = end + 2 if end >= 0 else text.find(">", start) + 1
        text = text[:start] + (text[end:] if end else "")
    return _NOT_XML.sub(" ", unescape(_TAG.sub(" ", text)))
