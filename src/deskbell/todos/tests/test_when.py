"""Schedules as programs give them, and which of them cannot be meant."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.foundation.errors import InvalidInput, MissingInput
from deskbell.todos.rules import Frequency, Rule, When, icecube, in_words, read_when, when_of

NINE = {"times": ["9:00 AM"]}
WEEKLY = {"rule": "recurring", "frequency": "weekly", **NINE}
MONTHLY = {"rule": "recurring", "frequency": "monthly", **NINE}
THURSDAY = date(2024, 11, 28)


def test_the_seeds_example_is_kept_as_icecube_has_it() -> None:
    when = read_when(
        {
            "frequency": "weekly",
            "times": ["9:00 AM"],
            "days": ["Tuesday", "Thursday", "Saturday"],
            "interval": 2,
        }
    )
    rule = icecube(when, THURSDAY)
    assert list(rule) == ["rule_type", "interval", "validations"]
    assert rule == {
        "rule_type": "IceCube::WeeklyRule",
        "interval": 2,
        "validations": {"day": [2, 4, 6]},
    }
    assert in_words(rule, when.times) == (
        "Every 2 weeks on Tuesday, Thursday and Saturday at 9:00 AM"
    )


@pytest.mark.parametrize(
    ("schedule", "rule", "words"),
    [
        ({"rule": "Immediately"}, {"rule_type": "IceCube::SingleOccurrence"}, "Once, right away"),
        (
            {"rule": "today", "times": ["3:00 PM", "9:00 PM"]},
            {"rule_type": "IceCube::SingleOccurrence"},
            "Once, at 3:00 PM and 9:00 PM",
        ),
        (
            {"frequency": "Daily", **NINE},
            {"rule_type": "IceCube::DailyRule", "interval": 1, "validations": {}},
            "Every day at 9:00 AM",
        ),
        (
            {**WEEKLY, "days": ["monday", "WEDNESDAY"]},
            {
                "rule_type": "IceCube::WeeklyRule",
                "interval": 1,
                "validations": {"day": [1, 3]},
            },
            "Every week on Monday and Wednesday at 9:00 AM",
        ),
        (
            WEEKLY,
            {"rule_type": "IceCube::WeeklyRule", "interval": 1, "validations": {"day": [4]}},
            "Every week on Thursday at 9:00 AM",
        ),
        (
            {**MONTHLY, "day": ["18", 1]},
            {
                "rule_type": "IceCube::MonthlyRule",
                "interval": 1,
                "validations": {"day_of_month": [1, 18]},
            },
            "Every month on the 1st and 18th at 9:00 AM",
        ),
        (
            {**MONTHLY, "days": [22, 3, 11], "interval": "2"},
            {
                "rule_type": "IceCube::MonthlyRule",
                "interval": 2,
                "validations": {"day_of_month": [3, 11, 22]},
            },
            "Every 2 months on the 3rd, 11th and 22nd at 9:00 AM",
        ),
        (
            {"frequency": "yearly", **NINE},
            {
                "rule_type": "IceCube::YearlyRule",
                "interval": 1,
                "validations": {"month_of_year": [11], "day_of_month": [28]},
            },
            "Every year on 28 November at 9:00 AM",
        ),
    ],
)
def test_rules(schedule: dict[str, Any], rule: dict[str, Any], words: str) -> None:
    when = read_when(schedule)
    assert icecube(when, THURSDAY) == rule
    assert in_words(rule, when.times) == words


@pytest.mark.parametrize(
    "times",
    [["9:00 AM"], ["09:00 am"], ["9:00AM"], [" 9:00 a.m. "], "9:00 AM", ["9:00 AM", "09:00 AM"]],
)
def test_a_time_is_kept_in_one_spelling(times: Any) -> None:
    assert read_when({"rule": "today", "times": times}).times == ("9:00 AM",)


@pytest.mark.parametrize(
    ("schedule", "field"),
    [
        (None, "schedule"),
        ("", "schedule"),
        ({}, "rule"),
        ({"times": ["9:00 AM"]}, "rule"),
        ({"rule": "recurring"}, "frequency"),
        ({"rule": "recurring", "frequency": "weekly"}, "times"),
        ({"rule": "recurring", "frequency": "weekly", "times": []}, "times"),
        ({"rule": "today"}, "times"),
    ],
)
def test_what_is_missing_is_named(schedule: Any, field: str) -> None:
    with pytest.raises(MissingInput) as missing:
        read_when(schedule)
    assert missing.value.field == field


@pytest.mark.parametrize(
    ("schedule", "field"),
    [
        ("weekly", "schedule"),
        (["weekly"], "schedule"),
        ({"rule": "sometimes", "frequency": "hourly"}, "rule"),
        ({"rule": 5}, "rule"),
        ({"rule": "recurring", "frequency": "hourly", "times": ["25:00 PM"]}, "frequency"),
        ({**WEEKLY, "times": ["25:00 PM"], "interval": 0}, "times"),
        ({**WEEKLY, "times": ["13:00 PM"]}, "times"),
        ({**WEEKLY, "times": ["0:30 AM"]}, "times"),
        ({**WEEKLY, "times": ["9:60 AM"]}, "times"),
        ({**WEEKLY, "times": ["9 AM"]}, "times"),
        ({**WEEKLY, "times": ["21:00"]}, "times"),
        ({**WEEKLY, "times": ["٩:00 AM"]}, "times"),
        ({**WEEKLY, "times": [9]}, "times"),
        ({**WEEKLY, "times": {"at": "9:00 AM"}}, "times"),
        ({**WEEKLY, "times": [f"{h}:{m:02} AM" for h in range(1, 13) for m in range(5)]}, "times"),
        ({**WEEKLY, "interval": 0, "days": ["Someday"]}, "interval"),
        ({**WEEKLY, "interval": -1}, "interval"),
        ({**WEEKLY, "interval": 1.5}, "interval"),
        ({**WEEKLY, "interval": True}, "interval"),
        ({**WEEKLY, "interval": "two"}, "interval"),
        ({**WEEKLY, "interval": 10**30}, "interval"),
        ({**WEEKLY, "days": ["Someday"]}, "days"),
        ({**WEEKLY, "days": [7]}, "days"),
        ({**WEEKLY, "days": [None]}, "days"),
        ({**WEEKLY, "days": {"0": "Monday"}}, "days"),
        ({**MONTHLY, "days": [0]}, "days"),
        ({**MONTHLY, "days": [32]}, "days"),
        ({**MONTHLY, "days": ["-1"]}, "days"),
        ({**MONTHLY, "days": ["Monday"]}, "days"),
        ({**MONTHLY, "frequency": "daily", "days": [1]}, "days"),
    ],
)
def test_the_first_fault_is_named(schedule: Any, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_when(schedule)
    assert not isinstance(refused.value, MissingInput)
    assert refused.value.field == field


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "rule": JSON | st.sampled_from(list(Rule)),
            "frequency": JSON | st.sampled_from(list(Frequency)),
            "times": JSON | st.just(["9:00 AM"]),
            "interval": JSON,
            "days": JSON,
            "day": JSON,
        },
    )
    | JSON
)
def test_whatever_is_given_is_read_or_refused_in_words(schedule: Any) -> None:
    fault = None
    try:
        when = read_when(schedule)
    except InvalidInput as refused:
        fault = refused
    if fault:
        assert fault.field
        assert str(fault)
        return
    kept = icecube(when, THURSDAY)
    assert icecube(when_of(kept, when.times), THURSDAY) == kept


def test_at_once_needs_no_other_field() -> None:
    assert read_when({"rule": "immediately", "times": ["25:00"]}) == When(Rule.IMMEDIATELY)
