"""Reads of recordings, in the scope of an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import F, Q, QuerySet

from deskbell.foundation.errors import NotFound
from deskbell.foundation.numbers import digits_of

from .. import pieces
from ..models import Recording

SORTS: Final = {
    "id": "id",
    "started_at": "started_at",
    "from": "call__caller_id",
    "number": "call__number_dialed",
    "agent": "call__agent_name",
    "seconds": "seconds",
}
_MOST_WORDS: Final = 20
_LEAST_DIGITS: Final = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of recordings is of; everything that is given must hold.

    `since` is inside, `until` outside; `number_ids` are phone numbers that were called, `agent_id`
    is the receptionist who took the call.
    """

    search: str = ""
    since: datetime | None = None
    until: datetime | None = None
    number_ids: frozenset[int] = frozenset()
    agent_id: int | None = None


def recording(sid: str) -> Recording:
    """One recording with its call and number. Raises NotFound."""
    found = Recording.objects.select_related("call__phone_number").filter(sid=sid).first()
    if found is None:
        raise NotFound(f"There is no recording {sid}")
    return found


def recordings(
    wanted: Wanted | None = None, *, sort: str = "started_at", descending: bool = True
) -> QuerySet[Recording]:
    """Recordings that can be heard, with their calls and numbers, in one of the orders of SORTS."""
    asked = wanted or Wanted()
    found = Recording.objects.select_related("call__phone_number").exclude(audio="")
    if asked.since is not None:
        found = found.filter(started_at__gte=asked.since)
    if asked.until is not None:
        found = found.filter(started_at__lt=asked.until)
    if asked.number_ids:
        found = found.filter(call__phone_number_id__in=asked.number_ids)
    if asked.agent_id is not None:
        found = found.filter(call__agent_id=asked.agent_id)
    for word in asked.search.replace("\0", "").split()[:_MOST_WORDS]:
        found = found.filter(_has(word))
    column = F(SORTS[sort])
    order = "-id" if descending else "id"
    return found.order_by(column.desc() if descending else column.asc(), order)


def agents() -> list[tuple[int, str]]:
    """The receptionists who took calls that can be heard: their users' ids and names, by name."""
    taken = Recording.objects.exclude(audio="").exclude(call__agent_id=None)
    found = taken.order_by().values_list("call__agent_id", "call__agent_name").distinct()
    names = {pk: name for pk, name in found if pk is not None}
    return sorted(names.items(), key=lambda each: each[1])


def _has(word: str) -> Q:
    """Whether a word is in who called, what was called, who answered, or what was said."""
    where = Q()
    for column in ("caller_id", "caller_name", "number_dialed", "agent_name"):
        where |= Q(**{f"call__{column}__icontains": word})
    where |= Q(transcript__icontains=word)
    digits = digits_of(word)
    if len(digits) >= _LEAST_DIGITS and digits != word and not any(map(str.isalpha, word)):
        where |= Q(call__caller_id__contains=digits) | Q(call__number_dialed__contains=digits)
    return where


def has_audio(sid: str, sha256: str) -> bool:
    """Whether the recording already has exactly this audio."""
    return Recording.objects.filter(sid=sid, sha256=sha256).exists()


def received(sid: str) -> int:
    """How many bytes of a recording are here: all of it, or what came in pieces so far."""
    found = Recording.objects.filter(sid=sid).exclude(audio="").first()
    return found.audio.size if found is not None else pieces.received(sid)
