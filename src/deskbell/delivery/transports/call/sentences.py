"""What a call says of a parcel, sentence by sentence: the emergency first, then who, when, what.

Whoever listens cannot skim, so long content is cut, and says so. Pure.
"""

from __future__ import annotations

import re
from typing import Final

from deskbell.delivery import wording
from deskbell.delivery.transport import Brief, Note, Parcel
from deskbell.foundation.durations import in_words

LONGEST_CONTENT: Final = 1500
_LONGEST_BRIEF: Final = 160
_LONGEST_NAME: Final = 80
_LONGEST_NOTE: Final = 600
_MOST_NAMED: Final = 9
_DIGITS: Final = re.compile(r"\d{4,}")
_LINK: Final = re.compile(r"https?://\S+")

_AGAIN: Final = "To hear it again, press 2."
_NEXT: Final = "To pass it on to the next level, press 3."
_RECEPTIONIST: Final = "To reach the receptionist, press 4."


def message(parcel: Parcel) -> list[str]:
    """All that a parcel says to a person."""
    name, account = _name(parcel.contact_name), _name(parcel.account_name)
    start = f"This is {account}, with a message for {name}."
    if parcel.bundled:
        start = f"This is {account}. {len(parcel.bundled) + 1} messages wait for {name}."
    said = ["This is an emergency."] if parcel.is_emergency else []
    said += [start, "The newest comes first." if parcel.bundled else "", _forwarded(parcel)]
    said += _told(parcel)
    return [each for each in said + _others(parcel) if each]


def keys(parcel: Parcel) -> str:
    """Which keys there are."""
    count = len(parcel.bundled) + 1
    first = f"To acknowledge all {count} messages" if parcel.bundled else "To acknowledge it"
    taken = wording.already_taken(parcel) if not parcel.bundled else ""
    said = [taken or f"{first}, press 1.", _AGAIN]
    if not parcel.forwarded_by:
        said.append(_NEXT)
    return " ".join([*said, _RECEPTIONIST])


def callback(parcel: Parcel, number: str) -> list[str]:
    """What voicemail may know of a message that is nobody else's business."""
    account = _name(parcel.account_name)
    said = [f"This is {account}, for {_name(parcel.contact_name)}.", "A message waits for you."]
    if number:
        said.append(f"Please call back: {digit_by_digit(number)}.")
    return [*said, "Thank you. Goodbye."]


def note(words: Note) -> list[str]:
    """A note, slowly enough to write its digits down, twice."""
    text = _LINK.sub("", words.text.strip() or words.title)
    text = digit_by_digit(wording.one_line(text, _LONGEST_NOTE))
    start = f"This is {_name(words.account_name)}." if words.account_name else ""
    return [each for each in (start, text, "Once more.", text, "Goodbye.") if each]


def digit_by_digit(text: str) -> str:
    """`text` with its long numbers spoken as digits: "2 1 2. 5 5 5. 0 1 8 7"."""
    return _DIGITS.sub(lambda found: ", ".join(found[0]), text)


def _forwarded(parcel: Parcel) -> str:
    if not parcel.forwarded_by:
        return ""
    words = wording.one_line(parcel.words, LONGEST_CONTENT)
    said = f", and says: {words}{'' if words[-1] in '.!?' else '.'}" if words else "."
    return f"{_name(parcel.forwarded_by)} forwarded it to you{said}"


def _told(parcel: Parcel) -> list[str]:
    """One message: from whom, when, what, and the answers."""
    said = [f"From {_caller(parcel)}."]
    if parcel.company_name:
        said.append(f"Of {_name(parcel.company_name)}.")
    said.append(f"Taken on {wording.when(parcel.taken_at, parcel.time_zone).rpartition(' ')[0]}.")
    said.append(_content(parcel))
    shown = {*wording.OF_A_FORWARD, "From", "Phone", "Company", "Called", "When"}
    answers = [(name, value) for name, value in wording.facts_of(parcel) if name not in shown]
    said += [
        f"{_name(name)}: {wording.one_line(value, _LONGEST_BRIEF)}." for name, value in answers
    ]
    return said


def _caller(parcel: Parcel) -> str:
    phone = digit_by_digit(_spaced(wording.phone_of(parcel)))
    parts = [_name(parcel.caller_name), phone and f"telephone {phone}"]
    return ", ".join(part for part in parts if part) or "an unknown caller"


def _spaced(phone: str) -> str:
    """A number as it is written, digit by digit, with a pause where it has a gap."""
    groups = re.findall(r"\d+", phone)
    return ". ".join(" ".join(group) for group in groups)


def _content(parcel: Parcel) -> str:
    content = wording.one_line(parcel.content, LONGEST_CONTENT)
    if content:
        more = " The message goes on in the portal." if len(parcel.content) > len(content) else ""
        return f"The message: {content}{'' if content[-1] in '.!?' else '.'}{more}"
    if parcel.recording_seconds is not None:
        length = in_words(max(1, round(parcel.recording_seconds)))
        return f"There is a recording of {length}, which you can hear in the portal."
    return "No words were left."


def _others(parcel: Parcel) -> list[str]:
    newest = sorted(parcel.bundled, key=lambda each: (not each.is_emergency, -each.message_id))
    said = [_brief(each, parcel.country) for each in newest[:_MOST_NAMED]]
    more = len(newest) - len(said)
    return [*said, f"And {more} more, which are in the portal."] if more > 0 else said


def _brief(brief: Brief, country: str) -> str:
    who = _name(wording.caller_of_brief(brief, country=country))
    urgent = "An emergency, from" if brief.is_emergency else "From"
    content = wording.one_line(brief.content, _LONGEST_BRIEF) or "no words were left"
    return f"{urgent} {who}: {content}."


def _name(text: str) -> str:
    return wording.one_line(text, _LONGEST_NAME).rstrip(".")
