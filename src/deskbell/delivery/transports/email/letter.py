"""What a mail says: subject, plain text and HTML, in the account's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.template import Context, Engine

from deskbell.delivery.transport import Parcel
from deskbell.foundation.numbers import for_people

_ENGINE = Engine(dirs=[str(Path(__file__).parent / "templates")])


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail's words."""

    subject: str
    plain: str
    html: str


def write(parcel: Parcel) -> Letter:
    """The mail for a parcel."""
    number = for_people(parcel.caller_number, region=parcel.country)
    caller = parcel.caller_name or number or "an unknown caller"
    facts = {
        "From": parcel.caller_name or ("" if number else "Unknown caller"),
        "Phone": number,
        "Company": parcel.company_name,
        "Called": for_people(parcel.called_number, region=parcel.country),
        "When": when(parcel.taken_at, parcel.time_zone),
        **parcel.answers,
    }
    context = {
        "parcel": parcel,
        "caller": caller,
        "phone": number,
        "facts": [(name, value) for name, value in facts.items() if value],
        "recording": length(parcel.recording_seconds),
        "attempt": parcel.attempt if parcel.attempt > 1 else 0,
    }
    start = "Emergency message" if parcel.is_emergency else "Message"
    return Letter(
        subject=" ".join(f"{start} for {parcel.account_name} from {caller}".split()),
        plain=_render("message.txt", context),
        html=_render("message.html", context),
    )


def when(at: datetime, time_zone: str) -> str:
    """An instant on the account's clock: "Wednesday 4 March 2026, 10:00 AM EST"."""
    local = at.astimezone(ZoneInfo(time_zone))
    hour = local.hour % 12 or 12
    return f"{local:%A} {local.day} {local:%B %Y}, {hour}:{local:%M %p %Z}"


def length(seconds: float | None) -> str:
    """A recording's length as minutes and seconds, "0:42"; empty where there is none."""
    if seconds is None:
        return ""
    whole = max(1, round(seconds))
    return f"{whole // 60}:{whole % 60:02}"


def _render(name: str, context: dict[str, object]) -> str:
    return _ENGINE.get_template(name).render(Context(context))
