"""Calendars that were made elsewhere, read into shifts: what can be taken, and what cannot and why.

Source: RFC 5545, section 3.6.1; design, on call, "Feeds".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from deskbell.foundation.errors import InvalidInput

from ..rules import (
    Shift,
    checked,
    day_in_words,
    in_words,
    instance_on,
    is_over,
    moved,
    shift_from_rrule,
)
from .lines import Component, parsed, plain
from .previews import Changed, Found, Left, Named, Preview
from .times import Moment, changes_alike, days_of, moment, times_of

MOST_FOUND = 500
_MOST_COUNTED = 50_000
_COUNT = re.compile(r"COUNT=(\d{1,4})(?!\d)", re.IGNORECASE)  # more are refused one by one
_MOST_PEOPLE = 20
_MOST_TITLE = 200
_NO_SUCH_DAY = "It has a day before the year 1 or after 9999"
_DAY = timedelta(days=1)


def read(data: bytes, zone: ZoneInfo, *, since: date | None = None) -> Preview:
    """What an .ics file holds, as shifts on the wall clock of `zone`, the account's.

    Events that are over before `since` are counted and left out. Takes a second at most, whatever
    is in the file. Raises InvalidInput, in words, for what is not a calendar or is too much: 2 MB,
    1,000 events, 5,000 single days, 50,000 counted instances, 500 events that can be taken.
    """
    raw = parsed(data)
    if not raw.events:
        raise InvalidInput("The calendar has no events", field="file")
    if _counted(raw.events) > _MOST_COUNTED:
        raise InvalidInput(
            f"The calendar's events have too many instances: {_MOST_COUNTED:,} at most are taken",
            field="file",
        )
    found: list[Found] = []
    left: list[Left] = []
    past = 0
    for place, (event, instead) in enumerate(_families(raw.events)):
        try:
            made = _family(str(place), event, instead, zone)
            kept = [each for each in made if since is None or not _is_past(each, since)]
        except InvalidInput as error:
            left.append(Left(_named(event).summary, _when(event), str(error)))
            continue
        except OverflowError:
            left.append(Left(_named(event).summary, _when(event), _NO_SUCH_DAY))
            continue
        past += len(made) - len(kept)
        found += kept
    if len(found) > MOST_FOUND:
        raise InvalidInput(
            f"The calendar has {len(found)} events; {MOST_FOUND} at most are taken at once",
            field="file",
        )
    return Preview(raw.name, tuple(found), tuple(left), past)


def _counted(events: Sequence[Component]) -> int:
    """How many instances the events' rules say that there are; rules without an end say nothing."""
    counts = [_COUNT.search(rule.value) for event in events for rule in event.all("RRULE")]
    return sum(int(found[1]) for found in counts if found)


def _families(events: Sequence[Component]) -> list[tuple[Component, list[Component]]]:
    """Every event with those that stand for single instances of it; orphans stand alone."""
    owners: dict[str, Component] = {}
    for event in events:
        if event.first("RECURRENCE-ID") is None and event.first("RRULE") is not None:
            owners.setdefault(event.text("UID"), event)
    instead: dict[int, list[Component]] = defaultdict(list)
    alone = []
    for event in events:
        owner = owners.get(event.text("UID"))
        if event.first("RECURRENCE-ID") is None or owner is None:
            alone.append(event)
        else:
            instead[id(owner)].append(event)
    return [(event, instead[id(event)]) for event in alone]


def _family(
    key: str, event: Component, instead: Sequence[Component], zone: ZoneInfo
) -> list[Found]:
    """An event as shifts: one, and one for each single day (RDATE) that it adds."""
    if event.text("STATUS").upper() == "CANCELLED":
        raise InvalidInput("It is cancelled")
    if event.first("EXRULE") is not None or len(event.all("RRULE")) > 1:
        raise InvalidInput("It comes back by several rules; an event here has one")
    start, starts, ends = times_of(event, zone)
    rule = event.first("RRULE")
    notes: tuple[str, ...] = ()
    if rule is None:
        starts, ends = _here(start, starts, ends, zone)
        shift = checked(Shift(starts, ends))
    else:
        shift, notes = _shift(rule.value, start, starts, ends, zone)
    later = shift.starts.date() - start.wall.date() if rule is None else _moved_by(start, zone)
    skipped = {day + later for out in event.all("EXDATE") for day in days_of(out, start)}
    named = _named(event)
    changed, alone, out = _instances(shift, instead, start, later, zone, named)
    days = skipped | out - {each.day for each in changed}
    shift = checked(replace(shift, skipped=frozenset(_due(shift, days))))
    words = f"{_times_in_words(shift)}, {in_words(shift)}" if rule else _times_in_words(shift)
    more = [*_single_days(event, start, shift, zone), *alone]
    return [
        Found(key, named, shift, words, tuple(changed), notes),
        *(
            Found(f"{key}.{place}", who, each, _times_in_words(each))
            for place, (who, each) in enumerate(more)
        ),
    ]


def _here(
    start: Moment, starts: datetime, ends: datetime, zone: ZoneInfo
) -> tuple[datetime, datetime]:
    """Two times of an event's own zone on the account's wall."""
    if start.zone is None or start.zone == zone:
        return starts, ends
    here = [replace(start, wall=each).here(zone) for each in (starts, ends)]
    if here[1] <= here[0]:
        raise InvalidInput("It lies within a change of the clocks")
    return here[0], here[1]


def _moved_by(start: Moment, zone: ZoneInfo) -> timedelta:
    """By how many days an event's days differ on the account's wall."""
    return start.here(zone).date() - start.wall.date()


def _shift(
    rule: str, start: Moment, starts: datetime, ends: datetime, zone: ZoneInfo
) -> tuple[Shift, tuple[str, ...]]:
    shift = shift_from_rrule(rule, starts, ends, start.zone or zone)
    if start.zone is None or start.zone == zone:
        return shift, ()
    later = start.here(zone) - start.wall
    shift = checked(moved(shift, later, timedelta()))
    if changes_alike(start.zone, zone, starts):
        return shift, ()
    note = (
        f"Its times are those of {start.zone.key}; here they follow the clock of {zone.key}, which "
        "changes on other days"
    )
    return shift, (note,)


def _due(shift: Shift, days: set[date]) -> set[date]:
    """The days among `days` to which the rule comes."""
    return {day for day in days if instance_on(shift, day) is not None}


def _instances(
    shift: Shift,
    instead: Sequence[Component],
    start: Moment,
    later: timedelta,
    zone: ZoneInfo,
    named: Named,
) -> tuple[list[Changed], list[tuple[Named, Shift]], set[date]]:
    """Instances that happen otherwise, those that are instead of none, and the days of those that
    are cancelled."""
    changed: dict[date, Changed] = {}
    alone: list[tuple[Named, Shift]] = []
    out: set[date] = set()
    for each in instead:
        [was] = each.all("RECURRENCE-ID")[:1]
        day = days_of(was, start)[0] + later
        if each.text("STATUS").upper() == "CANCELLED":
            out.add(day)
            continue
        begin, starts, ends = times_of(each, zone)
        starts, ends = _here(begin, starts, ends, zone)
        who = _named(each)
        if instance_on(shift, day) is None:
            alone.append((who, checked(Shift(starts, ends))))
        elif (starts, ends) != instance_on(shift, day) or who != named:
            changed[day] = Changed(day, starts, ends, who)
    return list(changed.values()), alone, out


def _single_days(
    event: Component, start: Moment, shift: Shift, zone: ZoneInfo
) -> list[tuple[Named, Shift]]:
    """The days that an event adds to its rule, each as a shift that happens once."""
    made = []
    for added in event.all("RDATE"):
        for value in added.value.split(","):
            when = moment(added, value.partition("/")[0])
            wall = start.wall.time() if when.is_date else when.wall.time()
            begin = replace(when, wall=datetime.combine(when.wall.date(), wall))
            if when.is_date:
                begin = replace(begin, zone=start.zone)
            starts = begin.here(zone)
            if starts != shift.starts:
                made.append(
                    (_named(event), checked(Shift(starts, starts + (shift.ends - shift.starts))))
                )
    return made


def _named(event: Component) -> Named:
    people = []
    for each in event.all("ATTENDEE")[:_MOST_PEOPLE]:
        address = plain(each.value)
        address = address[7:] if address[:7].lower() == "mailto:" else ""
        people.append(plain(each.parameters.get("CN", "")) or address)
    summary = event.text("SUMMARY")[:_MOST_TITLE] or "(no title)"
    return Named(summary, tuple(dict.fromkeys(who[:_MOST_TITLE] for who in people if who)))


def _is_past(found: Found, since: date) -> bool:
    shift = found.shift
    if any(each.ends.date() >= since for each in found.changed):
        return False
    return is_over(shift, since - (shift.ends.date() - shift.starts.date()))


def _when(event: Component) -> str:
    begins = event.first("DTSTART")
    try:
        return "" if begins is None else day_in_words(moment(begins).wall.date())
    except InvalidInput:
        return ""


def _times_in_words(shift: Shift) -> str:
    """ "4 March 2026, 9:00 AM to 5:00 PM"; with the end's day where it is more than a day later."""
    starts, ends = shift.starts, shift.ends
    end = _clock(ends)
    if (ends.date() - starts.date()) > _DAY:
        end = f"{day_in_words(ends.date())}, {end}"
    return f"{day_in_words(starts.date())}, {_clock(starts)} to {end}"


def _clock(wall: datetime) -> str:
    return f"{wall.hour % 12 or 12}:{wall.minute:02} {'AM' if wall.hour < 12 else 'PM'}"
