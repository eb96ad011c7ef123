"""What the filters of a list of messages mean: which messages are wanted, what is wrong with what
was written, and the chips that take a filter away again.

A filter that is wrong narrows nothing; what was written stays in its field, with the reason beside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils import timezone

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.foundation.dates import date_words
from deskbell.foundation.numbers import for_people
from deskbell.messages.queries import Wanted
from deskbell.reports.messages import STATUSES, Meant, meant

from .asked import Asked

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
    """What `asked` means in the current time zone, in which the list is told.

    Needs the account's scope; one query where a number is asked for, else none.
    """
    found = meant(account, asked.filters, timezone.get_current_timezone())
    chips = tuple(
        Chip(name, words, asked.without(name).query or "?")
        for name, words in _in_words(asked, found)
    )
    return Narrowed(found.wanted, found.errors, chips)


def _in_words(asked: Asked, found: Meant) -> Iterator[tuple[str, str]]:
    if found.days.first:
        yield "from_date", f"From {date_words(found.days.first)}"
    if found.days.last:
        yield "to_date", f"To {date_words(found.days.last)}"
    if found.number:
        yield "number", f"Number {number_words(found.number)}"
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
