"""Lines of a month, and the second sum that they are held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.billing.rules.lines import (
    Line,
    adjustment_line,
    plan_lines,
    put_right_lines,
    share_of,
)
from deskbell.billing.rules.months import (
    Stretch,
    Terms,
    end_of,
    last_day_of,
    month_after,
    month_before,
    newest_month,
    stretches,
)
from deskbell.billing.rules.second_sum import second_sum
from deskbell.calls.queries import BilledDay

OCTOBER = date(2026, 10, 1)
STANDARD = Terms("Standard", 12900, 100, 125, 60)
BUSY = Terms("Busy", 49900, 500, 105, 30)

months = st.dates(date(2020, 1, 1), date(2030, 12, 31)).map(lambda day: day.replace(day=1))
terms = st.builds(
    Terms,
    st.sampled_from(["A", "B", "C"]),
    st.integers(0, 10_000_000),
    st.integers(0, 5000),
    st.integers(0, 10_000),
    st.sampled_from([30, 60]),
)


def used(day: date, *calls: int) -> BilledDay:
    """A day with calls of so many seconds."""
    return BilledDay(
        day,
        len(calls),
        sum(calls),
        sum(-(-each // 30) for each in calls),
        sum(-(-each // 60) for each in calls),
    )


def lines_of(
    begun: Sequence[tuple[date, Terms]], month: date, days: Sequence[BilledDay]
) -> list[Line]:
    return plan_lines(stretches(begun, month), days)


def total(lines: Sequence[Line]) -> int:
    return sum(each.amount_cents for each in lines)


@pytest.mark.parametrize(
    ("month", "days"),
    [
        (date(2026, 2, 1), 28),
        (date(2028, 2, 1), 29),
        (date(2026, 4, 1), 30),
        (date(2026, 3, 1), 31),  # the clocks go forward
        (date(2026, 11, 1), 30),  # and back
    ],
)
def test_a_whole_month_costs_the_plan_however_long_it_is(month: date, days: int) -> None:
    [base, minutes] = lines_of([(date(2026, 1, 9), STANDARD)], month, [])[:2]
    if month.year == 2026:
        assert (base.amount_cents, minutes.amount_cents) == (12900, 0)
        assert (minutes.used_seconds, minutes.included_seconds) == (0, 6000)
    assert last_day_of(month).day == days
    assert base.words == f"Standard, {month:%B %Y}"


@pytest.mark.parametrize(
    ("seconds", "charged", "cents"),
    [
        ([6000], 0, 0),  # exactly what is in it
        ([6001], 60, 125),  # one second above, rounded up to the minute
        ([5999, 1], 60, 125),  # rounded call by call: a hundred minutes and one
        ([], 0, 0),
        ([60] * 101, 60, 125),
    ],
)
def test_minutes_above_the_plan_are_charged(seconds: list[int], charged: int, cents: int) -> None:
    lines = lines_of([(OCTOBER, STANDARD)], OCTOBER, [used(date(2026, 10, 31), *seconds)])
    assert (lines[1].charged_seconds, lines[1].amount_cents) == (charged, cents)
    assert lines[1].calls == len(seconds)


def test_half_minutes_are_rounded_half_up_to_the_cent() -> None:
    [_, line] = lines_of(
        [(OCTOBER, replace(BUSY, included_minutes=0))], OCTOBER, [used(OCTOBER, 1)]
    )
    assert (line.used_seconds, line.amount_cents) == (30, 53)  # 52.5


@pytest.mark.parametrize(
    ("changed_on", "shares"),
    [
        (date(2026, 10, 1), [49900]),
        (date(2026, 10, 15), [5826, 27365]),
        (date(2026, 10, 31), [12484, 1610]),
    ],
)
def test_a_plan_changed_in_the_month_costs_by_days(changed_on: date, shares: list[int]) -> None:
    begun = [(date(2026, 1, 1), STANDARD), (changed_on, BUSY)]
    lines = [each for each in lines_of(begun, OCTOBER, []) if each.kind == "base"]
    assert [each.amount_cents for each in lines] == shares
    assert lines[-1].last_day == date(2026, 10, 31)


def test_each_plan_rounds_the_calls_of_its_own_days() -> None:
    begun = [(OCTOBER, STANDARD), (date(2026, 10, 15), BUSY)]
    days = [used(date(2026, 10, 14), 61), used(date(2026, 10, 15), 61)]
    minutes = [each for each in lines_of(begun, OCTOBER, days) if each.kind == "overage"]
    assert [each.used_seconds for each in minutes] == [120, 90]
    assert [each.included_seconds for each in minutes] == [2710, 16452]


def test_days_before_the_first_plan_cost_nothing() -> None:
    begun = [(date(2026, 10, 20), STANDARD)]
    lines = lines_of(begun, OCTOBER, [used(date(2026, 10, 19), 100_000)])
    assert lines[0].amount_cents == 12900 - 7906
    assert lines[1].used_seconds == 0
    assert lines_of(begun, date(2026, 9, 1), []) == []


def test_a_plan_given_again_is_one_stretch() -> None:
    begun = [(date(2026, 9, 1), STANDARD), (date(2026, 10, 10), STANDARD)]
    assert stretches(begun, OCTOBER) == [Stretch(STANDARD, OCTOBER, date(2026, 10, 31))]


@given(months, terms, st.sets(st.integers(2, 28), max_size=6))
def test_parts_of_one_plan_add_up_to_it(month: date, plan: Terms, cuts: set[int]) -> None:
    starts = [1, *sorted(cuts)]
    ends = [each - 1 for each in starts[1:]] + [last_day_of(month).day]
    parts = [
        Stretch(plan, month.replace(day=first), month.replace(day=last))
        for first, last in zip(starts, ends, strict=True)
    ]
    assert sum(share_of(plan.base_cents, each) for each in parts) == plan.base_cents
    assert all(share_of(plan.base_cents, each) >= 0 for each in parts)


@given(
    months,
    st.dictionaries(st.integers(-60, 40), terms, max_size=5),
    st.lists(
        st.tuples(st.integers(0, 27), st.lists(st.integers(1, 20_000), max_size=5)),
        max_size=12,
        unique_by=lambda each: each[0],
    ),
    st.integers(-500_000, 500_000),
)
def test_the_second_sum_is_the_same_to_the_cent(
    month: date,
    begins: dict[int, Terms],
    calls: list[tuple[int, list[int]]],
    adjusted: int,
) -> None:
    begun = [(month + timedelta(days=n), plan) for n, plan in begins.items()]
    days = [used(month + timedelta(days=n), *seconds) for n, seconds in calls]
    lines = [*lines_of(begun, month, days), adjustment_line("x", adjusted)]
    assert total(lines) == second_sum(begun, month, days, [], adjusted)
    assert all(each.amount_cents >= 0 for each in lines[:-1])


@given(
    st.lists(st.lists(st.integers(1, 20_000), max_size=5), min_size=3, max_size=3),
    terms,
    terms,
)
def test_what_changed_since_is_put_right_once_by_the_months_own_plan(
    versions: list[list[int]], then: Terms, later: Terms
) -> None:
    november, december = month_after(OCTOBER), date(2026, 12, 1)
    day = date(2026, 10, 30)
    stated = lines_of([(OCTOBER, then)], OCTOBER, [used(day, *versions[0])])[1:]
    begun = [(OCTOBER, later)]  # the plan was edited meanwhile
    for month, calls in ((november, versions[1]), (december, versions[2])):
        days = [used(day, *calls)]
        fresh = put_right_lines(stated, days)
        lines = lines_of(begun, month, days)
        assert total(lines) + total(fresh) == second_sum(begun, month, days, stated, 0)
        stated = [*stated, *fresh]
        right = lines_of([(OCTOBER, then)], OCTOBER, days)[1]
        assert total(stated) == right.amount_cents
        assert put_right_lines(stated, days) == []


def test_words_say_what_is_put_right() -> None:
    stated = lines_of([(OCTOBER, STANDARD)], OCTOBER, [used(OCTOBER, 6060)])[1:]
    [line] = put_right_lines(stated, [used(OCTOBER, 6000)])
    assert (line.amount_cents, line.used_seconds) == (-125, 6000)
    assert line.words == "Put right: minutes above Standard, October 2026"


@pytest.mark.parametrize(
    ("at", "zone", "month"),
    [
        (datetime(2026, 11, 1, 5, 59, tzinfo=UTC), "UTC", date(2026, 9, 1)),
        (datetime(2026, 11, 1, 6, 0, tzinfo=UTC), "UTC", OCTOBER),
        # New York's clocks go back on November 1: its day has 25 hours, its month ended at 04:00 Z
        (datetime(2026, 11, 1, 9, 59, tzinfo=UTC), "America/New_York", date(2026, 9, 1)),
        (datetime(2026, 11, 1, 10, 0, tzinfo=UTC), "America/New_York", OCTOBER),
        (datetime(2026, 10, 31, 16, 0, tzinfo=UTC), "Pacific/Kiritimati", OCTOBER),
        (datetime(2027, 1, 1, 6, 0, tzinfo=UTC), "UTC", date(2026, 12, 1)),
    ],
)
def test_a_month_is_stated_when_it_has_been_over_for_six_hours(
    at: datetime, zone: str, month: date
) -> None:
    assert newest_month(at, zone) == month
    assert end_of(month, zone) <= at - timedelta(hours=6)
    assert month_before(month_after(month)) == month
