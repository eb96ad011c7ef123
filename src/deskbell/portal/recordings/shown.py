"""What the pages say of recordings: rows with their sounds, messages and what was said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.calls.models import Recording
from deskbell.calls.queries import agents, recordings
from deskbell.foundation.numbers import for_people
from deskbell.messages.models import Message

from ..lists import listing
from .asked import Asked, headers, meant

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


def heard(found: Iterable[Recording]) -> list[Heard]:
    """Recordings with the ids of their messages; one query beside that of the rows.

    A talk that is no message itself has the first that a receptionist took in its call.
    """
    rows = list(found)
    spoken = Q(recording_id__in=[row.pk for row in rows])
    written = Q(recording_id=None, call_id__in=[row.call_id for row in rows])
    named = Message.objects.filter(spoken | written).order_by("-pk")
    messages: dict[tuple[int | None, int | None], int] = {
        (recording_id, None if recording_id else call_id): message_id
        for recording_id, call_id, message_id in named.values_list("recording_id", "call_id", "pk")
    }
    return [
        Heard(row, messages.get((row.pk, None)) or messages.get((None, row.call_id)))
        for row in rows
    ]


def list_context(account: Account, asked: Asked) -> dict[str, Any]:
    """What the list's templates show; three queries for its rows, two for what can be chosen, and
    one where a number is asked for."""
    means = meant(account, asked)
    found = recordings(means.wanted, sort=asked.sort, descending=asked.dir == "desc")
    page = listing(found, asked, heard)
    is_empty = not page.rows and not asked.is_narrowed
    return {
        "list": page,
        "asked": page.asked,
        "errors": means.errors,
        "headers": headers(page.asked),
        "numbers": [] if is_empty else _numbers(account, means.number),
        "agents": [] if is_empty else _agents(asked),
        "is_empty": is_empty,
        "days": account.recording_days,
    }


def _numbers(account: Account, chosen: PhoneNumber | None) -> list[tuple[str, str, bool]]:
    """The account's numbers to choose from: value, words, whether it is the chosen one."""
    rows = PhoneNumber.objects.filter(account_id=account.pk).order_by("digits")[:MOST_NUMBERS]
    return [(row.digits, for_people(row.number), row == chosen) for row in rows]


def _agents(asked: Asked) -> list[tuple[str, str, bool]]:
    """The receptionists to choose from: value, name, whether it is the chosen one."""
    return [(str(pk), name, str(pk) == asked.agent) for pk, name in agents()]
