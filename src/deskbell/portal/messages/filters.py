"""What the filters of a list of messages mean: which messages are wanted, what is wrong with what
was written, and the chips that take a filter away again.

A filter that is wrong narrows nothing; what was written stays in its field, with the reason beside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.accounts.queries import numbers_written
from deskbell.foundation.dates import date_words
from deskbell.foundation.numbers import for_people
from deskbell.messages.queries import Wanted

from .asked import STATUSES, Asked

FIRST: Final = date(2000, 1, 1)
LAST: Final = date(2199, 12, 31)
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_AMERICAN: Final = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})", re.ASCII)
_DAY: Final = timedelta(days=1)
_LABELS: Final = {"from_date": "From", "to_date": "To", "number": "Number"}


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in words, and the query string of the list without it."""

    name: str
    words: str
    query: str


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which messages are wanted; `errors` by the names of fields, `wrong` by their labels."""

    wanted: Wanted
    errors: Mapping[str, str] = field(default_factory=dict)
    chips: tuple[Chip, ...] = ()

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """The filters that are left out, with the reasons."""
        return [(_LABELS[name], words) for name, words in self.errors.items()]


def narrowed(account: Account, asked: Asked) -> Narrowed:
    """What `asked` means in the account's time zone, which must be the current one.

    Needs the account's scope; one query where a number is asked for, else none.
    """
    errors: dict[str, str] = {}
    first = _day(asked, "from_date", errors)
    last = _day(asked, "to_date", errors)
    if first and last and last < first:
        errors["to_date"] = f"Ends before it begins: choose {date_words(first)} or a later day."
        last = None
    number = _number(account, asked, errors)
    wanted = Wanted(
        tab=asked.tab,
        search=asked.q,
        since=_midnight(first) if first else None,
        until=_midnight(last + _DAY) if last else None,
        number_ids=frozenset({number.pk} if number else ()),
        status=asked.status,
        is_emergency=True if asked.emergency else None,
        has_recording=True if asked.recording else None,
    )
    chips = tuple(
        Chip(name, words, asked.without(name).query or "?")
        for name, words in _in_words(asked, first, last, number)
    )
    return Narrowed(wanted, errors, chips)


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


def _day(asked: Asked, name: str, errors: dict[str, str]) -> date | None:
    written = getattr(asked, name)
    read = read_day(written)
    if _any_day(written) and read is None:
        errors[name] = f"Choose a day from {FIRST.year} to {LAST.year}."
    elif written and read is None:
        errors[name] = f"“{written}” is not a day: write it as 3/24/2026."
    return read


def _number(account: Account, asked: Asked, errors: dict[str, str]) -> PhoneNumber | None:
    if not asked.number:
        return None
    found = numbers_written(account, [asked.number]).get(asked.number)
    if found is None:
        errors["number"] = f"“{asked.number}” is not one of this account's numbers."
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_current_timezone())


def _in_words(
    asked: Asked, first: date | None, last: date | None, number: PhoneNumber | None
) -> Iterator[tuple[str, str]]:
    if first:
        yield "from_date", f"From {date_words(first)}"
    if last:
        yield "to_date", f"To {date_words(last)}"
    if number:
        yield "number", f"Number {number_words(number)}"
    if asked.status:
        yield "status", STATUSES[asked.status]
    if asked.emergency:
        yield "emergency", "Emergencies"
    if asked.recording:
        yield "recording", "With recording"


def number_words(number: PhoneNumber) -> str:
    """A number as a person chooses it: as people write it, with its company's name."""
    shown = for_people(number.number)
    return f"{shown}, {number.company_name}" if number.company_name else shown
