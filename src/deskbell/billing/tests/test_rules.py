"""Money as people type it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.billing.rules import (
    MOST_CENTS,
    cents_of,
    checked_increment,
    checked_minutes,
    dollars_of,
    money,
)
from deskbell.foundation.errors import InvalidInput


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("0", 0),
        ("49", 4900),
        ("49.5", 4950),
        (" $49.05 ", 4905),
        ("$ 1,249.00", 124900),
        ("1249.99", 124999),
        ("100000", MOST_CENTS),
    ],
)
def test_amounts_are_read(typed: str, cents: int) -> None:
    assert cents_of(typed, field="base") == cents


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "-1", "+1", "1e3", "NaN", "inf", "0x10", "12.345", "1,24.00", "1.2.3", "1 000"),
        *("€5", "5 dollars", "٣", "1\0", "100000.01", "9" * 400, ".", ".5", "1.", ",1", "$"),
    ],
)
def test_what_is_no_amount_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        cents_of(typed, field="base")
    assert refused.value.field == "base"


@given(st.integers(0, MOST_CENTS))
def test_what_is_shown_is_read_again(cents: int) -> None:
    assert cents_of(dollars_of(cents), field="x") == cents
    assert cents_of(money(cents), field="x") == cents


@given(st.text(max_size=60))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    with suppress(InvalidInput):
        assert 0 <= cents_of(text, field="x") <= MOST_CENTS


@pytest.mark.parametrize("minutes", [-1, 1_000_001])
def test_minutes_have_bounds(minutes: int) -> None:
    with pytest.raises(InvalidInput):
        checked_minutes(minutes)


@pytest.mark.parametrize("seconds", [0, 1, 31, 90, -30])
def test_time_is_rounded_up_to_one_of_two(seconds: int) -> None:
    with pytest.raises(InvalidInput):
        checked_increment(seconds)
