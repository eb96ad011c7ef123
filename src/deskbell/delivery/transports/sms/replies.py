"""What a text back means: digits and plain words, with a code where several are open.

STOP and its kin count only as the whole text, as carriers read them, so that nobody who writes
"stop by tomorrow" gets no more messages. Source: CTIA Messaging Principles, 5.1.3;
https://help.twilio.com/articles/223134027
"""

from __future__ import annotations

import re
from typing import Final

from deskbell.delivery.transport import Meaning, Reply

ALL: Final = "all"
_STOP: Final = frozenset(
    {"stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"}
)
_START: Final = frozenset({"start", "unstop", "yes"})
_WORDS: Final = {
    Meaning.ACKNOWLEDGE: (
        *("1", "ack", "acknowledge", "acknowledged", "ok", "okay", "got it", "i got it"),
        *("on it", "im on it", "i will", "mine", "done", "👍"),
    ),
    Meaning.NEXT_LEVEL: ("2", "pass", "pass on", "pass it on", "next", "next level"),
}
_LONGEST: Final = 60
_QUOTES: Final = "'\"\u2018\u2019\u201c\u201d"
_AROUND: Final = " \t\r\n.,!?" + _QUOTES
_NO_QUOTES: Final = str.maketrans("", "", _QUOTES)
_PARTS: Final = re.compile(r"(?P<word>.*?)(?:[\s,.:#/-]+(?P<code>[0-9]{2,8}|all))?")


def read(text: str) -> Reply:
    """What a text means; NOTHING for one that is neither an answer nor STOP or START."""
    stripped = text[: 2 * _LONGEST].strip(_AROUND).translate(_NO_QUOTES)
    said = " ".join(stripped.casefold().split())
    if not said or len(said) > _LONGEST:
        return Reply(Meaning.NOTHING)
    if said in _STOP:
        return Reply(Meaning.STOP)
    if said in _START:
        return Reply(Meaning.START)
    found = _PARTS.fullmatch(said)
    word, code = (found["word"], found["code"] or "") if found else (said, "")
    for meaning, words in _WORDS.items():
        if word in words:
            return Reply(meaning, code=code)
    return Reply(Meaning.NOTHING)
