"""Times of other calendars, as wall-clock times of the account's zone.

Source: RFC 5545, sections 3.3.4 to 3.3.6 and 3.8.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from deskbell.foundation.errors import InvalidInput

from .lines import Component, Property

_DURATION = re.compile(
    r"\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?"
)
_DAY = timedelta(days=1)
_LAST_MINUTE = time(23, 59)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as a calendar says it: on the wall of its own zone, None for whichever is here."""

    wall: datetime
    zone: ZoneInfo | None
    is_date: bool

    def here(self, zone: ZoneInfo) -> datetime:
        """The wall-clock time of `zone` at that moment."""
        if self.zone is None:
            return self.wall
        return self.wall.replace(tzinfo=self.zone).astimezone(zone).replace(tzinfo=None)


def moment(found: Property, value: str | None = None) -> Moment:
    """The time that a property says. Raises InvalidInput for none, and for an unknown zone."""
    text = (found.value if value is None else value).strip().upper()
    try:
        if "T" not in text:
            return Moment(datetime.strptime(text, "%Y%m%d"), None, is_date=True)  # noqa: DTZ007 a date
        form = "%Y%m%dT%H%M%S" if len(text.rstrip("Z")) > len("20260101T0900") else "%Y%m%dT%H%M"
        wall = datetime.strptime(text.rstrip("Z"), form).replace(second=0)  # noqa: DTZ007 a wall's
    except ValueError as error:
        raise InvalidInput(f"{text[:20]!r} is no time") from error
    if text.endswith("Z"):
        return Moment(wall, ZoneInfo("UTC"), is_date=False)
    name = found.parameters.get("TZID", "")
    return Moment(wall, zone_named(name) if name else None, is_date=False)


def zone_named(name: str) -> ZoneInfo:
    """The zone of a TZID: an IANA name, also with something before it, or one of Windows.

    Raises InvalidInput for a name that says nothing to us.
    """
    parts = name[:200].strip("/").split("/")
    tries = [WINDOWS_TO_OLSON.get(name, name), *("/".join(parts[-most:]) for most in (3, 2))]
    for each in tries:
        try:
            return ZoneInfo(each)
        except (ValueError, OSError, LookupError):
            continue
    raise InvalidInput(f"Its time zone {name[:60]!r} is not known")


def times_of(event: Component, zone: ZoneInfo) -> tuple[Moment, datetime, datetime]:
    """When an event starts, and its wall-clock start and end in its own zone (`zone` for a date).

    Raises InvalidInput for an event without a start or that lasts no time.
    """
    begins = event.first("DTSTART")
    if begins is None:
        raise InvalidInput("It does not say when it starts")
    start = moment(begins)
    own = start.zone or zone
    ends = event.first("DTEND")
    if ends is not None:
        end = moment(ends)
        until = end.here(own) if end.zone is not None else end.wall
    elif (lasts := event.first("DURATION")) is not None:
        until = start.wall + _duration(lasts.value)
    else:
        until = start.wall + (_DAY if start.is_date else timedelta())
    if until <= start.wall:
        raise InvalidInput("It ends before it starts" if until < start.wall else "It takes no time")
    return start, start.wall, _said(start.wall, until)


def _said(starts: datetime, ends: datetime) -> datetime:
    """An end at midnight as people say it here: 11:59 PM."""
    last = datetime.combine(ends.date() - _DAY, _LAST_MINUTE)
    return last if ends.time() == time() and starts < last else ends


def _duration(text: str) -> timedelta:
    found = _DURATION.fullmatch(text.strip().upper())
    if found is None:
        raise InvalidInput(f"{text[:20]!r} is no length of time")
    weeks, days, hours, minutes, seconds = (int(each or 0) for each in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def days_of(found: Property, starts: Moment) -> list[date]:
    """The days that an EXDATE or RECURRENCE-ID names, by the wall of the zone of `starts`."""
    days = []
    for value in found.value.split(","):
        each = moment(found, value)
        wall = each.here(starts.zone) if starts.zone and not each.is_date else each.wall
        days.append(wall.date())
    return days


def changes_alike(one: ZoneInfo, other: ZoneInfo, since: datetime) -> bool:
    """Whether the clocks of two zones change together, looked at week by week for two years."""
    weeks = (since.replace(tzinfo=UTC) + timedelta(days=7 * week) for week in range(105))
    apart = {_apart(one, other, each) for each in weeks}
    return len(apart) == 1


def _apart(one: ZoneInfo, other: ZoneInfo, at: datetime) -> timedelta:
    return (at.astimezone(one).utcoffset() or timedelta()) - (
        at.astimezone(other).utcoffset() or timedelta()
    )
