"""The holes of a week, and their words."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.attendant.rules import WeekSpan, menu_at
from deskbell.doctor.rules.hours import WEEK, holes, in_words

MIDNIGHT = time(0)


def days(first: int, last: int, start: time, end: time) -> list[WeekSpan]:
    return [WeekSpan("MN1", day, start, end) for day in range(first, last + 1)]


OFFICE = days(1, 5, time(8), time(18))
LUNCH = [*days(1, 5, time(8), time(12)), *days(1, 5, time(13), time(18))]
WEEKEND = days(6, 7, MIDNIGHT, MIDNIGHT)
NIGHTS = days(1, 7, time(18), time(8))


@pytest.mark.parametrize(
    ("week", "words"),
    [
        (OFFICE, "on Monday to Thursday from 6 PM to 8 AM, and from Friday 6 PM to Monday 8 AM"),
        (
            [*OFFICE, *WEEKEND],
            (
                "on Monday from midnight to 8 AM, on Monday to Thursday from 6 PM to 8 AM, "
                "and on Friday from 6 PM to midnight"
            ),
        ),
        (NIGHTS, "every day from 8 AM to 6 PM"),
        ([*NIGHTS, *days(1, 5, time(8), time(18))], "on Saturday and Sunday from 8 AM to 6 PM"),
        (days(1, 5, MIDNIGHT, MIDNIGHT), "all day on Saturday and Sunday"),
        (days(2, 6, MIDNIGHT, MIDNIGHT), "all day on Sunday and Monday"),
        (days(3, 3, MIDNIGHT, MIDNIGHT), "all day on Thursday to Tuesday"),
        (
            [*NIGHTS, *LUNCH, *days(6, 7, time(8), time(18))],
            "on Monday to Friday from noon to 1 PM",
        ),
        (
            [*NIGHTS, *days(2, 2, time(8), time(18)), *days(4, 4, time(8), time(17, 30))],
            (
                "on Wednesday and Friday to Monday from 8 AM to 6 PM, "
                "and on Thursday from 5:30 PM to 6 PM"
            ),
        ),
    ],
)
def test_holes_are_said_as_people_say_them(week: list[WeekSpan], words: str) -> None:
    assert in_words(holes(week)) == words


def test_a_week_of_odd_hours_is_cut_short() -> None:
    odd = [WeekSpan("MN1", day, time(8, day), time(8 + day)) for day in range(1, 8)]
    assert in_words(holes(odd)).endswith(", and at 3 more times")


def test_a_full_week_has_no_holes_and_an_empty_one_is_a_hole() -> None:
    assert holes(days(1, 7, MIDNIGHT, MIDNIGHT)) == []
    assert holes([*NIGHTS, *days(1, 7, time(8), time(18))]) == []
    assert holes([]) == [(0, WEEK)]


spans = st.builds(
    WeekSpan,
    menu=st.just("MN1"),
    day=st.integers(1, 7),
    start=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    end=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)


@given(week=st.lists(spans, max_size=8), minute=st.integers(0, WEEK // 60 - 1))
def test_an_hour_is_in_a_hole_exactly_when_no_menu_answers(
    week: list[WeekSpan], minute: int
) -> None:
    monday = datetime(2026, 3, 2, tzinfo=UTC)
    second = minute * 60
    answer = menu_at(week=week, dates=(), time_zone="UTC", at=monday + timedelta(seconds=second))
    found = holes(week)
    inside = any(start <= second + turn < end for start, end in found for turn in (0, WEEK))
    assert inside == (answer is None)
    assert not found or in_words(found)
