"""What a fax says, on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from deskbell.delivery import wording
from deskbell.delivery.transport import Brief, Note, Parcel
from deskbell.paper import pdf

_TEMPLATE: Final = Path(__file__).with_name("message.typ")
_MOST_OTHERS: Final = 50
_LONGEST_BRIEF: Final = 300
_LONGEST_NAME: Final = 200


def of_parcel(parcel: Parcel) -> bytes:
    """A parcel as a PDF: who, what, how to acknowledge; then what came bundled with it."""
    others = parcel.bundled[-_MOST_OTHERS:]
    left = len(parcel.bundled) - len(others)
    return pdf(
        _TEMPLATE,
        _blank(parcel.account_name, parcel.country)
        | {
            "title": _title(parcel),
            "place": _place(parcel),
            "facts": [["For", parcel.contact_name], *map(list, wording.facts_of(parcel))],
            "content": parcel.content,
            "notes": _notes(parcel, left),
            "acknowledge": "" if parcel.acknowledged_by else parcel.acknowledge_url,
            "others": [_row(brief, parcel) for brief in others],
        },
    )


def of_note(note: Note) -> bytes:
    """A note as a PDF."""
    return pdf(
        _TEMPLATE, _blank(note.account_name, "") | {"title": note.title, "notes": [note.text]}
    )


def _blank(account: str, country: str) -> dict[str, Any]:
    empty = dict.fromkeys(("place", "content", "acknowledge"), "")
    lists = {name: list[Any]() for name in ("facts", "notes", "others")}
    return {"account": account, "country": country} | empty | lists


def _title(parcel: Parcel) -> str:
    start = "Emergency" if parcel.is_emergency else "Message"
    who = wording.one_line(wording.caller_of(parcel), _LONGEST_NAME)
    account = wording.one_line(parcel.account_name, _LONGEST_NAME)
    return f"{start} for {account} from {who}{wording.and_more(parcel)}"


def _place(parcel: Parcel) -> str:
    attempt = f", attempt {parcel.attempt}" if parcel.attempt else ""
    return f"{parcel.level_name}{attempt}" if parcel.level_name else ""


def _notes(parcel: Parcel, left: int) -> list[str]:
    length = wording.length(parcel.recording_seconds)
    heard = f"There is a recording of {length}: {parcel.message_url}" if length else ""
    more = f"{left} older messages wait in the portal: {parcel.message_url}" if left else ""
    return [words for words in (wording.already_taken(parcel), heard, more) if words]


def _row(brief: Brief, parcel: Parcel) -> list[str]:
    words = wording.one_line(brief.content, _LONGEST_BRIEF)
    return [
        wording.when(brief.taken_at, parcel.time_zone),
        wording.caller_of_brief(brief, country=parcel.country),
        f"EMERGENCY: {words}" if brief.is_emergency else words,
        brief.acknowledge_url,
    ]
