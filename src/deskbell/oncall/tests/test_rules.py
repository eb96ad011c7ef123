"""Recurrence, the change of the clocks and escalation's waits; dateutil is the second opinion."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import DAILY, FR, MO, SA, SU, TH, TU, WE, WEEKLY, rrule
from hypothesis import given
from hypothesis import strategies as st

from deskbell.foundation.errors import InvalidInput
from deskbell.oncall import rules
from deskbell.oncall.rules import Shift, Span, Step, Waits

NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
HAVANA = ZoneInfo("America/Havana")
APIA = ZoneInfo("Pacific/Apia")


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def spans(shift: Shift, zone: ZoneInfo, since: str, before: str) -> list[tuple[str, str]]:
    found = rules.occurrences(rules.checked(shift), zone, utc(since), utc(before))
    return [(f"{span.start:%m-%d %H:%M}", f"{span.end:%m-%d %H:%M}") for span in found]


@pytest.mark.parametrize(
    ("zone", "text", "start", "end"),
    [
        # New York goes from 02:00 to 03:00 on 8 March 2026 and back on 1 November.
        (NEW_YORK, "2026-03-04 09:00", "2026-03-04 14:00", "2026-03-04 14:00"),
        (NEW_YORK, "2026-03-08 01:59", "2026-03-08 06:59", "2026-03-08 06:59"),
        (NEW_YORK, "2026-03-08 02:00", "2026-03-08 07:00", "2026-03-08 07:00"),
        (NEW_YORK, "2026-03-08 02:30", "2026-03-08 07:00", "2026-03-08 07:00"),
        (NEW_YORK, "2026-03-08 03:00", "2026-03-08 07:00", "2026-03-08 07:00"),
        (NEW_YORK, "2026-11-01 01:30", "2026-11-01 05:30", "2026-11-01 06:30"),
        (NEW_YORK, "2026-11-01 02:00", "2026-11-01 07:00", "2026-11-01 07:00"),
        # Lord Howe's clocks move by half an hour: on 5 April 2026 back, on 4 October forward.
        (LORD_HOWE, "2026-04-05 01:45", "2026-04-04 14:45", "2026-04-04 15:15"),
        (LORD_HOWE, "2026-04-05 01:15", "2026-04-04 14:15", "2026-04-04 14:15"),
        (LORD_HOWE, "2026-10-04 02:15", "2026-10-03 15:30", "2026-10-03 15:30"),
        (LORD_HOWE, "2026-10-04 02:30", "2026-10-03 15:30", "2026-10-03 15:30"),
        # Havana's clocks go back at 01:00, so midnight itself comes twice.
        (HAVANA, "2026-11-01 00:00", "2026-11-01 04:00", "2026-11-01 05:00"),
        # Samoa had no 30 December 2011.
        (APIA, "2011-12-30 12:00", "2011-12-30 10:00", "2011-12-30 10:00"),
    ],
)
def test_wall_times_become_instants(zone: ZoneInfo, text: str, start: str, end: str) -> None:
    assert rules.start_instant(wall(text), zone) == utc(start)
    assert rules.end_instant(wall(text), zone) == utc(end)


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        ("2026-03-04 09:00", "2026-03-04 17:00", ("03-04 14:00", "03-04 22:00")),
        ("2026-03-04 17:00", "2026-03-04 09:00", ("03-04 22:00", "03-05 14:00")),  # next day
        ("2026-03-04 09:00", "2026-03-04 09:00", ("03-04 14:00", "03-05 14:00")),  # a whole day
        ("2026-03-04 00:00", "2026-03-04 23:59", ("03-04 05:00", "03-05 05:00")),  # end of the day
        ("2026-03-06 17:00", "2026-03-09 08:00", ("03-06 22:00", "03-09 12:00")),  # a weekend
        ("2026-03-07 18:00", "2026-03-08 02:30", ("03-07 23:00", "03-08 07:00")),  # into the gap
        ("2026-03-08 00:00", "2026-03-08 23:59", ("03-08 05:00", "03-09 04:00")),  # 23 hours
        ("2026-11-01 00:00", "2026-11-01 23:59", ("11-01 04:00", "11-02 05:00")),  # 25 hours
    ],
)
def test_one_shift_in_new_york(starts: str, ends: str, expected: tuple[str, str]) -> None:
    found = spans(Shift(wall(starts), wall(ends)), NEW_YORK, "2026-01-01", "2027-01-01")
    assert found == [expected]


def test_whole_days_leave_no_minute_uncovered_all_year() -> None:
    shift = rules.checked(Shift(wall("2026-01-01 00:00"), wall("2026-01-01 23:59"), "daily"))
    for zone in (NEW_YORK, LORD_HOWE, HAVANA):
        found = list(rules.occurrences(shift, zone, utc("2026-01-02"), utc("2026-12-31")))
        assert all(one.end >= two.start for one, two in itertools.pairwise(found))


def test_a_handoff_at_an_ambiguous_time_overlaps() -> None:
    night = Shift(wall("2026-10-31 18:00"), wall("2026-11-01 01:30"))
    morning = Shift(wall("2026-11-01 01:30"), wall("2026-11-01 09:00"))
    assert spans(night, NEW_YORK, "2026-10-01", "2026-12-01")[0][1] == "11-01 06:30"
    assert spans(morning, NEW_YORK, "2026-10-01", "2026-12-01")[0][0] == "11-01 05:30"


def test_a_shift_inside_the_hour_that_does_not_exist_is_left_out() -> None:
    shift = Shift(wall("2026-03-07 02:10"), wall("2026-03-07 02:40"), "daily")
    assert [start for start, _ in spans(shift, NEW_YORK, "2026-03-07", "2026-03-10")] == [
        "03-07 07:10",
        "03-09 06:10",
    ]


def test_the_day_that_never_was() -> None:
    shift = Shift(wall("2011-12-29 00:00"), wall("2011-12-29 23:59"), "daily", count=3)
    found = spans(shift, APIA, "2011-12-01", "2012-02-01")
    assert found == [("12-29 10:00", "12-30 10:00"), ("12-30 10:00", "12-31 10:00")]


def test_who_follows_is_on_call_at_the_handoff() -> None:
    day = rules.checked(Shift(wall("2026-03-04 09:00"), wall("2026-03-04 17:00"), "daily"))
    night = rules.checked(Shift(wall("2026-03-04 17:00"), wall("2026-03-04 09:00"), "daily"))
    handoff = utc("2026-03-04 22:00")
    assert not rules.is_on_call(day, NEW_YORK, handoff)
    assert rules.is_on_call(night, NEW_YORK, handoff)
    assert rules.is_on_call(day, NEW_YORK, handoff - timedelta(seconds=1))
    assert handoff in Span(handoff, handoff + timedelta(hours=1))


@pytest.mark.parametrize(
    ("shift", "days"),
    [
        (Shift(wall("2026-03-04"), wall("2026-03-04"), "daily", 3), [4, 7, 10, 13, 16, 19]),
        (Shift(wall("2026-03-04"), wall("2026-03-04"), "daily", 3, count=2), [4, 7]),
        (Shift(wall("2026-03-04"), wall("2026-03-04"), "daily", 3, until=date(2026, 3, 10)),
         [4, 7, 10]),
        # A Wednesday; weeks start on Sunday, the first is the one of the start.
        (Shift(wall("2026-03-04"), wall("2026-03-04"), "weekly"), [4, 11, 18]),
        (Shift(wall("2026-03-04"), wall("2026-03-04"), "weekly", 2, frozenset({0, 3, 6})),
         [4, 7, 15, 18]),
        (Shift(wall("2026-03-04"), wall("2026-03-04"), "weekly", 2, frozenset({1})), [16]),
        (Shift(wall("2026-03-04"), wall("2026-03-04"), "weekly", 1, frozenset({1, 5}), count=3),
         [6, 9, 13]),
    ],
)  # fmt: skip
def test_dates_in_march(shift: Shift, days: list[int]) -> None:
    found = rules.dates(rules.checked(shift), date(2026, 3, 1), date(2026, 3, 20))
    assert [day.day for day in found] == days


_DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(
    start=_DAYS,
    frequency=st.sampled_from(["daily", "weekly"]),
    interval=st.integers(1, 20),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    count=st.none() | st.integers(1, 40),
    window=st.tuples(st.integers(-30, 1500), st.integers(0, 200)),
)
def test_dateutil_agrees(
    start: date,
    frequency: str,
    interval: int,
    weekdays: frozenset[int],
    count: int | None,
    window: tuple[int, int],
) -> None:
    begin = datetime.combine(start, datetime.min.time())
    shift = Shift(begin, begin, frequency, interval, weekdays, count=count)
    first = start + timedelta(days=window[0])
    last = first + timedelta(days=window[1])
    names = [SU, MO, TU, WE, TH, FR, SA]
    second = rrule(
        DAILY if frequency == "daily" else WEEKLY,
        dtstart=begin,
        interval=interval,
        count=count,
        wkst=SU,
        byweekday=[names[day] for day in weekdays] if frequency == "weekly" else None,
    ).between(datetime.combine(first, begin.time()), datetime.combine(last, begin.time()), inc=True)
    assert list(rules.dates(shift, first, last)) == [each.date() for each in second]


@given(
    zone=st.sampled_from([NEW_YORK, LORD_HOWE, HAVANA, ZoneInfo("Africa/Casablanca")]),
    at=st.datetimes(wall("2026-01-01"), wall("2027-12-31")),
)
def test_an_instant_lies_between_what_its_wall_time_may_mean(zone: ZoneInfo, at: datetime) -> None:
    instant = at.replace(tzinfo=UTC)
    shown = instant.astimezone(zone).replace(tzinfo=None, fold=0)
    assert rules.start_instant(shown, zone) <= instant <= rules.end_instant(shown, zone)


def test_a_century_old_rule_costs_no_more() -> None:
    shift = Shift(wall("2000-01-01 09:00"), wall("2000-01-01 17:00"), "daily")
    days = rules.dates(shift, date(2199, 1, 1), date.max)
    assert next(days) == date(2199, 1, 1)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ends": wall("2026-03-02 10:00")}, "ends"),
        ({"ends": wall("2028-03-02 10:00")}, "ends"),
        ({"starts": wall("1950-03-04 09:00")}, "starts"),
        ({"frequency": "fortnightly"}, "frequency"),
        ({"interval": 0}, "interval"),
        ({"interval": 1000}, "interval"),
        ({"count": 0}, "count"),
        ({"count": 10_000}, "count"),
        ({"count": 3, "until": date(2026, 4, 1)}, "count"),
        ({"until": date(2026, 3, 3)}, "until"),
        ({"frequency": "weekly", "weekdays": frozenset({7})}, "weekdays"),
        ({"frequency": "weekly", "weekdays": frozenset({2}), "until": date(2026, 3, 9)}, "until"),
    ],
)
def test_shifts_that_are_refused(wrong: dict[str, object], field: str) -> None:
    given_as = {
        "starts": wall("2026-03-04 09:00"),
        "ends": wall("2026-03-04 17:00"),
        "frequency": "daily",
        **wrong,
    }
    with pytest.raises(InvalidInput) as refused:
        rules.checked(Shift(**given_as))  # type: ignore[arg-type]
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("waits", "attempt", "expected"),
    [
        (Waits(2, 60, 600, is_last=False), 1, (60, True)),
        (Waits(2, 60, 600, is_last=False), 2, (60, True)),
        (Waits(2, 60, 600, is_last=False), 3, (600, False)),
        (Waits(0, 60, 0, is_last=False), 1, (0, False)),
        (Waits(0, 60, 0, is_last=True), 1, (300, False)),  # five minutes where none is set
        (Waits(0, 60, 20, is_last=True), 1, (20, False)),
    ],
)
def test_what_follows_an_attempt(waits: Waits, attempt: int, expected: tuple[int, bool]) -> None:
    at = utc("2026-03-04 15:00")
    seconds, again = expected
    assert rules.next_step(waits, attempt, at) == Step(at + timedelta(seconds=seconds), again)
