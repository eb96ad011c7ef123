"""What a mail says: subject, plain text and HTML, in the account's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.template import Context, Engine

from deskbell.delivery import wording
from deskbell.delivery.transport import Brief, Parcel
from deskbell.delivery.wording import one_line

_ENGINE = Engine(dirs=[str(Path(__file__).parent / "templates")])
_LONGEST_SUBJECT = 150


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail's words."""

    subject: str
    plain: str
    html: str


def write(parcel: Parcel) -> Letter:
    """The mail for a parcel."""
    caller = wording.caller_of(parcel)
    context = {
        "parcel": parcel,
        "caller": caller,
        "facts": [each for each in wording.facts_of(parcel) if each[0] not in wording.OF_A_FORWARD],
        "recording": wording.length(parcel.recording_seconds),
        "taken": wording.already_taken(parcel),
        "attempt": parcel.attempt if parcel.attempt > 1 else 0,
        "others": [_other(brief, parcel) for brief in parcel.bundled],
    }
    start = "Emergency message" if parcel.is_emergency else "Message"
    more = wording.and_more(parcel)
    subject = one_line(f"{start} for {parcel.account_name} from {caller}", _LONGEST_SUBJECT)
    return Letter(
        subject=subject[: _LONGEST_SUBJECT - len(more)] + more,
        plain=_render("message.txt", context),
        html=_render("message.html", context),
    )


def _other(brief: Brief, parcel: Parcel) -> dict[str, object]:
    """A message that comes along, as its line says it."""
    return {
        "caller": wording.caller_of_brief(brief, country=parcel.country),
        "when": wording.when(brief.taken_at, parcel.time_zone),
        "brief": brief,
    }


def _render(name: str, context: dict[str, object]) -> str:
    return _ENGINE.get_template(name).render(Context(context))
