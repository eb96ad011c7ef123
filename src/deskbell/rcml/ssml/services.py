"""SSML as a service is given it: written anew from what was checked, in values all of them take."""

from __future__ import annotations

import math
from collections.abc import Callable, Set
from typing import Final
from xml.etree.ElementTree import Element, tostring

from .checking import read
from .manner import PITCHES, RATES, pitch, rate, volume
from .sayas import IN_WORDS, said

_QUIETEST_DB: Final = -30.0
_LOUDEST_DB: Final = 4.0


def for_service(ssml: str, *, language: str, says_as: Set[str]) -> str:
    """A whole `<speak>` element; never raises.

    `says_as` are the kinds of say-as that the service has. What is English, and what it has not,
    is put in words here where we can; else it is said as it is written.
    """
    root, _faults = read(ssml, language=language)
    for element in tuple(root.iter()):
        if element.tag == "prosody":
            _prosody(element)
        elif element.tag == "say-as":
            _reword(element, language, says_as)
        elif element.tag == "emphasis" and "level" not in element.attrib:
            element.set("level", "moderate")
    return tostring(root, encoding="unicode")


def _prosody(element: Element) -> None:
    asked = dict(element.attrib)
    element.attrib.clear()
    for name, (reading, writing) in _PROSODY.items():
        factor = reading(asked.get(name, ""))
        if factor is not None:
            element.set(name, writing(factor))


def _reword(element: Element, language: str, says_as: Set[str]) -> None:
    """A say-as that the service has stays, in small letters; another is said in other words."""
    kind, order = element.get("interpret-as", "").lower(), element.get("format", "")
    text, words = "".join(element.itertext()), None
    if kind in IN_WORDS or kind not in says_as:
        words = said(kind, text, order=order, language=language)
    tail = element.tail
    element.clear()
    element.text, element.tail = text, tail
    if words is None and kind in says_as:
        element.set("interpret-as", kind)
        if order:
            element.set("format", order)
        return
    element.tag = "sub"
    element.set("alias", words or text)


def _percent(factor: float) -> str:
    return f"{round(100 * min(max(factor, RATES[0]), RATES[1]))}%"


def _change(factor: float) -> str:
    return f"{round(100 * (min(max(factor, PITCHES[0]), PITCHES[1]) - 1)):+d}%"


def _decibels(factor: float) -> str:
    if not factor:
        return "silent"
    return f"{min(max(20 * math.log10(factor), _QUIETEST_DB), _LOUDEST_DB):+.1f}dB"


_PROSODY: Final[dict[str, tuple[Callable[[str], float | None], Callable[[float], str]]]] = {
    "rate": (rate, _percent),
    "pitch": (pitch, _change),
    "volume": (volume, _decibels),
}
