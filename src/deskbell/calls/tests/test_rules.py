"""Seconds follow from stages: in tables, as in the seed's example, and for whatever may happen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.calls import rules
from deskbell.calls.models import Stage
from deskbell.calls.rules import Seconds, Usage, seconds_of, usage_of

ZERO = datetime(2024, 9, 16, 16, 47, 7, 2000, tzinfo=UTC)
KINDS = 6


def at(seconds: float) -> datetime:
    return ZERO + timedelta(seconds=seconds)


def figures(*stages: tuple[str, float], end: float, wrapped: float | None = None) -> Seconds:
    return seconds_of(
        [(stage, at(since)) for stage, since in stages],
        ZERO,
        at(end),
        None if wrapped is None else at(wrapped),
    )


def added(found: Seconds) -> int:
    return found.ivr + found.wait + found.talk + found.hold + found.transfer + found.conference


def test_the_seeds_example_comes_out_as_it_is_printed() -> None:
    """Seed 000, "Call Recordings API": its moments to the millisecond, and its seconds."""
    found = figures(("wait", 0.476), ("talk", 12.324), ("wrap", 18.066), end=18.169, wrapped=18.169)
    assert found == Seconds(ivr=0, wait=11, talk=6, connection=18)
    assert abs(added(found) - found.connection) <= 1


@pytest.mark.parametrize(
    ("stages", "end", "wrapped", "wanted"),
    [
        ([], 30, None, Seconds(ivr=30, connection=30)),
        ([("wait", 5)], 65, None, Seconds(ivr=5, wait=60, connection=65)),
        ([("wait", 5), ("ivr", 20)], 30, None, Seconds(ivr=15, wait=15, connection=30)),
        (
            [("wait", 5), ("talk", 15), ("hold", 40), ("talk", 50)],
            70,
            100,
            Seconds(ivr=5, wait=10, talk=45, hold=10, wrap=30, connection=70),
        ),
        (
            [("wait", 2), ("talk", 10), ("hold", 30), ("transfer", 40)],
            100,
            105,
            Seconds(ivr=2, wait=8, talk=20, hold=10, transfer=60, wrap=5, connection=100),
        ),
        (
            [("wait", 0), ("talk", 10), ("conference_hold", 20), ("conference", 30)],
            50,
            None,
            Seconds(wait=10, talk=10, conference=30, conference_talk=20, connection=50),
        ),
        # A receptionist's telephone is lost: the caller waits again, and is answered again.
        (
            [("wait", 0), ("talk", 10), ("wait", 20), ("talk", 25)],
            30,
            None,
            Seconds(wait=15, talk=15, connection=30),
        ),
        # What is told out of order, before the answer, or after the end.
        ([("talk", 20), ("wait", -5)], 30, None, Seconds(wait=20, talk=10, connection=30)),
        ([("wait", 10), ("talk", 40)], 30, None, Seconds(ivr=10, wait=20, connection=30)),
        # Written down while the caller was still with somebody else: nothing came after the end.
        ([("transfer", 0)], 30, 20, Seconds(transfer=30, connection=30)),
        ([("wait", 0)], -5, None, Seconds()),
    ],
)
def test_each_second_is_spent_in_one_stage(
    stages: list[tuple[str, float]], end: float, wrapped: float | None, wanted: Seconds
) -> None:
    assert figures(*stages, end=end, wrapped=wrapped) == wanted


moments = st.floats(min_value=-50, max_value=4000, allow_nan=False)


@given(
    st.lists(st.tuples(st.sampled_from(Stage.values), moments), max_size=30),
    st.floats(min_value=0, max_value=3600, allow_nan=False),
    st.none() | moments,
)
def test_the_stages_add_up_to_the_connection(
    stages: list[tuple[str, float]], end: float, wrapped: float | None
) -> None:
    found = figures(*stages, end=end, wrapped=wrapped)
    assert abs(added(found) - found.connection) < KINDS - 1
    assert 0 <= found.conference_talk <= found.conference
    assert found.wrap >= 0


@given(st.lists(st.tuples(st.sampled_from(Stage.values), st.integers(0, 3600)), max_size=30))
def test_whole_seconds_add_up_exactly(stages: list[tuple[str, int]]) -> None:
    found = figures(*stages, end=3600)
    assert added(found) == found.connection == 3600


@given(st.lists(st.tuples(st.sampled_from(Stage.values), moments), max_size=20))
def test_a_stage_told_twice_changes_nothing(stages: list[tuple[str, float]]) -> None:
    doubled = [each for stage in stages for each in (stage, stage)]
    assert figures(*doubled, end=600) == figures(*stages, end=600)


def test_a_call_without_a_receptionist_is_standard_to_the_last_second() -> None:
    seconds = Seconds(ivr=5, wait=59, connection=65)
    assert usage_of(seconds, is_assisted=False) == Usage(1, 0, 65, 0, 3, 2)


def test_a_call_that_nobody_answered_uses_nothing() -> None:
    assert usage_of(Seconds(), is_assisted=False) == Usage()


def test_with_one_what_came_before_them_is_standard_and_all_after_is_assisted() -> None:
    seconds = Seconds(
        ivr=1, wait=2, talk=4, hold=8, transfer=16, wrap=32, conference=64, conference_talk=50
    )
    assert usage_of(seconds, is_assisted=True) == Usage(1, 1, 3, 124, 5, 3)


def test_the_rules_know_every_stage() -> None:
    names = {rules.IVR, rules.WAIT, rules.TALK, rules.HOLD, rules.TRANSFER, rules.WRAP}
    assert names | {rules.CONFERENCE, rules.CONFERENCE_HOLD} == set(Stage.values)
