"""Reading the log: newest first, by the page, however long it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from .models import Entry

PER_PAGE: Final = 50
CHUNK: Final = 1000
Key = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: of a person (part of a name or address), of some acts, a door, between two
    times, with every word of a search, of an account (part of its name or number)."""

    person: str = ""
    search: str = ""
    door: str = ""
    acts: frozenset[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    account: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, newest first; the ids beside which the pages before and after it begin."""

    rows: Sequence[Entry]
    newer: int | None
    older: int | None


def entries(wanted: Wanted) -> QuerySet[Entry]:
    """The entries that are wanted, newest first, with their people and accounts. Needs a scope."""
    found = Entry.objects.select_related("who", "account").order_by("-at", "-id")
    for asked in (_who(wanted), _what(wanted), _when(wanted)):
        found = found.filter(asked)
    if wanted.account:
        name = wanted.account
        found = found.filter(Q(account__name__icontains=name) | Q(account__number__iexact=name))
    words = wanted.search.split()
    if words:
        found = found.annotate(changed=Cast("changes", TextField()))
    for word in words:
        found = found.filter(_has(word))
    return found


def _who(wanted: Wanted) -> Q:
    if not wanted.person:
        return Q()
    fields = ("who_name", "who__name", "on_behalf")
    return _any(fields, wanted.person)


def _what(wanted: Wanted) -> Q:
    asked = Q(door=wanted.door) if wanted.door else Q()
    return asked if wanted.acts is None else asked & Q(act__in=wanted.acts)


def _when(wanted: Wanted) -> Q:
    since = Q(at__gte=wanted.since) if wanted.since else Q()
    return since & Q(at__lt=wanted.until) if wanted.until else since


def _has(word: str) -> Q:
    return _any(("words", "subject", "address", "changed"), word)


def _any(fields: Sequence[str], text: str) -> Q:
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__icontains": text})
    return found


def page(wanted: Wanted, *, before: int | None = None, after: int | None = None) -> Page:
    """The page of entries older than `before`, or the one newer than `after`, else the newest.

    Both are ids of entries; one that is no more gives the newest. Three statements at most, each
    over no more rows than it gives.
    """
    found = entries(wanted)
    key = _key(before or after)
    if key is not None and after and not before:
        newer = found.filter(_newer(key)).order_by("at", "id")[: PER_PAGE + 1]
        part = list(newer)
        rows = part[:PER_PAGE][::-1]
        return Page(rows, rows[0].pk if rows and len(part) > PER_PAGE else None, after_of(rows))
    if key is not None:
        found = found.filter(_older(key))
    part = list(found[: PER_PAGE + 1])
    rows = part[:PER_PAGE]
    older = rows[-1].pk if len(part) > PER_PAGE else None
    return Page(rows, rows[0].pk if rows and key is not None else None, older)


def after_of(rows: Sequence[Entry]) -> int | None:
    """Beside which entry the page after these begins; they came from there."""
    return rows[-1].pk if rows else None


def _key(pk: int | None) -> Key | None:
    return Entry.objects.filter(pk=pk).values_list("at", "pk").first() if pk else None


# Written so that the index finds the place.
def _older(key: Key) -> Q:
    return Q(at__lte=key[0]) & (Q(at__lt=key[0]) | Q(pk__lt=key[1]))


def _newer(key: Key) -> Q:
    return Q(at__gte=key[0]) & (Q(at__gt=key[0]) | Q(pk__gt=key[1]))


def parts(wanted: Wanted) -> Iterator[list[Entry]]:
    """All that are wanted, newest first, some at a time. Each part is read in the scope that is
    entered when it is asked for."""
    key: Key | None = None
    while True:
        found = entries(wanted)
        part = list((found.filter(_older(key)) if key else found)[:CHUNK])
        yield part
        if len(part) < CHUNK:
            return
        key = (part[-1].at, part[-1].pk)
