"""All that holds on some levels between two instants, read in a constant number of queries.

Instances are computed from the rules of the events, which the rows of occurrences only choose: so
every instance is known with the day and the wall-clock times that it has on the calendar.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from deskbell.accounts.models import Account
from deskbell.contacts.models import DeliveryMethod

from ..models import EscalationLevel, Event, Occurrence, Override
from ..rules import Change, Duty, Held, Span, dates, span_on
from .calendars import levels
from .duties import counts
from .shapes import Way, Who
from .shifts import shift_of, zone_of

_DAYS = timedelta(days=2)  # more than any offset from UTC


@dataclass(frozen=True, slots=True)
class Team:
    """Who a shift or an override puts on call, and by what."""

    contacts: tuple[Who, ...]
    methods: tuple[Way, ...]

    @property
    def duties(self) -> tuple[Duty, ...]:
        """The same for the rules."""
        return tuple(Duty(method.id, method.contact_id) for method in self.methods)


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance of an event."""

    event: Event
    team: Team
    day: date
    wall_start: datetime
    wall_end: datetime
    span: Span

    @property
    def held(self) -> Held:
        """The same for the rules."""
        return Held(self.span, self.team.duties)


@dataclass(frozen=True, slots=True)
class Cover:
    """One override."""

    override: Override
    team: Team
    span: Span

    @property
    def held(self) -> Held:
        """The same for the rules; one that lost all that it put in does nothing."""
        kind, contact_id = str(self.override.kind), self.override.contact_id
        if not counts(kind, self.team.methods):
            return Held(self.span)
        return Held(self.span, change=Change(kind, contact_id, self.team.duties))


@dataclass(frozen=True, slots=True)
class Scene:
    """What holds on levels, in the order of the levels. Overrides of all levels stand at each."""

    account: Account
    levels: Sequence[EscalationLevel]
    zone: ZoneInfo
    instances: Mapping[int, Sequence[Instance]]
    covers: Mapping[int, Sequence[Cover]]

    def names(self) -> Mapping[int, Who]:
        """The contacts of the scene by their ids."""
        teams = [each.team for found in self.instances.values() for each in found]
        teams += [each.team for found in self.covers.values() for each in found]
        return {contact.id: contact for team in teams for contact in team.contacts}


def scene(
    account_id: int, *, since: datetime, until: datetime, level_ids: Collection[int] | None = None
) -> Scene:
    """What touches the time from `since` up to `until` on the account's levels, or on some.

    Six queries at most.
    """
    shown = levels().filter(account_id=account_id)
    if level_ids is not None:
        shown = shown.filter(pk__in=level_ids)
    found = list(shown.select_related("account"))
    account = found[0].account if found else Account.objects.get(pk=account_id)
    ids, zone = [level.pk for level in found], zone_of(account)
    return Scene(
        account=account,
        levels=found,
        zone=zone,
        instances=_instances(ids, zone, since, until),
        covers=_covers(account_id, ids, since, until),
    )


def _instances(
    ids: Collection[int], zone: ZoneInfo, since: datetime, until: datetime
) -> Mapping[int, Sequence[Instance]]:
    rows = Occurrence.objects.filter(event=OuterRef("pk"), span__overlap=(since, until))
    reaching = Q(expanded_until__lte=until) | Q(expanded_from__gt=since)
    events = Event.objects.filter(Q(Exists(rows)) | reaching, level_id__in=ids)
    by_level: dict[int, list[Instance]] = defaultdict(list)
    found = list(events.order_by("pk"))
    teams = _teams("event", found)
    for event in found:
        made = _instances_of(event, teams[event.pk], zone, since, until)
        by_level[event.level_id].extend(made)
    for instances in by_level.values():
        instances.sort(key=lambda each: (each.span.start, each.event.pk))
    return by_level


def _instances_of(
    event: Event, team: Team, zone: ZoneInfo, since: datetime, until: datetime
) -> Iterator[Instance]:
    shift = shift_of(event)
    lasts = shift.ends - shift.starts
    first = (since.astimezone(zone) - lasts - _DAYS).date()
    for day in dates(shift, first, (until.astimezone(zone) + _DAYS).date()):
        span = span_on(shift, zone, day)
        if span.start < until and span.end > since and span.start < span.end:
            starts = datetime.combine(day, shift.starts.time())
            yield Instance(event, team, day, starts, starts + lasts, span)


def _covers(
    account_id: int, ids: Collection[int], since: datetime, until: datetime
) -> Mapping[int, Sequence[Cover]]:
    about = Q(level=None) | Q(level_id__in=ids)
    overrides = Override.objects.filter(about, account_id=account_id, span__overlap=(since, until))
    by_level: dict[int, list[Cover]] = defaultdict(list)
    found = list(overrides.select_related("contact").order_by("pk"))
    teams = _teams("override", found)
    for override in found:
        span = Span(override.span.lower, override.span.upper)
        cover = Cover(override, teams[override.pk], span)
        for level_id in ids if override.level_id is None else [override.level_id]:
            by_level[level_id].append(cover)
    return by_level


_NOBODY = Team((), ())


def _teams(kind: str, of: Sequence[Event | Override]) -> Mapping[int, Team]:
    """Whom each of them, of one kind, puts on call, by its id: one query.

    Plain columns, because hundreds of related rows cost Django more than they cost PostgreSQL.
    """
    ways: dict[int, list[Way]] = defaultdict(list)
    names: dict[int, str] = {}
    for whose, name, *way in _links(kind, [each.pk for each in of]) if of else ():
        ways[whose].append(Way(*way))
        names[ways[whose][-1].contact_id] = name
    teams = {whose: _team(found, names) for whose, found in ways.items()}
    return {each.pk: teams.get(each.pk, _NOBODY) for each in of}


def _links(kind: str, ids: Collection[int]) -> QuerySet[DeliveryMethod, tuple[Any, ...]]:
    """What puts whom on call: its id, the contact's name, and the method as a `Way` has it."""
    whose = {"event": "events", "override": "overrides"}[kind]
    found = DeliveryMethod.objects.filter(**{f"{whose}__in": ids})
    return found.values_list(whose, "contact__name", "id", "kind", "address", "contact_id")


def _team(ways: Sequence[Way], names: Mapping[int, str]) -> Team:
    contacts = {Who(way.contact_id, names[way.contact_id]) for way in ways}
    in_order = sorted(contacts, key=lambda who: (who.name, who.id))
    return Team(tuple(in_order), tuple(sorted(ways)))
