"""What is said of a document that had to be mended: a code, and words.

Codes are the family's (design, RCML reference, section 9; twilio.com/docs/api/errors), so that
whoever knows a carrier's debugger knows ours.
"""

from __future__ import annotations

from typing import Final

NOT_IN_SCHEMA: Final = 12200
BAD_URL: Final = 11100
NO_CALLBACK: Final = 11101
BAD_SPEECH: Final = 13520
_BAD_METHOD: Final = 14104
_CODES: Final = {
    ("Dial", "timeout"): 13212,
    ("Dial", "callerId"): 13214,
    ("Dial", "timeLimit"): 13216,
    ("Dial", "ringTone"): 13220,
    ("Gather", "finishOnKey"): 13310,
    ("Gather", "timeout"): 13313,
    ("Gather", "preTimeout"): 13313,
    ("Gather", "postTimeout"): 13313,
    ("Gather", "numDigits"): 13314,
    ("Gather", "startInputKey"): 13315,
    ("Play", "loop"): 13410,
    ("Say", "loop"): 13510,
    ("Say", "voice"): 13511,
    ("Record", "timeout"): 13611,
    ("Record", "maxLength"): 13612,
    ("Record", "finishOnKey"): 13613,
    ("Redirect", "method"): 13710,
    ("Pause", "length"): 13910,
}
_IN_GATHER: Final = {
    ("Say", "voice"): 13321,
    ("Say", "loop"): 13322,
    ("Play", "loop"): 13322,
    ("Play", ""): 13325,
}


def code_of(verb: str, attribute: str, *, is_in_gather: bool = False) -> int:
    """The code for a bad `attribute` of `verb`; an empty attribute is the verb's text."""
    if is_in_gather and (verb, attribute) in _IN_GATHER:
        return _IN_GATHER[verb, attribute]
    if (verb, attribute) in _CODES:
        return _CODES[verb, attribute]
    return _BAD_METHOD if attribute.lower().endswith("method") else NOT_IN_SCHEMA
