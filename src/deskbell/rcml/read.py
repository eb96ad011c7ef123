"""XML as documents.

Lenient where RestComm's own parser is (design, RCML reference, section 1): a stray `&` is taken as
text, unknown elements are skipped but verbs inside them run, a bad attribute takes its default.
Everything left out is named in `Document.faults`, so that a call's trace can show it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError
from xml.etree.ElementTree import fromstring as parse_xml

from deskbell.foundation.errors import InvalidInput

from .reading import others
from .reading.attributes import Attributes
from .reading.dialling import dial
from .reading.faults import NOT_IN_SCHEMA
from .reading.gathering import gather, record
from .reading.sounds import pause, play, say
from .verbs import Document, Verb

MAX_BYTES: Final = 256 * 1024
_STRAY_AMPERSAND: Final = re.compile(r"&(?!#\d+;|#x[0-9a-fA-F]+;|(?:amp|lt|gt|quot|apos);)")
_DOCTYPE: Final = re.compile(r"<!DOCTYPE", re.IGNORECASE)
READERS: Final[dict[str, Callable[[Element, Attributes], Verb]]] = {
    "Say": say,
    "Play": play,
    "Pause": pause,
    "Gather": gather,
    "Record": record,
    "Dial": dial,
    "Redirect": others.redirect,
    "Hangup": others.hang_up,
    "Reject": others.reject,
    "Sms": others.sms,
    "Message": others.message,
    "Email": others.email,
    "Fax": others.fax,
    "Hold": others.hold,
    "Resume": others.resume,
    "Refer": others.refer,
}


def _verbs(parent: Element, faults: list[str]) -> Iterator[Verb]:
    for child in parent:
        if child.tag in READERS:
            read = Attributes(child, faults)
            yield READERS[child.tag](child, read)
            read.done()
        else:
            faults.append(f"{NOT_IN_SCHEMA}: {child.tag}: unknown verb, skipped")
            yield from _verbs(child, faults)


def from_xml(data: bytes) -> Document:
    """Reads a document of at most 256 KiB, UTF-8.

    Raises InvalidInput, in words, where it is too large, not well-formed, has a DOCTYPE, or its
    root is not Response: such a document ends the call.
    """
    if len(data) > MAX_BYTES:
        raise InvalidInput(f"The document has {len(data)} bytes; at most {MAX_BYTES} are read")
    text = data.decode("utf-8", errors="replace").lstrip("\ufeff \t\r\n")
    if _DOCTYPE.search(text):
        raise InvalidInput("The document has a DOCTYPE; RCML has none")
    try:
        root = parse_xml(_STRAY_AMPERSAND.sub("&amp;", text))  # noqa: S314 no DOCTYPE gets here
    except ParseError as error:
        raise InvalidInput(f"The document is not well-formed XML: {error}") from error
    if root.tag != "Response":
        raise InvalidInput(f"The document's root is {root.tag}; RCML's is Response")
    faults: list[str] = []
    try:
        verbs = tuple(_verbs(root, faults))
    except RecursionError as error:
        raise InvalidInput("The document is nested too deeply") from error
    return Document(verbs, tuple(faults))
