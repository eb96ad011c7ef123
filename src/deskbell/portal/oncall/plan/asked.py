"""What somebody asks of "what if a message came at …": an instant and a level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from deskbell.oncall.models import EscalationLevel
from deskbell.oncall.rules import start_instant

FARTHEST: Final = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Question:
    """A day, a time and a level as they were typed; `errors` by field where they make no sense."""

    day: str
    clock: str
    level: EscalationLevel | None
    at: datetime | None
    errors: Mapping[str, str]


def read(
    given: Mapping[str, Any],
    levels: Sequence[EscalationLevel],
    *,
    now: datetime,
    zone: ZoneInfo,
) -> Question:
    """Reads a query string; what is left out is now, and the first level.

    A time that the clocks skip is the first one after it, one that comes twice the first.
    """
    local = now.astimezone(zone)
    day = str(given.get("date", "")).strip() or f"{local:%Y-%m-%d}"
    clock = str(given.get("time", "")).strip() or f"{local:%H:%M}"
    errors: dict[str, str] = {}
    read_day = _day(day, local.date(), errors)
    read_clock = _clock(clock, errors)
    level = _level(str(given.get("level", "")), levels, errors)
    at = None
    if read_day and read_clock and not errors:
        at = start_instant(datetime.combine(read_day, read_clock), zone)
    return Question(day, clock, level, at, errors)


def _day(text: str, today: date, errors: dict[str, str]) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        errors["date"] = "Type a day, as 2026-12-24."
        return None
    if abs(found - today) > FARTHEST:
        errors["date"] = "Choose a day within ten years."
    return found


def _clock(text: str, errors: dict[str, str]) -> time | None:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        errors["time"] = "Type a time, as 18:30."
        return None


def _level(
    text: str, levels: Sequence[EscalationLevel], errors: dict[str, str]
) -> EscalationLevel | None:
    first = levels[0] if levels else None
    if not text:
        return first
    found = next((each for each in levels if str(each.pk) == text), None)
    if found is None:
        errors["level"] = "This level is not there any more; choose another."
    return found or first
