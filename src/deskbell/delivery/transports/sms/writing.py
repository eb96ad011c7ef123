"""What a text says: who and what, the link, and how to answer, in three segments where it can be.

A text is charged by the segment and read on a lock screen: the caller comes first, the content is
cut before anything else, and one character that GSM 7-bit lacks does not make it twice as long
where a plain one says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from deskbell.delivery import wording
from deskbell.delivery.texting.segments import cut_to_fit, plain
from deskbell.delivery.transport import Brief, Note, Parcel
from deskbell.foundation.numbers import for_people

_LONGEST_NAME: Final = 60
_LONGEST_CONTENT: Final = 1000
_LONGEST_NOTE: Final = 800
_LONGEST_WORDS: Final = 240
_MOST_NAMED: Final = 5


def text_of(parcel: Parcel) -> str:
    """The text for a parcel."""
    before = f"{_forwarded(parcel)}{_head(parcel)}: "
    after = f"{_others(parcel)}\n{parcel.acknowledge_url}\n{_how_to_answer(parcel)}"
    content = wording.one_line(parcel.content, _LONGEST_CONTENT) or _sound(parcel)
    return cut_to_fit(plain(before), plain(content), plain(after))


def note_of(note: Note) -> str:
    """The text for a note: its words, after its title where they do not begin with it."""
    title, words = wording.one_line(note.title, _LONGEST_NAME), note.text.strip()
    text = words if words.startswith(title) else f"{title}: {words}"
    return plain(wording.one_line(text, _LONGEST_NOTE))


def _head(parcel: Parcel) -> str:
    """ "EMERGENCY for Acme Dental from Ann, (212) 555-0187"."""
    account = wording.one_line(parcel.account_name, _LONGEST_NAME)
    start = "EMERGENCY" if parcel.is_emergency else "Message"
    if parcel.bundled:
        start = f"{len(parcel.bundled) + 1} messages"
    name = _short(parcel.caller_name)
    phone = wording.one_line(wording.phone_of(parcel), _LONGEST_NAME)
    who = ", ".join(part for part in (name, phone) if part) or "an unknown caller"
    return f"{start} for {account}{', the newest' if parcel.bundled else ''} from {who}"


def _forwarded(parcel: Parcel) -> str:
    if not parcel.forwarded_by:
        return ""
    by, words = _short(parcel.forwarded_by), wording.one_line(parcel.words, _LONGEST_WORDS)
    return f"{wording.forwarded(by, words)}\n"


def _sound(parcel: Parcel) -> str:
    length = wording.length(parcel.recording_seconds)
    return f"a recording of {length}" if length else "no words were left"


def _others(parcel: Parcel) -> str:
    """The others of a bundle, each with its code."""
    if not parcel.bundled:
        return ""
    named = [_named(brief, parcel.country) for brief in _first(parcel.bundled)]
    more = len(parcel.bundled) - len(named)
    rest = f" and {more} more" if more > 0 else ""
    return f"\nAlso {'; '.join(named)}{rest}."


def _first(bundled: Sequence[Brief]) -> Sequence[Brief]:
    """Those to name: emergencies before others, the newest before the older."""
    newest_first = sorted(bundled, key=lambda each: (not each.is_emergency, -each.message_id))
    return newest_first[:_MOST_NAMED]


def _named(brief: Brief, country: str) -> str:
    phone = wording.one_line(for_people(brief.caller_number, region=country), _LONGEST_NAME)
    who = _short(brief.caller_name) or phone or "unknown"
    return " ".join(part for part in (brief.code, who) if part)


def _how_to_answer(parcel: Parcel) -> str:
    if parcel.forwarded_by:
        return _how_to_answer_forwarded(parcel)
    code = parcel.code
    if not code:
        return "Reply 1 to acknowledge, 2 to pass on."
    if parcel.bundled:
        return f"Reply 1 {code} to acknowledge the newest, 1 ALL for all, 2 {code} to pass on."
    return f"Reply 1 to acknowledge, 2 to pass on (1 {code}, 2 {code} if several are open)."


def _how_to_answer_forwarded(parcel: Parcel) -> str:
    """Whoever is not on call can take care of it, and has nobody to pass it on to."""
    if parcel.bundled:
        return f"Reply 1 {parcel.code} to acknowledge the newest, 1 ALL for all."
    if taken := wording.already_taken(parcel):
        return taken
    several = f" (1 {parcel.code} if several are open)" if parcel.code else ""
    return f"Reply 1 to acknowledge{several}."


def _short(name: str) -> str:
    return wording.one_line(name, _LONGEST_NAME)
