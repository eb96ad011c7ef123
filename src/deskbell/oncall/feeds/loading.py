"""Feeds out of the database: what a token opens, and in which version.

Source: design, on call, "Feeds".
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from deskbell.foundation.errors import NotFound

from ..queries import levels
from .calendars import ics
from .links import Named
from .rosters import Roster
from .rows import covers_of, owner_of, series_of

_FORM = 1  # raise it where the same calendar is written otherwise


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that a token opens: what it is called, and the tag of its present content."""

    named: Named
    title: str
    zone: ZoneInfo
    begin: datetime
    etag: str


def opened(named: Named, at: datetime) -> Feed:
    """The feed of a level or a contact, without its content: one indexed query.

    Needs the scope of the token's account. Raises NotFound where the level or contact is gone, or
    has got another link. A feed goes back to the first of this month a year ago.
    """
    found = owner_of(named)
    if found is None:
        raise NotFound("This link leads nowhere any more: ask for the present one")
    title, zone, version = found
    begin = datetime(at.year - 1, at.month, 1, tzinfo=UTC)
    parts = [_FORM, named, title, zone, begin, version]
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
    return Feed(named, title, ZoneInfo(zone), begin, f'W/"{digest}"')


def content(feed: Feed, at: datetime) -> bytes:
    """A feed's text: three queries at most, however many shifts there are."""
    return ics(roster(feed, at))


def roster(feed: Feed, at: datetime) -> Roster:
    """What a feed shows."""
    named = feed.named
    names: dict[int, str] = {}
    covers = covers_of(named, feed.begin, names)
    only, wanted = None, None
    if named.kind == "contact":
        only = named.id
        wanted = {only, *(each.change.contact_id for each in covers if each.change.contact_id)}
        shown = dict(levels().values_list("pk", "name"))
    else:
        shown = {named.id: feed.title}
    return Roster(
        title=feed.title if only is None else f"{feed.title}: on call",
        zone=feed.zone,
        series=tuple(series_of(named, feed.begin, wanted, names)),
        covers=covers,
        names=names,
        levels=shown,
        begin=feed.begin,
        stamp=at.astimezone(UTC),
        only=only,
    )
