"""The decision of one step, and the forecast that follows it, on a board of paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.oncall.rules.chains import Happening, Kind, Place, Rung, Why, decide, leave
from deskbell.oncall.rules.forecast import follow

AT = datetime(2026, 3, 4, 15, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass
class Paper:
    """A board with shifts in minutes from `AT`."""

    rungs: dict[int, Rung]
    shifts: dict[int, list[tuple[int, int, str]]] = field(default_factory=dict)
    fallbacks: dict[int, str] = field(default_factory=dict)
    fallback: str = ""

    def rung(self, level_id: int) -> Rung | None:
        return self.rungs.get(level_id)

    def first(self) -> Rung | None:
        return next(iter(self.rungs.values()), None)

    def on_call(self, level_id: int, at: datetime) -> Sequence[str]:
        minute = (at - AT) / MINUTE
        found = self.shifts.get(level_id, [])
        return [who for start, end, who in found if start <= minute < end]

    def level_fallback(self, level_id: int) -> Sequence[str]:
        return [self.fallbacks[level_id]] if level_id in self.fallbacks else []

    def account_fallback(self) -> Sequence[str]:
        return [self.fallback] if self.fallback else []

    def next_shift(self, level_id: int, at: datetime) -> datetime | None:
        minute = (at - AT) / MINUTE
        coming = [start for start, end, _ in self.shifts.get(level_id, []) if minute < start < end]
        return AT + min(coming) * MINUTE if coming else None


ALWAYS = [(-10_000, 1_000_000, "bob")]


def told(board: Paper, place: Place) -> list[tuple[float, str, str, int]]:
    """Minutes, what, on which level, which attempt."""
    return [
        ((at - AT) / MINUTE, each.kind.value, each.rung.name if each.rung else "", each.attempt)
        for at, each in follow(board, place, AT)
    ]


def test_a_chain_that_leads_back_goes_round_as_often_as_it_may() -> None:
    first = Rung(1, "First", wait_seconds=60, following=2)
    second = Rung(2, "Second", wait_seconds=120, following=1, loops=2)
    board = Paper({1: first, 2: second}, {1: ALWAYS, 2: ALWAYS})
    assert [each[:3] for each in told(board, Place(1)) if each[1] != "left"] == [
        (0, "attempt", "First"),
        (1, "attempt", "Second"),
        (3, "attempt", "First"),
        (4, "attempt", "Second"),
        (6, "attempt", "First"),
        (7, "attempt", "Second"),
        (9, "exhausted", "Second"),
    ]


def test_a_level_at_its_chains_end_waits_as_the_last_one_does() -> None:
    board = Paper({1: Rung(1, "Round", wait_seconds=0, following=1, loops=1)}, {1: ALWAYS})
    assert [each[:2] for each in told(board, Place(1))] == [
        (0, "attempt"),
        (0, "left"),
        (0, "attempt"),
        (5, "exhausted"),
    ]


def test_a_circle_with_nobody_ends_at_once() -> None:
    rungs = {number: Rung(number, "", following=3 - number, loops=10) for number in (1, 2)}
    assert told(Paper(rungs), Place(1)) == [
        (0, "skipped", "", 0),
        (0, "exhausted", "", 0),
    ]


def test_an_attempt_whose_people_have_gone_home_leaves_the_level_at_once() -> None:
    weekday = Rung(1, "Weekday", repeat=3, repeat_seconds=600, following=2)
    board = Paper(
        {1: weekday, 2: Rung(2, "Night", wait_seconds=60)},
        {1: [(-60, 15, "bob")], 2: [(15, 600, "rita")]},
    )
    assert told(board, Place(1)) == [
        (0, "attempt", "Weekday", 1),
        (10, "attempt", "Weekday", 2),
        (20, "skipped", "Weekday", 2),
        (20, "attempt", "Night", 1),
        (21, "exhausted", "Night", 1),
    ]


def test_fallbacks_come_before_leaving_and_the_levels_before_a_hold() -> None:
    late = [(30, 60, "rita")]
    held = Rung(1, "Weekday", wait_seconds=60, holds=True)
    assert told(Paper({1: held}, {1: late}, fallback="alice"), Place(1))[:2] == [
        (0, "held", "Weekday", 1),
        (30, "attempt", "Weekday", 1),
    ]
    with_own = Paper({1: held}, {1: late}, fallbacks={1: "alice"})
    assert told(with_own, Place(1))[0][:2] == (0, "fallback")
    without_shift = Paper({1: held}, fallback="alice")
    assert told(without_shift, Place(1))[0][:2] == (0, "fallback")


def test_passing_on_goes_to_the_next_level_with_its_reason() -> None:
    board = Paper({1: Rung(1, "Weekday", following=2), 2: Rung(2, "Night")}, {2: ALWAYS})
    decision = leave(board, Place(1, 1), AT, Why.PASSED_ON)
    assert decision is not None
    assert [(each.kind, each.why) for each in decision.happenings] == [
        (Kind.LEFT, Why.PASSED_ON),
        (Kind.ATTEMPT, None),
    ]
    assert decision.place == Place(2, 1)
    assert leave(board, Place(None), AT, Why.PASSED_ON) is None


@pytest.mark.parametrize(("level_id", "kind"), [(None, Kind.NOWHERE), (7, Kind.EXHAUSTED)])
def test_without_any_level_it_ends_and_does_not_begin(level_id: int | None, kind: Kind) -> None:
    decision = decide(Paper({}), Place(level_id), AT)
    assert (decision.last.kind, decision.next_at) == (kind, None)


numbers = st.integers(1, 4)


@st.composite
def boards(draw: st.DrawFn) -> Paper:
    """Up to four levels in any chain, whose circles all count."""
    count = draw(numbers)
    rungs = {
        number: Rung(
            number,
            f"Level {number}",
            repeat=draw(st.integers(0, 3)),
            repeat_seconds=draw(st.sampled_from([1, 60, 3600])),
            wait_seconds=draw(st.sampled_from([0, 30, 7200])),
            following=draw(st.none() | st.integers(1, count)),
            holds=draw(st.booleans()),
            loops=draw(st.integers(1, 3)),
        )
        for number in range(1, count + 1)
    }
    spans = st.tuples(st.integers(-100, 2000), st.integers(1, 900), st.sampled_from("abc"))
    shifts = {
        number: [(start, start + length, who) for start, length, who in draw(st.lists(spans))]
        for number in rungs
    }
    fallbacks = draw(st.dictionaries(st.integers(1, count), st.just("alice"), max_size=2))
    return Paper(rungs, shifts, fallbacks, draw(st.sampled_from(["", "olivia"])))


@given(boards(), numbers)
def test_every_chain_ends_once_and_time_never_goes_back(board: Paper, start: int) -> None:
    found = list(follow(board, Place(start), AT))
    ends = [each.kind in (Kind.EXHAUSTED, Kind.NOWHERE) for _, each in found]
    assert ends == [False] * (len(found) - 1) + [True]
    times = [at for at, _ in found]
    assert times == sorted(times)
    for level_id, rung in board.rungs.items():
        assert sum(_went_on(each, level_id) for _, each in found) <= rung.loops


def _went_on(happening: Happening[str], level_id: int) -> bool:
    from_here = happening.rung is not None and happening.rung.level_id == level_id
    return from_here and happening.kind in (Kind.LEFT, Kind.SKIPPED)


@given(boards(), numbers)
def test_nobody_is_tried_who_is_not_there(board: Paper, start: int) -> None:
    for at, each in follow(board, Place(start), AT):
        if each.rung is None:
            continue
        there = list(board.on_call(each.rung.level_id, at))
        if each.kind is Kind.ATTEMPT:
            assert list(each.methods) == there != []
        if each.kind in (Kind.FALLBACK, Kind.HELD, Kind.SKIPPED) or each.why is Why.NOBODY:
            assert there == []


@given(boards(), numbers)
def test_looks_at_what_is_held_change_nothing(board: Paper, start: int) -> None:
    """The engine looks every few minutes; the forecast leaps to the next shift."""
    place = Place(start)
    due: datetime | None = AT
    stepped: list[tuple[datetime, Happening[str]]] = []
    while due is not None:
        decision = decide(board, place, due)
        for each in decision.happenings:
            if each.kind is not Kind.HELD or each not in [before for _, before in stepped[-1:]]:
                stepped.append((due, each))
        place, due = decision.place, decision.next_at
    assert stepped == list(follow(board, Place(start), AT))
