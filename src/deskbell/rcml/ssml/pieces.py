"""SSML as a list of what is heard: texts, each in one manner, and silences between them.

The smallest thing that every voice here can be given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from xml.etree.ElementTree import Element

from .checking import read
from .manner import AS_EVER, EMPHASIS, Manner, prosody
from .sayas import said
from .timing import PARAGRAPH_SECONDS, break_seconds

MOST_SILENCE: Final = 120.0
_LEADING: Final = re.compile(r"\s*([,.;:!?…]+)(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text with at least one letter or digit, to be spoken in one manner."""

    text: str
    manner: Manner = AS_EVER


@dataclass(frozen=True, slots=True)
class Silence:
    """A pause that lasts exactly so long."""

    seconds: float


Piece = Spoken | Silence


def pieces(ssml: str, *, language: str = "en") -> tuple[Piece, ...]:
    """What is heard of an SSML document, in order; never raises.

    All silences together are at most MOST_SILENCE. Dates, times, numbers and sums that say-as
    names are in words where the language is English.
    """
    root, _faults = read(ssml, language=language)
    found: list[Piece] = []
    left = MOST_SILENCE
    for piece in _walk(root, AS_EVER, language):
        if isinstance(piece, Spoken):
            _join(found, piece)
        else:
            seconds = min(piece.seconds, left)
            left -= seconds
            _join(found, Silence(seconds))
    tidy = (_tidy(piece) for piece in found)
    return tuple(piece for piece in tidy if _is_heard(piece))


def _join(found: list[Piece], piece: Piece) -> None:
    """Adds a piece; what goes on in one manner stays one piece, and a sentence keeps its end."""
    last = found[-1] if found else None
    if isinstance(piece, Silence) and isinstance(last, Silence):
        found[-1] = Silence(last.seconds + piece.seconds)
        return
    if isinstance(piece, Spoken) and isinstance(last, Silence) and not piece.text.strip():
        return
    if isinstance(piece, Spoken) and isinstance(last, Spoken):
        if piece.manner == last.manner:
            found[-1] = replace(last, text=last.text + piece.text)
            return
        end = _LEADING.match(piece.text)
        if end:
            found[-1] = replace(last, text=last.text.rstrip() + end[1])
            piece = replace(piece, text=piece.text[end.end() :])
        if not piece.text.strip():
            return
    if isinstance(piece, Spoken) or piece.seconds:
        found.append(piece)


def _tidy(piece: Piece) -> Piece:
    return replace(piece, text=" ".join(piece.text.split())) if isinstance(piece, Spoken) else piece


def _is_heard(piece: Piece) -> bool:
    if isinstance(piece, Silence):
        return piece.seconds > 0
    return any(map(str.isalnum, piece.text))


def _walk(element: Element, manner: Manner, language: str) -> Iterator[Piece]:
    if element.tag == "break":
        yield Silence(break_seconds(element.get("time", ""), element.get("strength", "")))
        yield from _inside(element, manner, language)
        return
    if element.tag == "prosody":
        manner = manner.also(prosody(element.attrib))
    elif element.tag == "emphasis":
        manner = manner.also(EMPHASIS[element.get("level", "moderate")])
    text = _other_words(element, language)
    if text is None:
        yield from _inside(element, manner, language)
    else:
        yield Spoken(text, manner)


def _other_words(element: Element, language: str) -> str | None:
    """What is said in place of the element's text; None where that is the text itself."""
    if element.tag == "sub":
        return element.get("alias") or None
    if element.tag != "say-as":
        return None
    kind, order = element.get("interpret-as", "").lower(), element.get("format", "")
    return said(kind, "".join(element.itertext()), order=order, language=language)


def _inside(element: Element, manner: Manner, language: str) -> Iterator[Piece]:
    edge = " " if element.tag in {"p", "s"} else ""
    yield Spoken(edge + (element.text or ""), manner)
    for child in element:
        yield from _walk(child, manner, language)
        yield Spoken(child.tail or "", manner)
    if element.tag == "p":
        yield Silence(PARAGRAPH_SECONDS)
    else:
        yield Spoken(edge, manner)
