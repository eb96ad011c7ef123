"""Kinds of parameters that several resources take, each strict about its spelling."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from ninja import Field, Path, Schema
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

_DAY = re.compile(r"(\d{2})-(\d{2})-(\d{4})", re.ASCII)
_ID = re.compile(r"\d{1,18}", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1900, 2999


def read_day(text: str) -> date:
    """A day from MM-DD-YYYY (seed 000, "List messages"). Raises ValueError for anything else."""
    found = _DAY.fullmatch(text)
    if not found:
        raise ValueError("a day is MM-DD-YYYY")
    month, day, year = (int(part) for part in found.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"a day is between {FIRST_YEAR} and {LAST_YEAR}")
    return date(year, month, day)


def read_instant(text: str) -> datetime:
    """An instant in UTC from ISO 8601 with an offset. Raises ValueError for anything else."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError("an instant is 2025-01-21T22:08:20.671Z, with Z or an offset")
    return found.astimezone(UTC)


def read_id(text: str) -> int:
    """A row's id from its digits. Raises ValueError for anything else."""
    if not _ID.fullmatch(text):
        raise ValueError("an id is a whole number")
    return int(text)


def read_text(text: str) -> str:
    """The text. Raises ValueError for one that PostgreSQL cannot hold."""
    if "\0" in text:
        raise ValueError("a text has no NUL characters")
    return text


Day = Annotated[
    date,
    BeforeValidator(read_day),
    WithJsonSchema({"type": "string", "pattern": r"^\d{2}-\d{2}-\d{4}$"}),
]
Instant = Annotated[
    datetime,
    BeforeValidator(read_instant),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Id = Annotated[
    int,
    Path(),
    BeforeValidator(read_id),
    WithJsonSchema({"type": "integer", "minimum": 0, "description": "Its id."}),
]
Text = Annotated[str, AfterValidator(read_text)]


class Days(Schema):
    """From which day to which, both included; a list's filters inherit them."""

    from_date: Day | None = Field(
        None, description="From this day on, MM-DD-YYYY in the account's time zone."
    )
    to_date: Day | None = Field(
        None, description="Up to this day and with it, MM-DD-YYYY in the account's time zone."
    )

    @field_validator("to_date")
    @classmethod
    def _is_not_before(cls, to_date: date | None, known: ValidationInfo) -> date | None:
        from_date = known.data.get("from_date")
        if to_date and from_date and to_date < from_date:
            raise ValueError("to_date is the same day as from_date or a later one")
        return to_date

    def since(self, zone: str) -> datetime | None:
        """The first instant that is meant, in UTC, on the wall clock of an IANA zone."""
        return start_of(self.from_date, zone) if self.from_date else None

    def until(self, zone: str) -> datetime | None:
        """The first instant after all that are meant, in UTC."""
        return end_of(self.to_date, zone) if self.to_date else None


def start_of(day: date, zone: str) -> datetime:
    """The first instant of a day on the wall clock of an IANA zone, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def end_of(day: date, zone: str) -> datetime:
    """The first instant after a day on the wall clock of an IANA zone, in UTC."""
    return start_of(day + timedelta(days=1), zone)
