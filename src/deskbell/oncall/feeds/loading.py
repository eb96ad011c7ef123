"""Feeds out of the database: what a token opens, and in which version.

Source: design, on call, "Feeds".
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from deskbell.contacts.models import Contact
from deskbell.foundation.errors import NotFound
from deskbell.platform.changes import version_of

from ..models import EscalationLevel, Event, Frequency, Override
from ..queries import levels, shift_of
from ..rules import Change, Duty, Span
from .calendars import ics
from .links import Named
from .rosters import Cover, Roster, Series

_FORM = 1  # raise it where the same calendar is written otherwise
_LONGEST = timedelta(days=370)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that a token opens: what it is called, and the tag of its present content."""

    named: Named
    title: str
    zone: ZoneInfo
    begin: datetime
    etag: str


def opened(named: Named, at: datetime) -> Feed:
    """The feed of a level or a contact, without its content: two short queries.

    Needs the scope of the token's account. Raises NotFound where the level or contact is gone, or
    has got another link. A feed goes back to the first of this month a year ago.
    """
    found = _owner(named)
    if found is None:
        raise NotFound("This link leads nowhere any more: ask for the present one")
    title, zone = found
    begin = datetime(at.year - 1, at.month, 1, tzinfo=UTC)
    parts = [_FORM, named, title, zone, begin, version_of(named.account_id)]
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
    return Feed(named, title, ZoneInfo(zone), begin, f'W/"{digest}"')


def _owner(named: Named) -> tuple[str, str] | None:
    """The name of the level or contact, and its account's zone."""
    rows: QuerySet[EscalationLevel] | QuerySet[Contact] = (
        Contact.objects.all() if named.kind == "contact" else EscalationLevel.objects.all()
    )
    found = rows.filter(pk=named.id, feed_revision=named.revision)
    return found.values_list("name", "account__time_zone").first()


def content(feed: Feed, at: datetime) -> bytes:
    """A feed's text: five queries, however many shifts there are."""
    return ics(roster(feed, at))


def roster(feed: Feed, at: datetime) -> Roster:
    """What a feed shows."""
    named = feed.named
    only = named.id if named.kind == "contact" else None
    shown = levels() if only is not None else levels().filter(pk=named.id)
    names: dict[int, str] = {}
    covers = _covers(feed, names)
    events = Event.objects.filter(account_id=named.account_id)
    wanted: set[int] | None = None
    if only is None:
        events = events.filter(level_id=named.id)
    else:
        wanted = {only, *(each.change.contact_id for each in covers if each.change.contact_id)}
    return Roster(
        title=f"{feed.title}: on call" if only is not None else feed.title,
        zone=feed.zone,
        series=tuple(_series(events, wanted, feed.begin, names)),
        covers=covers,
        names=names,
        levels=dict(shown.values_list("pk", "name")),
        begin=feed.begin,
        stamp=at.astimezone(UTC),
        only=only,
    )


def _covers(feed: Feed, names: dict[int, str]) -> tuple[Cover, ...]:
    """The overrides that are not over, as they were set; fills in the names of who stands in."""
    rows = Override.objects.filter(account_id=feed.named.account_id, span__endswith__gt=feed.begin)
    if feed.named.kind == "level":
        rows = rows.filter(Q(level_id=feed.named.id) | Q(level_id=None))
    found = list(rows.order_by("pk"))
    duties = _duties(Override.methods.through.objects.filter(override__in=found), "override", names)
    return tuple(
        Cover(
            uid=str(row.uid),
            level_id=row.level_id,
            span=Span(row.span.lower, row.span.upper),
            change=Change(str(row.kind), row.contact_id, tuple(duties.get(row.pk, ()))),
        )
        for row in found
    )


def _duties(through: QuerySet[Any], owner: str, names: dict[int, str]) -> dict[int, list[Duty]]:
    """What events or overrides put on duty, by their id; fills in the contacts' names."""
    found: dict[int, list[Duty]] = defaultdict(list)
    for owner_id, method_id, contact_id, name in through.order_by("deliverymethod_id").values_list(
        f"{owner}_id",
        "deliverymethod_id",
        "deliverymethod__contact_id",
        "deliverymethod__contact__name",
    ):
        found[owner_id].append(Duty(method_id, contact_id))
        names[contact_id] = name
    return found


def _series(
    events: QuerySet[Event], wanted: set[int] | None, begin: datetime, names: dict[int, str]
) -> Iterable[Series]:
    """The events that are not over and have somebody on duty; of `wanted` contacts only."""
    day = begin - _LONGEST
    over = Q(frequency=Frequency.ONCE, ends__lt=begin - timedelta(days=2)) | Q(until__lt=day.date())
    rows = events.exclude(over).order_by("pk")
    through = Event.methods.through.objects.filter(event__in=rows)
    if wanted is not None:
        through = through.filter(deliverymethod__contact_id__in=wanted)
    duties = _duties(through, "event", names)
    for event in rows.filter(pk__in=duties) if wanted is not None else rows:
        if event.pk in duties:
            yield Series(
                id=event.pk,
                uid=str(event.uid),
                level_id=event.level_id,
                shift=shift_of(event),
                duties=tuple(duties[event.pk]),
                part_of=event.part_of_id,
                original=event.original,
            )
