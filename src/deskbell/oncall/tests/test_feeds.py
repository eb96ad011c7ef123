"""Feeds, read back with icalendar and recurring-ical-events: the same shifts as ours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events  # type: ignore[import-untyped]
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskbell.accounts.models import Account
from deskbell.contacts.actions import remove_method
from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.foundation.errors import InvalidInput
from deskbell.oncall import actions, feeds, queries, rules
from deskbell.oncall.actions import Scope
from deskbell.oncall.feeds.calendars import ics
from deskbell.oncall.feeds.rosters import Cover, Roster, Series
from deskbell.oncall.models import EscalationLevel
from deskbell.oncall.rules import Change, Duty, Shift, Span

ZONES = [
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "America/Havana",
    "UTC",
]
NAMES = {1: "Alice", 2: "Bob", 3: "Charlie, the third; and \\last"}
LEVELS = {10: "Doctors", 20: "Nurses"}
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
SEEN = Span(BEGIN + timedelta(days=3), BEGIN + timedelta(days=800))
YEAR = timedelta(days=365)
Stretches = dict[str, list[tuple[datetime, datetime]]]


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def merged(found: dict[str, list[tuple[datetime, datetime]]]) -> Stretches:
    """Each name's time on call, cut to what is looked at, without overlaps."""
    made: Stretches = {}
    for name, spans in found.items():
        joined: list[tuple[datetime, datetime]] = []
        cut = [(max(start, SEEN.start), min(end, SEEN.end)) for start, end in spans]
        for start, end in sorted(pair for pair in cut if pair[0] < pair[1]):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((start, end))
        if joined:
            made[name] = joined
    return made


def ours(roster: Roster) -> Stretches:
    """Who is on call by the rules alone, instant by instant between the edges."""
    found: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for level, level_name in roster.levels.items():
        covers = [each for each in roster.covers if each.level_id in {None, level}]
        spans = [
            (span, each)
            for each in roster.series
            if each.level_id == level
            for span in rules.occurrences(
                each.shift, roster.zone, BEGIN - timedelta(days=400), SEEN.end
            )
        ]
        edges = {edge for span, _ in spans for edge in (span.start, span.end)}
        edges |= {edge for cover in covers for edge in (cover.span.start, cover.span.end)}
        spans.sort(key=lambda pair: pair[0].start)
        for start, end in pairwise(sorted(edges)):
            base = [duty for span, each in spans if start in span for duty in each.duties]
            changes = [cover.change for cover in covers if start in cover.span]
            for who in {duty.contact_id for duty in rules.apply(base, changes)}:
                if roster.only is None:
                    found[roster.names[who]].append((start, end))
                elif roster.only == who:
                    found[f"On call: {level_name}"].append((start, end))
    return merged(found)


def theirs(text: bytes, names: list[str], seen: Span = SEEN) -> Stretches:
    """What another program reads in a feed."""
    calendar = icalendar.Calendar.from_ical(text)
    found: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    query = recurring_ical_events.of(calendar)
    for event in query.between(seen.start, seen.end):
        summary = str(event["SUMMARY"])
        start, end = event["DTSTART"].dt.astimezone(UTC), event["DTEND"].dt.astimezone(UTC)
        end = min(end, seen.end)
        for name in names:
            if name in summary:
                summary = summary.replace(name, "")
                found[name].append((start, end))
        assert not summary.strip(", "), summary
    return merged(found)


_STARTS = st.datetimes(wall("2024-06-01"), wall("2028-02-01")).map(
    lambda at: at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
)
# Near the changes of the clocks more often than elsewhere.
_NEAR = st.tuples(
    st.sampled_from(["2026-03-08", "2026-03-29", "2026-11-01", "2026-10-25", "2026-04-05",
                     "2026-10-04", "2026-02-15", "2026-03-22", "2027-02-07"]),
    st.integers(-2, 2), st.integers(0, 95),
).map(lambda near: wall(near[0]) + timedelta(days=near[1], minutes=15 * near[2]))  # fmt: skip
_LENGTHS = st.sampled_from([15, 60, 300, 540, 900, 1439, 1440, 2880, 7 * 1440, 20 * 1440]).map(
    lambda minutes: timedelta(minutes=minutes)
)


@st.composite
def shifts(draw: st.DrawFn) -> Shift:
    starts = draw(_NEAR | _STARTS)
    ends = starts + draw(_LENGTHS)
    if draw(st.booleans()):
        ends = datetime.combine(ends.date(), time(23, 59))
    frequency = draw(st.sampled_from(rules.FREQUENCIES))
    end = draw(st.sampled_from(["", "until", "count"]))
    monthly = draw(st.sampled_from(["", "days", "weekdays"]))
    pairs = st.tuples(st.sampled_from([1, 2, 3, 4, 5, -1]), st.integers(0, 6))
    shift = Shift(
        starts=starts,
        ends=ends,
        frequency=frequency,
        interval=draw(st.sampled_from([1, 1, 2, 3, 12])),
        weekdays=draw(st.frozensets(st.integers(0, 6))),
        until=draw(st.dates(date(2026, 2, 1), date(2028, 3, 1))) if end == "until" else None,
        count=draw(st.integers(1, 300)) if end == "count" else None,
        month_days=draw(st.frozensets(st.integers(1, 31), max_size=4))
        if monthly == "days"
        else frozenset(),
        nth_weekdays=draw(st.frozensets(pairs, max_size=3))
        if monthly == "weekdays"
        else frozenset(),
    )
    try:
        shift = rules.checked(shift)
    except InvalidInput:
        return rules.checked(Shift(starts, starts + timedelta(hours=1)))
    return shift


_CONTACTS = st.frozensets(st.sampled_from([1, 2, 3]), min_size=1, max_size=2)


def duties(contacts: frozenset[int]) -> tuple[Duty, ...]:
    return tuple(Duty(100 + contact, contact) for contact in sorted(contacts))


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    series: list[Series] = []
    for number in range(draw(st.integers(1, 3))):
        shift = draw(shifts())
        level = draw(st.sampled_from([10, 10, 20]))
        planned = list(rules.dates(shift, date(2025, 12, 20), date(2027, 6, 1)))[:60]
        days = draw(st.lists(st.sampled_from(planned), max_size=4, unique=True)) if planned else []
        if shift.frequency == "once":
            days = []
        changed = []
        for place, day in enumerate(days):
            if draw(st.booleans()):
                starts = datetime.combine(day, shift.starts.time()) + timedelta(
                    minutes=15 * draw(st.integers(-200, 200))
                )
                changed.append(
                    Series(
                        id=number * 10 + place + 1,
                        uid=f"changed-{number}-{place}",
                        level_id=draw(st.sampled_from([level, level, 10, 20])),
                        shift=rules.checked(Shift(starts, starts + draw(_LENGTHS))),
                        duties=duties(draw(_CONTACTS)),
                        part_of=number * 10 + 100,
                        original=day,
                    )
                )
        shift = Shift(
            **{name: getattr(shift, name) for name in Shift.__slots__}
            | {"skipped": frozenset(days)}
        )
        owner = Series(
            id=number * 10 + 100,
            uid=f"series-{number}",
            level_id=level,
            shift=shift,
            duties=duties(draw(_CONTACTS)),
        )
        series += [owner, *changed]
    covers = []
    for number in range(draw(st.integers(0, 3))):
        start = draw(_NEAR).replace(tzinfo=UTC)
        kind = draw(st.sampled_from(["add", "replace", "remove"]))
        covers.append(
            Cover(
                uid=f"cover-{number}",
                level_id=draw(st.sampled_from([None, 10, 20])),
                span=Span(start, start + draw(_LENGTHS)),
                change=Change(
                    kind,
                    None if kind == "add" else draw(st.sampled_from([1, 2, 3])),
                    () if kind == "remove" else duties(draw(_CONTACTS)),
                ),
            )
        )
    return Roster(
        title="Doctors",
        zone=zone,
        series=tuple(series),
        covers=tuple(covers),
        names=NAMES,
        levels=LEVELS,
        begin=BEGIN,
        stamp=datetime(2026, 12, 31, tzinfo=UTC),
        only=draw(st.sampled_from([None, None, 1])),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(rosters())
def test_other_programs_read_the_same_shifts(roster: Roster) -> None:
    text = ics(roster)
    names = [f"On call: {level}" for level in LEVELS.values()]
    assert theirs(text, names if roster.only else list(NAMES.values())) == ours(roster)
    for line in text.split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line


def test_the_next_instance_may_be_years_away() -> None:
    """An override on this year's instance of a rule that comes back after five years."""
    shift = rules.checked(Shift(wall("2026-05-01 09:00"), wall("2026-05-01 17:00"), "yearly", 5))
    day = Span(datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 2, tzinfo=UTC))
    roster = Roster(
        title="Doctors",
        zone=ZoneInfo("Europe/London"),
        series=(Series(1, "series", 10, shift, duties(frozenset({1}))),),
        covers=(Cover("cover", None, day, Change("remove", 1)),),
        names=NAMES,
        levels=LEVELS,
        begin=BEGIN,
        stamp=BEGIN,
    )
    [event] = icalendar.Calendar.from_ical(ics(roster)).walk("VEVENT")
    assert event["DTSTART"].to_ical() == b"20310501T090000"


def merged_duty(level: EscalationLevel) -> Stretches:
    """What the portal shows."""
    found: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for stretch in queries.duty(level, since=SEEN.start, until=SEEN.start + YEAR):
        for who in stretch.contacts:
            found[who.name].append((stretch.start, stretch.end))
    return merged(found)


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"])
def test_the_feed_shows_what_the_portal_shows(
    in_acme: Account,
    way: Callable[[str], DeliveryMethod],
    add_level: Callable[..., EscalationLevel],
    zone: str,
) -> None:
    """Through the database: every kind of rule, changed and deleted instances, every override."""
    Account.objects.filter(pk=in_acme.pk).update(time_zone=zone)
    at = SEEN.start
    doctors, nurses = add_level("Doctors"), add_level("Nurses")
    alice, bob, charlie = way("Alice"), way("Bob"), way("Charlie")
    rows: list[tuple[str, str, dict[str, Any]]] = [
        ("2026-01-05 18:00", "2026-01-06 08:00", {"frequency": "daily", "interval": 2}),
        ("2026-01-06 01:30", "2026-01-06 23:59", {"frequency": "weekly", "weekdays": [0, 6]}),
        ("2026-01-31 09:00", "2026-01-31 17:00", {"frequency": "monthly", "month_days": [29, 31]}),
        ("2026-01-04 00:00", "2026-01-05 23:59",
         {"frequency": "monthly", "nth_weekdays": [(1, 0), (-1, 5)], "count": 9}),
        ("2026-02-28 12:00", "2026-03-02 12:00", {"frequency": "yearly"}),
        ("2026-11-01 00:00", "2026-11-01 01:30", {}),
    ]  # fmt: skip
    for place, (starts, ends, rule) in enumerate(rows):
        event = actions.add_event(
            level=(doctors, doctors, nurses)[place % 3],
            methods=[(alice, bob, charlie)[place % 3], bob],
            starts=wall(starts),
            ends=wall(ends),
            at=at,
            **rule,
        )
        found = list(rules.dates(queries.shift_of(event), date(2026, 3, 1), date(2026, 12, 31)))
        if len(found) > 4:
            actions.delete_event(event=event, scope=Scope.THIS, day=found[1], at=at)
            changes: dict[str, Any] = {"methods": [charlie], "starts": wall(f"{found[2]} 03:00")}
            actions.edit_event(
                event=event, scope=Scope.THIS, day=found[2], at=at,
                ends=wall(f"{found[2]} 05:00"), **changes,
            )  # fmt: skip
            actions.edit_event(event=event, scope=Scope.THIS, day=found[3], at=at, level=nurses)
    overrides: list[tuple[str, EscalationLevel | None, DeliveryMethod | None, str]] = [
        ("replace", doctors, alice, "2026-03-07 20:00"),
        ("remove", None, bob, "2026-10-31 22:00"),
        ("add", doctors, None, "2026-11-01 00:30"),
        ("replace", None, charlie, "2026-05-01 00:00"),
    ]
    for kind, level, method, starts in overrides:
        actions.add_override(
            account_id=in_acme.pk,
            level=level,
            kind=kind,
            contact=method.contact if method else None,
            methods=[] if kind == "remove" else [charlie if kind != "replace" else bob],
            starts=wall(starts),
            ends=wall(starts) + timedelta(days=40 if "05" in starts else 2),
            at=at,
        )
    in_acme.refresh_from_db()
    names = {contact.name: contact for contact in Contact.objects.all()}
    seen = Span(SEEN.start, SEEN.start + YEAR)
    by_contact: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for level in (doctors, nurses):
        text = fed(feeds.level_url(level), at)
        shown = merged_duty(EscalationLevel.objects.get(pk=level.pk))
        assert theirs(text, list(names), seen) == shown
        for name, spans in shown.items():
            by_contact[name] += spans
    for name, contact in names.items():
        text = fed(feeds.contact_url(contact), at)
        labels = ["On call: Doctors", "On call: Nurses"]
        everywhere = [span for spans in theirs(text, labels, seen).values() for span in spans]
        assert merged({name: everywhere}) == merged({name: by_contact[name]})
        assert everywhere


@pytest.mark.django_db
def test_a_feed_leaves_out_a_cover_that_lost_all_it_put_in(
    in_acme: Account,
    way: Callable[[str], DeliveryMethod],
    add_level: Callable[..., EscalationLevel],
    always: Callable[..., None],
    at: datetime,
) -> None:
    level = add_level("Days")
    bob, rita = way("Bob"), way("Rita")
    always(level, bob)
    actions.add_override(
        account_id=in_acme.pk,
        level=level,
        kind="replace",
        contact=bob.contact,
        methods=[rita],
        starts=wall("2026-03-05 00:00"),
        ends=wall("2026-03-06 00:00"),
        at=at,
    )
    remove_method(method=rita)
    seen = Span(SEEN.start, SEEN.start + timedelta(days=365))
    text = fed(feeds.level_url(level), at)
    assert theirs(text, ["Bob", "Rita"], seen) == merged_duty(level)


def fed(url: str, at: datetime) -> bytes:
    token = url.rpartition("/")[2].removesuffix(".ics")
    return feeds.content(feeds.opened(feeds.read_token(token), at), at)
