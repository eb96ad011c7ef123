"""Documents as XML.

Attributes that have RCML's default are left out, so that what a carrier reads is short and what
its dialect defaults to otherwise is never contradicted. An action is always written with its
method: some carriers have no default for it (design, RCML reference, section 3).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final
from xml.etree.ElementTree import Element, tostring

from .dialects import Dialect, fitted
from .verbs import (
    Dial,
    Document,
    Email,
    Fax,
    Gather,
    Hangup,
    Hold,
    Message,
    Pause,
    Play,
    Record,
    Redirect,
    Refer,
    Reject,
    Resume,
    Say,
    Sms,
    Verb,
)
from .writing import others, sounds
from .writing.dialling import dial

# What XML 1.0 (section 2.2, "Char") cannot hold, not even escaped.
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WRITERS: Final[dict[type[Verb], Callable[[Element, Any, Dialect], None]]] = {
    Say: sounds.say,
    Play: sounds.play,
    Pause: sounds.pause,
    Gather: sounds.gather,
    Record: sounds.record,
    Dial: dial,
    Redirect: others.redirect,
    Hangup: others.hang_up,
    Reject: others.reject,
    Sms: others.send,
    Message: others.send,
    Fax: others.send,
    Email: others.email,
    Hold: others.hold,
    Resume: others.hold,
    Refer: others.refer,
}


def to_xml(document: Document, dialect: Dialect = Dialect.RCML) -> str:
    """The document, in a carrier's dialect, as a string that starts with an XML declaration.

    Characters are escaped; those that no XML can hold become spaces. Verbs that the carrier does
    not have are left out.
    """
    root = Element("Response")
    for verb in fitted(document, dialect).verbs:
        _WRITERS[type(verb)](root, verb, dialect)
    written = tostring(root, encoding="unicode", xml_declaration=False)
    return '<?xml version="1.0" encoding="UTF-8"?>' + _NOT_XML.sub(" ", written)
