"""Who is on call over changes of the clocks, both ways, in zones that change in different ways.

Every table is in instants, so that it can be checked against the zone's own law.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.oncall import rules
from deskbell.oncall.rules import Shift

ZONES = {
    name: ZoneInfo(zone)
    for name, zone in {
        "new york": "America/New_York",
        "london": "Europe/London",
        "lord howe": "Australia/Lord_Howe",
        "casablanca": "Africa/Casablanca",
        "kathmandu": "Asia/Kathmandu",
        "apia": "Pacific/Apia",
        "kiritimati": "Pacific/Kiritimati",
    }.items()
}
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# zone, day, start and end on the wall (an end before its start is the next day's), and the instants
# from which and until which it is on call in UTC
SHIFTS = [
    # New York goes forward at 02:00 on 8 March 2026 (UTC-5 to -4) and back on 1 November.
    ("new york", "2026-03-07", "22:00-06:00", "03-08 03:00", "03-08 10:00"),  # seven hours
    ("new york", "2026-10-31", "22:00-06:00", "11-01 02:00", "11-01 11:00"),  # nine hours
    ("new york", "2026-03-08", "02:30-04:00", "03-08 07:00", "03-08 08:00"),  # starts in the gap
    ("new york", "2026-03-08", "01:00-02:30", "03-08 06:00", "03-08 07:00"),  # ends in the gap
    ("new york", "2026-11-01", "01:30-03:00", "11-01 05:30", "11-01 08:00"),  # the first 01:30
    ("new york", "2026-11-01", "00:00-01:30", "11-01 04:00", "11-01 06:30"),  # the last 01:30
    ("new york", "2026-11-01", "01:15-01:45", "11-01 05:15", "11-01 06:45"),  # and all between
    ("new york", "2026-11-01", "00:00-23:59", "11-01 04:00", "11-02 05:00"),  # 25 hours
    # London goes forward at 01:00 UTC on 29 March 2026, back at 01:00 UTC on 25 October.
    ("london", "2026-03-28", "22:00-06:00", "03-28 22:00", "03-29 05:00"),
    ("london", "2026-03-29", "01:30-09:00", "03-29 01:00", "03-29 08:00"),
    ("london", "2026-10-24", "22:00-06:00", "10-24 21:00", "10-25 06:00"),
    ("london", "2026-10-25", "01:30-09:00", "10-25 00:30", "10-25 09:00"),
    ("london", "2026-10-24", "09:00-01:30", "10-24 08:00", "10-25 01:30"),
    # Lord Howe moves by half an hour: back at 02:00 on 5 April 2026 (UTC+11 to +10:30), forward
    # at 02:00 on 4 October.
    ("lord howe", "2026-04-04", "22:00-06:00", "04-04 11:00", "04-04 19:30"),
    ("lord howe", "2026-04-05", "01:45-09:00", "04-04 14:45", "04-04 22:30"),
    ("lord howe", "2026-04-04", "09:00-01:45", "04-03 22:00", "04-04 15:15"),
    ("lord howe", "2026-10-03", "22:00-06:00", "10-03 11:30", "10-03 19:00"),
    ("lord howe", "2026-10-04", "02:15-09:00", "10-03 15:30", "10-03 22:00"),
    # Casablanca goes back for Ramadan, at 03:00 on 15 February 2026 (UTC+1 to UTC), and forward
    # at 02:00 on 22 March.
    ("casablanca", "2026-02-14", "22:00-06:00", "02-14 21:00", "02-15 06:00"),
    ("casablanca", "2026-02-15", "02:30-09:00", "02-15 01:30", "02-15 09:00"),
    ("casablanca", "2026-02-14", "09:00-02:30", "02-14 08:00", "02-15 02:30"),
    ("casablanca", "2026-03-21", "22:00-06:00", "03-21 22:00", "03-22 05:00"),
    ("casablanca", "2026-03-22", "02:30-09:00", "03-22 02:00", "03-22 08:00"),
    # Kathmandu never changes, and is 5:45 ahead.
    ("kathmandu", "2026-03-07", "22:00-06:00", "03-07 16:15", "03-08 00:15"),
    ("kathmandu", "2026-11-01", "00:00-23:59", "10-31 18:15", "11-01 18:15"),
    # Kiritimati's day begins first on Earth.
    ("kiritimati", "2026-01-01", "00:00-23:59", "12-31 10:00", "01-01 10:00"),
    # Samoa had no 30 December 2011: it went from UTC-10 over the date line to UTC+14.
    ("apia", "2011-12-29", "09:00-17:00", "12-29 19:00", "12-30 03:00"),
    ("apia", "2011-12-29", "22:00-06:00", "12-30 08:00", "12-30 10:00"),  # until the change
    ("apia", "2011-12-30", "22:00-06:00", "12-30 10:00", "12-30 16:00"),  # from the change on
    ("apia", "2011-12-31", "00:00-23:59", "12-30 10:00", "12-31 10:00"),
    # and changed its clocks for the last time on 4 April 2021, at 04:00 back from UTC+14.
    ("apia", "2021-04-04", "03:30-09:00", "04-03 13:30", "04-03 20:00"),
    ("apia", "2021-04-03", "09:00-03:30", "04-02 19:00", "04-03 14:30"),
]


@pytest.mark.parametrize(("place", "day", "hours", "starts", "ends"), SHIFTS)
def test_who_is_on_call(place: str, day: str, hours: str, starts: str, ends: str) -> None:
    """The same for a shift that happens once and for one that has come back for a year."""
    zone = ZONES[place]
    begin, end = hours.split("-")
    year = date.fromisoformat(day).year
    first, last = utc(f"{year}-{starts}"), utc(f"{year}-{ends}")
    if first > last:
        first = first.replace(year=year - 1)
    once = rules.checked(Shift(wall(f"{day} {begin}"), wall(f"{day} {end}")))
    [span] = rules.occurrences(once, zone, LONG_AGO, utc("2030-01-01"))
    assert (span.start, span.end) == (first, last)
    earlier = timedelta(days=364)
    old = rules.checked(Shift(once.starts - earlier, once.ends - earlier, "weekly"))
    for one in (once, old):
        assert rules.is_on_call(one, zone, first)
        assert not rules.is_on_call(one, zone, first - MINUTE)
        assert rules.is_on_call(one, zone, last - MINUTE)
        assert not rules.is_on_call(one, zone, last)


@pytest.mark.parametrize("place", ["apia"])
def test_a_day_that_never_was_has_no_shift(place: str) -> None:
    whole = Shift(wall("2011-12-30 00:00"), wall("2011-12-30 23:59"))
    office = Shift(wall("2011-12-30 09:00"), wall("2011-12-30 17:00"))
    for one in (whole, office):
        found = rules.occurrences(rules.checked(one), ZONES[place], LONG_AGO, utc("2030-01-01"))
        assert list(found) == []


@pytest.mark.parametrize("place", ZONES)
@pytest.mark.parametrize("hour", [0, 1, 2, 3, 9])
def test_handoffs_leave_no_minute_uncovered(place: str, hour: int) -> None:
    """Two shifts a day that hand over to each other, at hours that come twice or not at all too."""
    zone = ZONES[place]
    day = Shift(wall(f"2011-01-01 0{hour}:30"), wall("2011-01-01 18:00"), "daily")
    night = Shift(wall("2011-01-01 18:00"), wall(f"2011-01-01 0{hour}:30"), "daily")
    since = utc("2011-01-02")
    spans = sorted(
        (
            span
            for one in (day, night)
            for span in rules.occurrences(rules.checked(one), zone, since, utc("2012-02-01"))
        ),
        key=lambda span: (span.start, span.end),
    )
    assert all(one.end >= two.start for one, two in pairwise(spans))


@given(
    place=st.sampled_from(list(ZONES)),
    starts=st.datetimes(wall("2011-01-01"), wall("2027-12-31")),
    minutes=st.integers(1, 3 * 1440),
    at=st.integers(-5000, 5000),
)
def test_what_is_computed_is_what_is_listed(
    place: str, starts: datetime, minutes: int, at: int
) -> None:
    zone = ZONES[place]
    starts = starts.replace(second=0, microsecond=0)
    one = rules.checked(Shift(starts, starts + minutes * MINUTE, "daily", 2))
    instant = starts.replace(tzinfo=UTC) + at * MINUTE
    around = timedelta(days=8)
    listed = rules.occurrences(one, zone, instant - around, instant + around)
    assert rules.is_on_call(one, zone, instant) == any(instant in span for span in listed)
