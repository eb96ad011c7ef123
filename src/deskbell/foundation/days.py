"""Days as people write them into filters, and the time between two of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from .dates import date_words

FIRST: Final = date(2000, 1, 1)
LAST: Final = date(2199, 12, 31)
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_AMERICAN: Final = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})", re.ASCII)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """From a day to another on the clocks of a zone, both inside; None where there is no end."""

    first: date | None = None
    last: date | None = None
    zone: tzinfo = UTC

    @property
    def since(self) -> datetime | None:
        """When the first begins."""
        return self._midnight(self.first) if self.first else None

    @property
    def until(self) -> datetime | None:
        """When the last is over."""
        return self._midnight(self.last + _DAY) if self.last else None

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)


def read_days(from_date: str, to_date: str, errors: dict[str, str], zone: tzinfo) -> Days:
    """The days between which something is wanted. What is wrong is no end, and its reason stands in
    `errors` under `from_date` or `to_date`."""
    first = _checked(from_date, "from_date", errors)
    last = _checked(to_date, "to_date", errors)
    if first and last and last < first:
        errors["to_date"] = f"Ends before it begins: choose {date_words(first)} or a later day."
        last = None
    return Days(first, last, zone)


def read_day(written: str) -> date | None:
    """A day as 2026-03-04, 3/4/2026 or 03-04-2026; None for what is none, or is far away."""
    read = _any_day(written)
    return read if read and FIRST <= read <= LAST else None


def _any_day(written: str) -> date | None:
    if found := _ISO.fullmatch(written):
        year, month, day = map(int, found.groups())
    elif found := _AMERICAN.fullmatch(written):
        month, day, year = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _checked(written: str, name: str, errors: dict[str, str]) -> date | None:
    read = read_day(written)
    if _any_day(written) and read is None:
        errors[name] = f"Choose a day from {FIRST.year} to {LAST.year}."
    elif written and read is None:
        errors[name] = f"“{written}” is not a day: write it as 3/24/2026."
    return read
