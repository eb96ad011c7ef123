"""When scheduled exports run, and of which days they tell, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskbell.reports.rules.schedules import (
    DAILY,
    MONTHLY,
    WEEKLY,
    Rhythm,
    days_before,
    in_words,
    next_after,
    turn_of,
)

NEW_YORK = ZoneInfo("America/New_York")
ZONES = [ZoneInfo(each) for each in ("UTC", "Europe/London", "Pacific/Apia", "Asia/Kathmandu")]
rhythms = st.builds(
    Rhythm,
    st.sampled_from([DAILY, WEEKLY, MONTHLY]),
    st.times().map(lambda each: each.replace(second=0, microsecond=0)),
    st.integers(0, 6),
    st.integers(1, 31),
)
instants = st.floats(1.2e9, 2.2e9).map(lambda each: datetime.fromtimestamp(int(each), UTC))
zones = st.sampled_from([NEW_YORK, *ZONES])


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def runs(rhythm: Rhythm, after: datetime, count: int) -> list[datetime]:
    found = []
    for _ in range(count):
        after = next_after(rhythm, NEW_YORK, after)
        found.append(after)
    return found


def test_a_time_that_a_night_has_not_is_the_moment_of_the_change() -> None:
    assert runs(Rhythm(DAILY, time(2, 30)), utc(2026, 3, 7, 12), 2) == [
        utc(2026, 3, 8, 7),
        utc(2026, 3, 9, 6, 30),
    ]


def test_a_time_that_comes_twice_is_one_run() -> None:
    assert runs(Rhythm(DAILY, time(1, 30)), utc(2026, 10, 31, 12), 2) == [
        utc(2026, 11, 1, 5, 30),
        utc(2026, 11, 2, 6, 30),
    ]


def test_the_31st_is_the_last_day_of_a_short_month() -> None:
    found = runs(Rhythm(MONTHLY, time(12), month_day=31), utc(2028, 1, 31, 20), 3)
    assert [each.date() for each in found] == [
        date(2028, 2, 29),
        date(2028, 3, 31),
        date(2028, 4, 30),
    ]


def test_weekly_is_on_its_day() -> None:
    [found] = runs(Rhythm(WEEKLY, time(7), weekday=4), utc(2026, 3, 4), 1)
    assert found == utc(2026, 3, 6, 12)


@settings(max_examples=40)
@given(rhythms, zones, instants)
def test_the_next_run_is_later_and_by_the_wall(
    rhythm: Rhythm, zone: ZoneInfo, after: datetime
) -> None:
    found = next_after(rhythm, zone, after)
    assert after < found <= after + timedelta(days=33)
    wall = found.astimezone(zone)
    exists = datetime.combine(wall.date(), rhythm.time, zone).astimezone(UTC) == found
    assert exists or wall.time() > rhythm.time or wall.date() != found.date()


@settings(max_examples=40)
@given(rhythms, zones, instants, st.integers(0, 60 * 24 * 90))
def test_of_what_was_missed_only_the_newest_is_due(
    rhythm: Rhythm, zone: ZoneInfo, after: datetime, minutes: int
) -> None:
    first = next_after(rhythm, zone, after)
    until = first + timedelta(minutes=minutes)
    turn = turn_of(rhythm, zone, first, until)
    assert first <= turn.due <= until < turn.following
    assert next_after(rhythm, zone, turn.due) == turn.following
    assert (turn.skipped == 0) == (turn.due == first)


@given(st.sampled_from([DAILY, WEEKLY, MONTHLY]), st.dates(date(2001, 1, 1), date(2100, 1, 1)))
def test_it_tells_of_whole_days_that_are_over(frequency: str, day: date) -> None:
    first, last = days_before(frequency, day)
    assert first <= last < day
    length = (last - first).days + 1
    assert length in {DAILY: {1}, WEEKLY: {7}, MONTHLY: {28, 29, 30, 31}}[frequency]
    if frequency == MONTHLY:
        assert first.day == 1
        assert (last + timedelta(days=1)) == day.replace(day=1)
    else:
        assert last == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("rhythm", "words"),
    [
        (Rhythm(DAILY, time(7, 30)), "Every day at 7:30 AM"),
        (Rhythm(WEEKLY, time(0), weekday=6), "Every Sunday at midnight"),
        (Rhythm(MONTHLY, time(12), month_day=15), "Every month on day 15 at noon"),
        (Rhythm(MONTHLY, time(18), month_day=31), "Every month on the last day at 6 PM"),
    ],
)
def test_in_words(rhythm: Rhythm, words: str) -> None:
    assert in_words(rhythm) == words
