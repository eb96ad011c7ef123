"""The marks of SSML that every voice can keep: pauses, and what is to be said in other words.

For voices that read plain text only. What concerns the sound of a voice (prosody, emphasis, voice,
lang) leaves the words as they are. Source: w3.org/TR/speech-synthesis11, sections 3.1 and 3.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring

from deskbell.foundation.errors import InvalidInput

LONGEST_BREAK: Final = 10.0
_STRENGTHS: Final = {
    "none": 0.0,
    "x-weak": 0.1,
    "weak": 0.25,
    "medium": 0.5,
    "strong": 0.8,
    "x-strong": 1.2,
}
_PARAGRAPH_SECONDS: Final = 0.5
_TIME: Final = re.compile(r"^\+?(\d{1,6}(?:\.\d{1,6})?)(ms|s)$")
_SPELT: Final = frozenset({"characters", "digits", "spell-out", "telephone", "verbatim"})


def parts(ssml: str) -> tuple[str | float, ...]:
    """A `<speak>` element as texts to say and pauses in seconds, in order.

    Raises InvalidInput for what is not well-formed XML.
    """
    try:
        root = fromstring(ssml)  # noqa: S314 the reader of documents wrote it; it takes no DOCTYPE
    except ParseError as error:
        raise InvalidInput(f"The SSML is not well-formed XML: {error}") from error
    found: list[str | float] = []
    for part in _walk(root):
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        else:
            found.append(part)
    texts = (" ".join(part.split()) if isinstance(part, str) else part for part in found)
    return tuple(part for part in texts if part)


def _walk(element: Element) -> Iterator[str | float]:
    if element.tag == "break":
        yield _break(element)
    elif element.tag == "sub" and element.get("alias"):
        yield element.get("alias", "")
    elif element.tag == "say-as" and element.get("interpret-as", "").lower() in _SPELT:
        yield _spelt("".join(element.itertext()))
    else:
        yield from _inside(element)


def _inside(element: Element) -> Iterator[str | float]:
    if element.tag in {"p", "s"}:
        yield " "
    yield element.text or ""
    for child in element:
        yield from _walk(child)
        yield child.tail or ""
    if element.tag == "p":
        yield _PARAGRAPH_SECONDS
    elif element.tag == "s":
        yield " "


def _break(element: Element) -> float:
    found = _TIME.match(element.get("time", "").strip())
    if found is None:
        return _STRENGTHS.get(element.get("strength", "medium"), _STRENGTHS["medium"])
    seconds = float(found[1]) / (1000 if found[2] == "ms" else 1)
    return min(seconds, LONGEST_BREAK)


def _spelt(text: str) -> str:
    """One character after the other, with a comma where a group ends."""
    groups = re.findall(r"[^\W_]+", text)
    return ", ".join(" ".join(group) for group in groups)
