"""All that holds on some levels between two instants, read in a constant number of queries.

Instances are computed from the rules of the events, which the rows of occurrences only choose: so
every instance is known with the day and the wall-clock times that it has on the calendar.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Prefetch, Q

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
    for event in events.prefetch_related(_methods()).order_by("pk"):
        by_level[event.level_id].extend(_instances_of(event, zone, since, until))
    for found in by_level.values():
        found.sort(key=lambda each: (each.span.start, each.event.pk))
    return by_level


def _instances_of(
    event: Event, zone: ZoneInfo, since: datetime, until: datetime
) -> Iterator[Instance]:
    shift, team = shift_of(event), _team(event.methods.all())
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
    found = overrides.select_related("contact").prefetch_related(_methods())
    for override in found.order_by("pk"):
        cover = Cover(
            override,
            _team(override.methods.all()),
            Span(override.span.lower, override.span.upper),
        )
        for level_id in ids if override.level_id is None else [override.level_id]:
            by_level[level_id].append(cover)
    return by_level


def _methods() -> Prefetch[str]:
    """The methods with their contacts, in one query."""
    return Prefetch("methods", DeliveryMethod.objects.select_related("contact"))


def _team(methods: Collection[DeliveryMethod]) -> Team:
    contacts = {method.contact_id: method.contact.name for method in methods}
    in_order = sorted((Who(*each) for each in contacts.items()), key=lambda who: (who.name, who.id))
    ways = (Way(each.pk, each.kind, each.address, each.contact_id) for each in methods)
    return Team(tuple(in_order), tuple(sorted(ways)))
