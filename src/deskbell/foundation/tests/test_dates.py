"""Days and times of day as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from deskbell.foundation.dates import (
    dates_words,
    day_words,
    hours_words,
    moment_words,
    time_words,
)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (time(0), "midnight"),
        (time(0, 1), "12:01 AM"),
        (time(0, 0, 1), "12:00:01 AM"),
        (time(8), "8 AM"),
        (time(12), "noon"),
        (time(12, 30), "12:30 PM"),
        (time(20, 5), "8:05 PM"),
        (time(23, 59, 59), "11:59:59 PM"),
    ],
)
def test_times_of_day(at: time, words: str) -> None:
    assert time_words(at) == words


def test_hours_of_a_day() -> None:
    assert hours_words(time(9), time(17, 30)) == "9 AM to 5:30 PM"
    assert hours_words(time(18), time(0)) == "6 PM to midnight"
    assert hours_words(time(0), time(0)) == "all day"
    assert hours_words(time(8), time(8)) == "8 AM to 8 AM"


def test_days_and_dates() -> None:
    assert (day_words(1), day_words(7), day_words(8)) == ("Monday", "Sunday", "day 8")
    christmas, boxing_day = date(2026, 12, 25), date(2026, 12, 26)
    assert dates_words(christmas, christmas) == "December 25, 2026"
    assert dates_words(christmas, boxing_day) == "December 25, 2026 to December 26, 2026"


@pytest.mark.parametrize(
    ("hour", "words"),
    [(0, "12 AM"), (10, "10 AM"), (12, "12 PM")],
)
def test_a_moment_says_the_day_that_a_midnight_begins(hour: int, words: str) -> None:
    moment = datetime(2026, 3, 4, hour, 0, 59, tzinfo=UTC)
    assert moment_words(moment) == f"Wednesday, March 4, 2026, {words}"
