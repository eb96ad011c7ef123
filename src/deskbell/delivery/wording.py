"""How a parcel's facts, and what others answer, are put into words: the same in every transport
and on the reply pages."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from deskbell.foundation.durations import on_clock
from deskbell.foundation.numbers import for_people
from deskbell.messages.custom_fields import PREFIX

from .transport import Brief, Parcel

_REPEATED = {"caller_id", "number_dialed"}
_BY, _WORDS = OF_A_FORWARD = ("Forwarded by", "With the words")
_INNER_CAPITAL = re.compile(r"([a-z])([A-Z])(?=[a-z])")


def caller_of(parcel: Parcel) -> str:
    """Who called, for a heading: the name, else the number, else that nobody knows."""
    return parcel.caller_name or phone_of(parcel) or "an unknown caller"


def caller_of_brief(brief: Brief, *, country: str) -> str:
    """Who called, of a message that comes along in another's parcel."""
    number = for_people(brief.caller_number, region=country)
    return brief.caller_name or number or "an unknown caller"


def and_more(parcel: Parcel) -> str:
    """ " and 4 more" where other messages come along, for a heading; else empty."""
    return f" and {len(parcel.bundled)} more" if parcel.bundled else ""


def phone_of(parcel: Parcel) -> str:
    """The caller's number as people of the account's country write it, or an empty string."""
    return for_people(parcel.caller_number, region=parcel.country)


def forwarded(by: str, words: str) -> str:
    """Who had a message sent, and what they say with it: "Forwarded by Bob: please call her"."""
    return f"Forwarded by {by}" + (f": {words}" if words else "")


def already_taken(parcel: Parcel) -> str:
    """That nobody needs to take care of a message any more; empty where somebody does."""
    by = parcel.acknowledged_by
    return f"{by} has acknowledged it already; this is for you to know." if by else ""


def facts_of(parcel: Parcel) -> list[tuple[str, str]]:
    """What is known of a message beside its content, named, in the order in which to show it."""
    facts = {
        _BY: parcel.forwarded_by,
        _WORDS: parcel.words,
        "From": parcel.caller_name,
        "Phone": phone_of(parcel) or "Not known",
        "Company": parcel.company_name,
        "Called": for_people(parcel.called_number, region=parcel.country),
        "When": when(parcel.taken_at, parcel.time_zone),
    }
    known = [(name, value) for name, value in facts.items() if value]
    shown = {facts["Phone"], facts["Called"]}
    return known + [
        (label_of(name), value)
        for name, value in parcel.answers.items()
        if value and not (name in _REPEATED and for_people(value, region=parcel.country) in shown)
    ]


def label_of(name: str) -> str:
    """An answer's name as people read it, a custom field's without what marks it as one.

    >>> [label_of(each) for each in ("existing_client", PREFIX + "policyNumber", "VIN")]
    ['Existing client', 'Policy number', 'VIN']
    """
    words = _INNER_CAPITAL.sub(_apart, name.removeprefix(PREFIX).replace("_", " "))
    words = " ".join(words.split()) or name
    return words[:1].upper() + words[1:]


def _apart(found: re.Match[str]) -> str:
    return f"{found[1]} {found[2].lower()}"


def when(at: datetime, time_zone: str) -> str:
    """An instant on the account's clock: "Wednesday 4 March 2026, 10:00 AM EST"."""
    local = at.astimezone(ZoneInfo(time_zone))
    hour = local.hour % 12 or 12
    return f"{local:%A} {local.day} {local:%B %Y}, {hour}:{local:%M %p %Z}"


def length(seconds: float | None) -> str:
    """A recording's length, "0:42", never "0:00"; empty where there is none."""
    return "" if seconds is None else on_clock(max(1.0, seconds))


def one_line(text: str, most: int) -> str:
    """What a stranger wrote, on one line of `most` characters, without any that cannot be shown.

    PostgreSQL refuses some of those, and a result that cannot be kept would be sent for again.
    """
    printable = "".join(mark if mark.isprintable() else " " for mark in text[: most * 4])
    return " ".join(printable.split())[:most]
