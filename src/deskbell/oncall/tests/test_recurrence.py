"""How shifts come back: by month, year and week, over leap years and short months.

python-dateutil is the second opinion wherever RFC 5545 and our rules agree; where they do not, a
table says what we do.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import DAILY, MONTHLY, SU, WEEKLY, YEARLY, rrule, rrulestr, weekday
from hypothesis import given, reject
from hypothesis import strategies as st

from deskbell.foundation.errors import InvalidInput
from deskbell.oncall import rules
from deskbell.oncall.rules import Shift

NEW_YORK = ZoneInfo("America/New_York")
DAY = timedelta(days=1)
LAST = -1
SUN, MON, TUE, WED, THU, FRI, SAT = range(7)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def shift(starts: str, frequency: str, interval: int = 1, **rule: Any) -> Shift:
    for name in {"weekdays", "month_days", "nth_weekdays", "skipped"} & rule.keys():
        rule[name] = frozenset(rule[name])
    begin = wall(f"{starts} 09:00")
    return rules.checked(Shift(begin, begin + timedelta(hours=8), frequency, interval, **rule))


def days(one: Shift, first: str, last: str) -> list[str]:
    found = rules.dates(one, date.fromisoformat(first), date.fromisoformat(last))
    return [f"{day:%m-%d}" if first[:4] == last[:4] else f"{day:%Y-%m-%d}" for day in found]


@pytest.mark.parametrize(
    ("one", "between", "expected"),
    [
        # The 31st skips short months, and the 29th and 30th February.
        (shift("2026-01-31", "monthly"), ("2026-01-01", "2026-12-31"),
         ["01-31", "03-31", "05-31", "07-31", "08-31", "10-31", "12-31"]),
        (shift("2026-01-30", "monthly"), ("2026-01-01", "2026-05-31"),
         ["01-30", "03-30", "04-30", "05-30"]),
        (shift("2027-01-29", "monthly"), ("2027-12-01", "2028-03-31"),
         ["2027-12-29", "2028-01-29", "2028-02-29", "2028-03-29"]),
        # Every two months from an odd one; the grid is that of the start's month.
        (shift("2026-01-31", "monthly", 2, month_days={1, 31}), ("2026-01-01", "2026-12-31"),
         ["01-31", "03-01", "03-31", "05-01", "05-31", "07-01", "07-31", "09-01", "11-01"]),
        (shift("2026-11-15", "monthly", 3, month_days={2, 5}), ("2026-11-01", "2027-05-31"),
         ["2027-02-02", "2027-02-05", "2027-05-02", "2027-05-05"]),
        # Days before the start do not happen in its month.
        (shift("2026-03-04", "monthly", month_days={2, 5}), ("2026-03-01", "2026-04-30"),
         ["03-05", "04-02", "04-05"]),
        # "Monthly on the 1st Sunday and 2nd Sunday and 2nd Monday" (seed 000).
        (shift("2026-03-01", "monthly", nth_weekdays={(1, SUN), (2, SUN), (2, MON)}),
         ("2026-03-01", "2026-05-31"),
         ["03-01", "03-08", "03-09", "04-05", "04-12", "04-13", "05-03", "05-10", "05-11"]),
        # The 5th weekday skips months that have four; the last is there every month.
        (shift("2026-01-01", "monthly", nth_weekdays={(5, FRI)}), ("2026-01-01", "2026-12-31"),
         ["01-30", "05-29", "07-31", "10-30"]),
        (shift("2026-01-01", "monthly", nth_weekdays={(LAST, FRI)}), ("2026-01-01", "2026-06-30"),
         ["01-30", "02-27", "03-27", "04-24", "05-29", "06-26"]),
        # The 5th that is the last is one instance.
        (shift("2026-01-01", "monthly", nth_weekdays={(LAST, FRI), (5, FRI), (4, FRI)}),
         ("2026-01-01", "2026-02-28"), ["01-23", "01-30", "02-27"]),
        # 29 February, yearly; 2100 is no leap year.
        (shift("2028-02-29", "yearly"), ("2028-01-01", "2040-12-31"),
         ["2028-02-29", "2032-02-29", "2036-02-29", "2040-02-29"]),
        (shift("2096-02-29", "yearly", 4), ("2096-01-01", "2110-12-31"),
         ["2096-02-29", "2104-02-29", "2108-02-29"]),
        (shift("2026-12-31", "yearly", 2), ("2026-01-01", "2032-12-31"),
         ["2026-12-31", "2028-12-31", "2030-12-31", "2032-12-31"]),
        # Every two weeks from a Wednesday: Sunday of that week is over, Thursday is to come.
        (shift("2026-03-04", "weekly", 2, weekdays={SUN, THU}), ("2026-03-01", "2026-04-05"),
         ["03-05", "03-15", "03-19", "03-29", "04-02"]),
        # From a Saturday the first week has one day, from a Sunday seven.
        (shift("2026-03-07", "weekly", 3, weekdays={SUN, SAT}), ("2026-03-01", "2026-04-20"),
         ["03-07", "03-22", "03-28", "04-12", "04-18"]),
        (shift("2026-03-01", "weekly", 3, weekdays={SUN, SAT}), ("2026-03-01", "2026-04-05"),
         ["03-01", "03-07", "03-22", "03-28"]),
        # Over the end of the year.
        (shift("2026-12-23", "weekly", 2), ("2026-12-01", "2027-01-31"),
         ["2026-12-23", "2027-01-06", "2027-01-20"]),
        (shift("2028-02-27", "daily", 2), ("2028-02-27", "2028-03-05"),
         ["02-27", "02-29", "03-02", "03-04"]),
        # Skipped days are counted, and those that the rule never comes to do no harm.
        (shift("2026-03-04", "daily", count=4, skipped={date(2026, 3, 5), date(2026, 3, 30)}),
         ("2026-03-01", "2026-03-31"), ["03-04", "03-06", "03-07"]),
        (shift("2026-01-31", "monthly", count=3), ("2026-01-01", "2026-12-31"),
         ["01-31", "03-31", "05-31"]),
        (shift("2028-02-29", "yearly", count=2), ("2026-01-01", "2050-12-31"),
         ["2028-02-29", "2032-02-29"]),
        (shift("2026-03-31", "monthly", until=date(2026, 5, 31)), ("2026-03-01", "2026-12-31"),
         ["03-31", "05-31"]),
        (shift("2026-03-31", "monthly", until=date(2026, 5, 30)), ("2026-03-01", "2026-12-31"),
         ["03-31"]),
    ],
)  # fmt: skip
def test_days(one: Shift, between: tuple[str, str], expected: list[str]) -> None:
    assert days(one, *between) == expected


_FREQUENCIES: dict[str, Literal[0, 1, 2, 3]] = {
    "daily": DAILY,
    "weekly": WEEKLY,
    "monthly": MONTHLY,
    "yearly": YEARLY,
}
_NTHS = st.tuples(st.sampled_from([1, 2, 3, 4, 5, LAST]), st.integers(0, 6))


@st.composite
def shifts(draw: st.DrawFn) -> Shift:
    begin = wall("2020-01-01 09:00") + DAY * draw(st.integers(0, 4000))
    frequency = draw(st.sampled_from(list(_FREQUENCIES)))
    rule: dict[str, Any] = {}
    if frequency == "weekly":
        rule["weekdays"] = draw(st.frozensets(st.integers(0, 6)))
    if frequency == "monthly":
        name = draw(st.sampled_from(["month_days", "nth_weekdays"]))
        each = st.integers(1, 31) if name == "month_days" else _NTHS
        rule[name] = draw(st.frozensets(each, max_size=4))
    end = draw(st.sampled_from(["", "count", "until"]))
    if end == "count":
        rule["count"] = draw(st.integers(1, 60))
    if end == "until":
        rule["until"] = begin.date() + DAY * draw(st.integers(0, 3000))
    interval = draw(st.sampled_from([1, 1, 2, 3, 5, 12, 24]))
    try:
        return rules.checked(Shift(begin, begin + timedelta(hours=8), frequency, interval, **rule))
    except InvalidInput:
        reject()


_WINDOWS = st.tuples(st.integers(-400, 4000), st.integers(0, 900))


def window(one: Shift, reach: tuple[int, int]) -> tuple[date, date]:
    first = one.starts.date() + DAY * reach[0]
    return first, first + DAY * reach[1]


@given(shifts(), _WINDOWS)
def test_dateutil_agrees_from_any_day_on(one: Shift, reach: tuple[int, int]) -> None:
    first, last = window(one, reach)
    names = [weekday((number - 1) % 7) for number in range(7)]
    second = rrule(
        _FREQUENCIES[one.frequency],
        dtstart=one.starts,
        interval=one.interval,
        wkst=SU,
        count=one.count,
        until=None if one.until is None else datetime.combine(one.until, one.starts.time()),
        byweekday=[names[number] for number in one.weekdays]
        or [names[number](nth) for nth, number in one.nth_weekdays]
        or None,
        bymonthday=list(one.month_days) or None,
    )
    since, until = (datetime.combine(edge, one.starts.time()) for edge in (first, last))
    expected = [each.date() for each in second.between(since, until, inc=True)]
    assert list(rules.dates(one, first, last)) == expected


@given(shifts(), _WINDOWS, st.data())
def test_rrule_says_the_same_both_ways(
    one: Shift, reach: tuple[int, int], data: st.DataObject
) -> None:
    text = rules.rrule_of(one)
    assert text is not None
    first = next(rules.dates(one, one.starts.date(), date.max))
    starts = datetime.combine(first, one.starts.time())
    read = rules.shift_from_rrule(text, starts, starts + timedelta(hours=8))
    edges = window(one, reach)
    assert list(rules.dates(read, *edges)) == list(rules.dates(one, *edges))
    since, until = (datetime.combine(edge, one.starts.time()) for edge in edges)
    second = rrulestr(text, dtstart=starts).between(since, until, inc=True)
    assert [each.date() for each in second] == list(rules.dates(one, *edges))
    utc = rules.shift_from_rrule(
        rules.rrule_of(one, NEW_YORK) or "", starts, starts + timedelta(hours=8), NEW_YORK
    )
    assert list(rules.dates(utc, *edges)) == list(rules.dates(one, *edges))


@given(shifts(), _WINDOWS)
def test_what_is_left_of_a_rule(one: Shift, reach: tuple[int, int]) -> None:
    day = window(one, reach)[0]
    every = list(rules.dates(one, date.min, one.starts.date() + DAY * 6000))
    before = [each for each in every if each < day]
    assert rules.count_before(one, day) == len(before)
    if len(before) < len(every):
        assert not rules.is_over(one, day)
    for each in every[:3]:
        starts, ends = rules.instance_on(one, each) or (None, None)
        assert starts == datetime.combine(each, one.starts.time())
        assert ends == starts + timedelta(hours=8)
    if one.count is not None:
        last = rules.last_day(one) or date.max
        assert rules.instance_on(one, last) is not None
        assert rules.is_over(one, last + DAY)
        if last.year < 2500:  # ours end with the year 2600
            assert rules.count_before(one, last) == one.count - 1
    assert rules.instance_on(one, one.starts.date() - DAY) is None


def test_an_instance_that_is_skipped_is_not_there() -> None:
    one = shift("2026-03-04", "daily", skipped={date(2026, 3, 5)})
    assert rules.instance_on(one, date(2026, 3, 5)) is None
    night = rules.checked(Shift(wall("2026-03-04 22:00"), wall("2026-03-04 06:00"), "daily"))
    assert rules.instance_on(night, date(2026, 3, 9)) == (
        wall("2026-03-09 22:00"),
        wall("2026-03-10 06:00"),
    )


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (shift("2026-03-04", "once"), "once"),
        (shift("2026-03-04", "daily"), "every day"),
        (shift("2026-03-04", "daily", 5), "every 5 days"),
        (shift("2026-03-02", "weekly", 2, weekdays={MON, TUE}, until=date(2027, 3, 1)),
         "every 2 weeks on Monday and Tuesday until 1 March 2027"),
        (shift("2026-03-04", "weekly"), "weekly on Wednesday"),
        (shift("2026-03-02", "monthly", month_days={2, 5}), "monthly on the 2nd and 5th"),
        (shift("2026-03-01", "monthly", 3, month_days={1, 3, 11, 12, 13, 21, 22, 23, 31}),
         "every 3 months on the 1st, 3rd, 11th, 12th, 13th, 21st, 22nd, 23rd and 31st"),
        (shift("2026-03-01", "monthly", nth_weekdays={(1, SUN), (2, MON)}),
         "monthly on the 1st Sunday and 2nd Monday"),
        (shift("2026-03-01", "monthly", nth_weekdays={(LAST, SAT), (5, SUN)}, count=3),
         "monthly on the 5th Sunday and last Saturday, 3 times"),
        (shift("2028-02-29", "yearly", count=1), "yearly on 29 February, once"),
        (shift("2026-03-04", "yearly", 2), "every 2 years on 4 March"),
    ],
)  # fmt: skip
def test_rules_in_words(one: Shift, words: str) -> None:
    assert rules.in_words(one) == words


@pytest.mark.parametrize(
    ("starts", "rule", "words"),
    [
        ("2026-02-04", {"interval": 12, "month_days": {30}}, "never happens"),
        ("2026-04-04", {"interval": 12, "month_days": {31}}, "never happens"),
        ("2026-03-04", {"month_days": {0}}, "1 to 31"),
        ("2026-03-04", {"month_days": {32}}, "1 to 31"),
        ("2026-03-04", {"nth_weekdays": {(6, SUN)}}, "1st to 5th or the last"),
        ("2026-03-04", {"nth_weekdays": {(1, 7)}}, "1st to 5th or the last"),
        ("2026-03-04", {"nth_weekdays": {(-2, SUN)}}, "1st to 5th or the last"),
        ("2026-03-04", {"nth_weekdays": {(1, SUN)}, "month_days": {1}}, "not on both"),
        ("2026-03-04", {"interval": 1000}, "every 1 to 999 months"),
        ("2026-03-04", {"count": 5001}, "1 to 5000 instances"),
        ("2026-03-04", {"count": 1, "skipped": {date(2026, 3, 4)}}, "skipped"),
    ],
)
def test_rules_that_are_refused(starts: str, rule: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        shift(starts, "monthly", **rule)


def test_29_february_every_12_months_does_happen() -> None:
    leap = shift("2026-02-04", "monthly", 12, month_days={29})
    assert days(leap, "2026-01-01", "2033-01-01") == ["2028-02-29", "2032-02-29"]


@pytest.mark.parametrize(
    "make",
    [
        lambda year: shift(f"{year}-01-31", "monthly", month_days={29, 30, 31}),
        lambda year: shift(f"{year}-01-01", "monthly", 7, nth_weekdays={(5, MON), (LAST, SUN)}),
        lambda year: shift(f"{year}-02-28", "yearly", 3),
        lambda year: shift(f"{year}-01-05", "weekly", 3, weekdays={SUN, SAT}),
        lambda year: shift(f"{year}-01-05", "daily", 11),
    ],
)
def test_the_cost_does_not_grow_with_the_age(make: Callable[[int], Shift]) -> None:
    old, young = make(2000), make(2199)
    assert calls(old) < 3 * calls(young)


def calls(one: Shift) -> int:
    """How many functions are called to find the first day from June 2199 on."""
    counted = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        next(rules.dates(one, date(2199, 6, 1), date.max))
    finally:
        sys.setprofile(None)
    return counted
