"""The instants at which To Dos run: changes of the clocks, short months, weeks from Sunday."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import DAILY, MONTHLY, SU, WEEKLY, YEARLY, rrule, weekday
from dateutil.tz import resolve_imaginary
from hypothesis import given
from hypothesis import strategies as st

from deskbell.todos.rules import (
    Frequency,
    Rule,
    When,
    first_day_of,
    icecube,
    next_after,
    previous_before,
    times_due,
)

NEW_YORK, LONDON = "America/New_York", "Europe/London"
LORD_HOWE, SYDNEY, APIA = "Australia/Lord_Howe", "Australia/Sydney", "Pacific/Apia"
HAVANA, CASABLANCA = "America/Havana", "Africa/Casablanca"


def every(frequency: str, *times: str, days: tuple[int, ...] = (), interval: int = 1) -> When:
    return When(Rule.RECURRING, Frequency(frequency), times or ("9:00 AM",), days, interval)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def runs(when: When, zone: str, since: str, count: int) -> list[str]:
    """The first runs of a To Do that is made at an instant, as "11-30 14:00"."""
    place, at = ZoneInfo(zone), utc(since)
    first = first_day_of(when, place, at)
    rule, found = icecube(when, first), list[str]()
    after: datetime | None = at
    while len(found) < count and after is not None:
        after = next_after(rule, when.times, first, place, after)
        found += [f"{after:%m-%d %H:%M}"] if after else []
    return found


def test_the_seeds_example_is_next_due_when_the_seed_says() -> None:
    when = every("weekly", days=(2, 4, 6), interval=2)
    found = runs(when, NEW_YORK, "2024-11-28 17:28:12", 4)
    assert found == ["11-30 14:00", "12-10 14:00", "12-12 14:00", "12-14 14:00"]


@pytest.mark.parametrize(
    ("zone", "times", "since", "expected"),
    [
        # Forward: a time that is skipped happens when the clocks jump.
        (NEW_YORK, "2:30 AM", "2026-03-07 12:00", ["03-08 07:00", "03-09 06:30"]),
        (NEW_YORK, "2:00 AM", "2026-03-07 12:00", ["03-08 07:00", "03-09 06:00"]),
        (NEW_YORK, "3:00 AM", "2026-03-07 12:00", ["03-08 07:00", "03-09 07:00"]),
        (NEW_YORK, "1:59 AM", "2026-03-07 12:00", ["03-08 06:59", "03-09 05:59"]),
        (LONDON, "1:30 AM", "2026-03-28 12:00", ["03-29 01:00", "03-30 00:30"]),
        (LORD_HOWE, "2:15 AM", "2026-10-03 12:00", ["10-03 15:30", "10-04 15:15"]),
        (SYDNEY, "2:30 AM", "2026-10-03 12:00", ["10-03 16:00", "10-04 15:30"]),
        (HAVANA, "12:30 AM", "2026-03-07 12:00", ["03-08 05:00", "03-09 04:30"]),
        # Back: a time that comes twice happens once, the first time.
        (NEW_YORK, "1:30 AM", "2026-10-31 12:00", ["11-01 05:30", "11-02 06:30"]),
        (NEW_YORK, "2:00 AM", "2026-10-31 12:00", ["11-01 07:00", "11-02 07:00"]),
        (LONDON, "1:30 AM", "2026-10-24 12:00", ["10-25 00:30", "10-26 01:30"]),
        (LORD_HOWE, "1:45 AM", "2026-04-04 12:00", ["04-04 14:45", "04-05 15:15"]),
        (SYDNEY, "2:30 AM", "2026-04-04 12:00", ["04-04 15:30", "04-05 16:30"]),
        (HAVANA, "12:30 AM", "2026-10-31 12:00", ["11-01 04:30", "11-02 05:30"]),
        # Morocco goes back for Ramadan and forward after it.
        (CASABLANCA, "2:30 AM", "2026-02-14 12:00", ["02-15 01:30", "02-16 02:30"]),
        (CASABLANCA, "2:30 AM", "2026-03-21 12:00", ["03-22 02:00", "03-23 01:30"]),
        # Samoa left out a whole day.
        (APIA, "9:00 AM", "2011-12-28 20:00", ["12-29 19:00", "12-30 10:00", "12-30 19:00"]),
    ],
)
def test_changes_of_the_clocks(zone: str, times: str, since: str, expected: list[str]) -> None:
    assert runs(every("daily", times), zone, since, len(expected)) == expected


def test_times_that_one_change_skips_are_one_run() -> None:
    when = every("daily", "2:10 AM", "2:50 AM", "3:00 AM")
    found = runs(when, NEW_YORK, "2026-03-08 05:00", 3)
    assert found == ["03-08 07:00", "03-09 06:10", "03-09 06:50"]


@pytest.mark.parametrize(
    ("when", "since", "expected"),
    [
        # Monthly on the 31st skips short months.
        (every("monthly", days=(31,)), "2026-01-10",
         ["01-31 09:00", "03-31 09:00", "05-31 09:00", "07-31 09:00"]),
        (every("monthly", days=(29, 31)), "2027-01-30", ["01-31 09:00", "03-29 09:00"]),
        (every("monthly", days=(31,), interval=2), "2026-02-10", ["08-31 09:00", "10-31 09:00"]),
        # 29 February is in leap years only.
        (every("monthly", days=(29,)), "2028-02-01", ["02-29 09:00", "03-29 09:00"]),
        (every("yearly"), "2028-02-29", ["02-29 09:00", "02-29 09:00"]),
        # Weeks start on Sunday: from a Wednesday, every second week.
        (every("weekly", days=(1, 5), interval=2), "2026-03-04",
         ["03-06 09:00", "03-16 09:00", "03-20 09:00"]),
        (every("weekly", days=(0,), interval=2), "2026-03-04", ["03-15 09:00", "03-29 09:00"]),
        (every("weekly", days=(0,), interval=2), "2026-03-01", ["03-01 09:00", "03-15 09:00"]),
        (every("weekly", interval=3), "2026-03-04", ["03-04 09:00", "03-25 09:00"]),
        # What has no days of its own counts from its first run.
        (every("daily", interval=5), "2026-03-04 10:00", ["03-05 09:00", "03-10 09:00"]),
        (every("daily", interval=5), "2026-03-04 08:00", ["03-04 09:00", "03-09 09:00"]),
        (every("yearly"), "2026-03-04 10:00", ["03-05 09:00", "03-05 09:00"]),
        (every("daily", "9:00 PM", "9:00 AM", "12:00 AM", "12:00 PM"), "2026-03-04 11:59",
         ["03-04 12:00", "03-04 21:00", "03-05 00:00", "03-05 09:00"]),
    ],
)  # fmt: skip
def test_days(when: When, since: str, expected: list[str]) -> None:
    assert runs(when, "UTC", since, len(expected)) == expected


def test_a_leap_days_next_run_is_four_years_later() -> None:
    when, first = every("yearly"), date(2028, 2, 29)
    rule = icecube(when, first)
    found = next_after(rule, when.times, first, ZoneInfo("UTC"), utc("2028-02-29 09:00"))
    assert found == utc("2032-02-29 09:00")


def test_what_never_happens_has_no_next_run() -> None:
    assert runs(every("monthly", days=(31,), interval=12), "UTC", "2026-02-01", 1) == []


def test_today_runs_today_alone() -> None:
    when = When(Rule.TODAY, times=("9:00 AM", "11:30 PM"))
    assert runs(when, NEW_YORK, "2026-03-05 03:59", 5) == ["03-05 04:30"]
    assert runs(when, NEW_YORK, "2026-03-05 05:01", 5) == ["03-05 14:00", "03-06 04:30"]
    assert runs(when, NEW_YORK, "2026-03-05 04:30", 5) == []


_NAMES: dict[str, Literal[0, 1, 2, 3]] = {
    "daily": DAILY,
    "weekly": WEEKLY,
    "monthly": MONTHLY,
    "yearly": YEARLY,
}
_ZONES = st.sampled_from([NEW_YORK, LONDON, LORD_HOWE, SYDNEY, HAVANA, CASABLANCA, "Asia/Tehran"])


@st.composite
def whens(draw: st.DrawFn) -> When:
    frequency = draw(st.sampled_from(list(_NAMES)))
    clock = st.builds(
        lambda hour, minute, half: f"{hour}:{minute:02} {half}M",
        st.integers(1, 12),
        st.sampled_from([0, 1, 15, 29, 30, 45, 59]),
        st.sampled_from("AP"),
    )
    times = tuple(draw(st.lists(clock, min_size=1, max_size=3, unique=True)))
    kinds = {"weekly": st.integers(0, 6), "monthly": st.integers(1, 31)}
    days: tuple[int, ...] = ()
    if frequency in kinds:
        days = tuple(sorted(draw(st.sets(kinds[frequency], max_size=4))))
    return every(frequency, *times, days=days, interval=draw(st.sampled_from([1, 1, 2, 3, 5])))


def by_dateutil(when: When, zone: ZoneInfo, first: date, until: datetime) -> list[datetime]:
    """The runs up to an instant, as python-dateutil has them; needs times that come once."""
    names = [weekday((number - 1) % 7) for number in range(7)]
    rule: dict[str, Any] = icecube(when, first).get("validations", {})
    found: set[datetime] = set()
    for text in when.times:
        at = datetime.strptime(text, "%I:%M %p").time()  # noqa: DTZ007 a wall-clock time
        assert when.frequency
        walls = rrule(
            _NAMES[when.frequency],
            dtstart=datetime.combine(first, at),
            interval=when.interval,
            wkst=SU,
            until=until.replace(tzinfo=None) + timedelta(days=2),
            byweekday=[names[number] for number in rule.get("day", ())] or None,
            bymonthday=rule.get("day_of_month") or None,
            bymonth=rule.get("month_of_year") or None,
        )
        found |= {_instant(each, zone) for each in walls}
    return sorted(each for each in found if each <= until)


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """By dateutil: one that does not exist is as far after the jump as it is into the gap, so the
    jump is that far before."""
    local = wall.replace(tzinfo=zone)
    real = resolve_imaginary(local)
    if real == local and real.replace(tzinfo=None) == wall:
        return real.astimezone(UTC)
    instant = real.astimezone(UTC)
    while (instant - timedelta(minutes=1)).astimezone(zone).utcoffset() == real.utcoffset():
        instant -= timedelta(minutes=1)
    return instant


@given(whens(), _ZONES, st.integers(0, 6000), st.integers(0, 1439), st.integers(0, 1200))
def test_dateutil_agrees(when: When, zone: str, day: int, minute: int, reach: int) -> None:
    place = ZoneInfo(zone)
    at = datetime(2015, 1, 1, tzinfo=UTC) + timedelta(days=day, minutes=minute)
    until = at + timedelta(days=reach)
    first = first_day_of(when, place, at)
    rule = icecube(when, first)
    found = times_due(rule, when.times, first, place, after=at, until=until)
    expected = [each for each in by_dateutil(when, place, first, until) if each > at]
    assert found == expected
    for before, after in itertools.pairwise(found):
        assert next_after(rule, when.times, first, place, before) == after
        assert previous_before(rule, when.times, first, place, after) == before
