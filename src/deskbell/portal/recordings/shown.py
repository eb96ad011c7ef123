"""What the pages say of recordings: rows with their sounds, messages and what was said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.calls.models import Recording
from deskbell.calls.queries import recordings
from deskbell.foundation.numbers import for_people
from deskbell.messages.models import Message

from .asked import Asked, Meant, headers, meant

PER_PAGE = 25
MOST_NUMBERS = 200
UNKNOWN = "Unknown caller"


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording as a page plays it; its addresses ask for the right each time."""

    recording: Recording
    message_id: int | None = None

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.recording.seconds

    @property
    def audio_url(self) -> str:
        """Where a fresh signed link is made."""
        return reverse("recordings:audio", args=[self.recording.pk])

    @property
    def file_url(self) -> str:
        """The same for a file to save."""
        return f"{self.audio_url}?file=1"

    @property
    def wave_url(self) -> str:
        """Its picture."""
        return reverse("recordings:wave", args=[self.recording.pk])

    @property
    def caller(self) -> str:
        """Who called: a name, else the number as people write it."""
        return self.recording.call.caller_name or self.number or UNKNOWN

    @property
    def number(self) -> str:
        """The caller's number as people write it."""
        return for_people(self.recording.call.caller_id)

    @property
    def called(self) -> str:
        """The number that was called, as people write it."""
        call = self.recording.call
        return for_people(call.phone_number.number if call.phone_number else call.number_dialed)


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list of recordings."""

    asked: Asked
    meant: Meant
    rows: Sequence[Heard]
    total: int

    @property
    def first(self) -> int:
        """The number of the first row, from 1; 0 for an empty list."""
        return (self.asked.page - 1) * PER_PAGE + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The number of the last row."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def previous(self) -> str:
        """The query string of the page before; empty on the first."""
        return self.asked.on_page(self.asked.page - 1).query if self.asked.page > 1 else ""

    @property
    def next(self) -> str:
        """The query string of the page that follows; empty on the last."""
        return self.asked.on_page(self.asked.page + 1).query if self.last < self.total else ""


def listing_of(account: Account, asked: Asked) -> Listing:
    """The page asked for, in three queries at most four; one past the end gives the last one."""
    means = meant(account, asked)
    found = recordings(means.wanted, sort=asked.sort, descending=asked.dir == "desc")
    total = found.count()
    asked = asked.on_page(min(asked.page, max(1, -(-total // PER_PAGE))))
    start = (asked.page - 1) * PER_PAGE
    return Listing(asked, means, heard(found[start : start + PER_PAGE]), total)


def heard(found: Iterable[Recording]) -> list[Heard]:
    """Recordings with the ids of their messages; one query beside that of the rows."""
    rows = list(found)
    named = Message.objects.filter(recording_id__in=[row.pk for row in rows])
    messages = dict(named.values_list("recording_id", "pk"))
    return [Heard(row, messages.get(row.pk)) for row in rows]


def list_context(account: Account, asked: Asked) -> dict[str, Any]:
    """What the list's templates show."""
    listing = listing_of(account, asked)
    is_empty = not listing.rows and not asked.is_narrowed
    return {
        "list": listing,
        "asked": listing.asked,
        "errors": listing.meant.errors,
        "headers": headers(listing.asked),
        "numbers": [] if is_empty else _numbers(account, listing.meant.number),
        "is_empty": is_empty,
        "days": account.recording_days,
    }


def _numbers(account: Account, chosen: PhoneNumber | None) -> list[tuple[str, str, bool]]:
    """The account's numbers to choose from: value, words, whether it is the chosen one."""
    rows = PhoneNumber.objects.filter(account_id=account.pk).order_by("digits")[:MOST_NUMBERS]
    return [(row.digits, for_people(row.number), row == chosen) for row in rows]
