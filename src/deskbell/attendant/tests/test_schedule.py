"""Which menu answers when: special days, midnight, 24:00, clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.attendant.rules import DateSpan, WeekSpan, check_dates, check_week, menu_at
from deskbell.foundation.errors import InvalidInput

DAY, NIGHT, WEEKEND, HOLIDAY = "day", "night", "weekend", "holiday"
WEEK = [
    *(WeekSpan(DAY, day, time(9), time(17)) for day in range(1, 6)),
    *(WeekSpan(NIGHT, day, time(22), time(6)) for day in (1, 7)),
    WeekSpan(WEEKEND, 6, time(0), time(0)),
]
DATES = [DateSpan(HOLIDAY, date(2026, 7, 3), date(2026, 7, 4))]
NEW_YORK = "America/New_York"


def menu_on(wall: str, zone: str = NEW_YORK, fold: int = 0) -> str | None:
    at = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return menu_at(week=WEEK, dates=DATES, time_zone=zone, at=at.astimezone(UTC))


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2026-03-04 08:59:59", None),
        ("2026-03-04 09:00", DAY),
        ("2026-03-04 16:59:59.9", DAY),
        ("2026-03-04 17:00", None),
        ("2026-03-02 22:00", NIGHT),
        ("2026-03-03 05:59", NIGHT),
        ("2026-03-03 06:00", None),
        ("2026-03-01 23:30", NIGHT),
        ("2026-03-02 05:59", NIGHT),
        ("2026-03-07 00:00", WEEKEND),
        ("2026-03-07 23:59:59", WEEKEND),
        ("2026-03-08 00:00", None),
        ("2026-07-02 23:59", None),
        ("2026-07-03 00:00", HOLIDAY),
        ("2026-07-03 10:00", HOLIDAY),
        ("2026-07-04 23:59:59", HOLIDAY),
        ("2026-07-05 00:00", None),
    ],
)
def test_the_menu_at_a_wall_clock_time(wall: str, expected: str | None) -> None:
    assert menu_on(wall) == expected


def test_the_zone_decides_what_time_it_is() -> None:
    at = datetime(2026, 3, 4, 14, 30, tzinfo=UTC)
    assert menu_at(week=WEEK, dates=(), time_zone=NEW_YORK, at=at) == DAY
    assert menu_at(week=WEEK, dates=(), time_zone="America/Los_Angeles", at=at) is None


def test_an_hour_that_comes_twice_belongs_to_its_entry_twice() -> None:
    week = [WeekSpan(NIGHT, 7, time(1), time(2))]
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    found = [
        menu_at(week=week, dates=(), time_zone=NEW_YORK, at=first + timedelta(minutes=30 * n))
        for n in range(-2, 5)
    ]
    assert found == [None, NIGHT, NIGHT, NIGHT, NIGHT, None, None]


def test_an_hour_that_is_left_out_makes_no_hole_around_it() -> None:
    week = [WeekSpan(NIGHT, 7, time(1), time(2, 30)), WeekSpan(DAY, 7, time(2, 30), time(4))]
    before = datetime(2026, 3, 8, 6, 59, tzinfo=UTC)
    after = datetime(2026, 3, 8, 7, 0, tzinfo=UTC)
    assert menu_at(week=week, dates=(), time_zone=NEW_YORK, at=before) == NIGHT
    assert menu_at(week=week, dates=(), time_zone=NEW_YORK, at=after) == DAY


@pytest.mark.parametrize(
    "entries",
    [
        [WeekSpan(DAY, 1, time(9), time(17)), WeekSpan(NIGHT, 1, time(16, 59), time(18))],
        [WeekSpan(DAY, 1, time(22), time(6)), WeekSpan(NIGHT, 2, time(5), time(7))],
        [WeekSpan(DAY, 7, time(22), time(6)), WeekSpan(NIGHT, 1, time(5), time(7))],
        [WeekSpan(DAY, 1, time(0), time(0)), WeekSpan(NIGHT, 1, time(12), time(13))],
        [WeekSpan(DAY, 1, time(9), time(17)), WeekSpan(DAY, 1, time(9), time(17))],
        [WeekSpan(DAY, 0, time(9), time(17))],
        [WeekSpan(DAY, 8, time(9), time(17))],
    ],
)
def test_weeks_that_cannot_be(entries: list[WeekSpan]) -> None:
    with pytest.raises(InvalidInput):
        check_week(entries)


def test_entries_may_touch_and_a_week_may_be_full() -> None:
    check_week([WeekSpan(DAY, day, time(0), time(0)) for day in range(1, 8)])
    check_week([WeekSpan(DAY, 1, time(9), time(17)), WeekSpan(NIGHT, 1, time(17), time(9))])
    check_week([])


def test_special_days_may_not_overlap_or_end_before_they_start() -> None:
    one = DateSpan(DAY, date(2026, 1, 1), date(2026, 1, 3))
    check_dates([one, DateSpan(DAY, date(2026, 1, 4), date(2026, 1, 4))])
    with pytest.raises(InvalidInput, match="overlap"):
        check_dates([one, DateSpan(NIGHT, date(2026, 1, 3), date(2026, 1, 5))])
    with pytest.raises(InvalidInput, match="before startDate"):
        check_dates([DateSpan(DAY, date(2026, 1, 2), date(2026, 1, 1))])


minutes = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))
spans = st.builds(WeekSpan, st.sampled_from("abc"), st.integers(1, 7), minutes, minutes)


@given(st.lists(spans, max_size=5), st.integers(0, 7 * 24 * 60 - 1))
def test_an_accepted_week_has_one_menu_at_most_at_any_minute(
    entries: list[WeekSpan], minute: int
) -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(minutes=minute)
    found = [
        entry
        for entry in entries
        if menu_at(week=[entry], dates=(), time_zone="UTC", at=at) is not None
    ]
    try:
        check_week(entries)
    except InvalidInput:
        return
    assert len(found) <= 1
