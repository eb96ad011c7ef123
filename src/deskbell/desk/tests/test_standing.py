"""The state table: every pair of standing and event, and what holds for any life at a desk."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.desk import models
from deskbell.desk.rules.standing import (
    NOT_ANSWERED,
    PAGE_CLOSED,
    TABLE,
    Event,
    Order,
    Standing,
    State,
    after,
)
from deskbell.foundation.errors import Conflict

# What each event makes of: away, available, ringing, in a call, wrapping up.
# "-": too late, nothing changes; "!": refused in words; "=": stays, and leaves (or not) after it.
EXPECTED = """
    go_available      available  available  =          =          =
    go_away           away       away       away       =          =
    rung              !          ringing    !          !          !
    calls_out         ringing    ringing    !          !          !
    missed            -          -          available  -          -
    refused           -          -          available  -          -
    withdrawn         -          -          available  -          -
    failed            -          -          available  -          -
    ring_lost         -          -          available  -          -
    answered          -          -          in_call    -          -
    call_ended        -          -          -          wrapping   -
    call_passed_on    -          -          -          wrapping   -
    leg_lost          -          -          -          available  -
    gateway_lost      -          -          available  available  -
    came_back         -          -          -          -          available
    wrapped_up        -          -          -          !          available
    wrap_time_over    -          -          -          -          available
    page_lost         -          away       -          -          -
"""
ROWS = {line.split()[0]: line.split()[1:] for line in EXPECTED.strip().splitlines()}
PAIRS = [
    (standing, Event(event), cell)
    for event, cells in ROWS.items()
    for standing, cell in zip(Standing, cells, strict=True)
]


def test_every_pair_is_written_down() -> None:
    pairs = set(product(Standing, Event))
    assert set(TABLE) == pairs
    assert {(standing, event) for standing, event, _ in PAIRS} == pairs


@pytest.mark.parametrize(("standing", "event", "cell"), PAIRS)
def test_pair(standing: Standing, event: Event, cell: str) -> None:
    state = State(standing)
    if cell == "!":
        with pytest.raises(Conflict, match=r"^\w.*\w$"):
            after(state, event)
        return
    found = after(state, event)
    assert found.is_late == (cell == "-")
    if found.is_late:
        assert (found.state, found.orders) == (state, ())
        return
    assert found.state.standing == (standing if cell == "=" else cell)


@pytest.mark.parametrize(
    ("standing", "event"),
    [
        (Standing.RINGING, Event.GO_AWAY),
        (Standing.RINGING, Event.MISSED),
        (Standing.RINGING, Event.REFUSED),
        (Standing.RINGING, Event.WITHDRAWN),
        (Standing.RINGING, Event.FAILED),
        (Standing.RINGING, Event.RING_LOST),
        (Standing.RINGING, Event.GATEWAY_LOST),
        (Standing.IN_CALL, Event.LEG_LOST),
        (Standing.IN_CALL, Event.GATEWAY_LOST),
        (Standing.WRAPPING, Event.CAME_BACK),
        (Standing.WRAPPING, Event.WRAPPED_UP),
        (Standing.WRAPPING, Event.WRAP_TIME_OVER),
        (Standing.AWAY, Event.GO_AVAILABLE),
    ],
)
def test_whoever_or_whatever_is_free_is_distributed(standing: Standing, event: Event) -> None:
    assert Order.DISTRIBUTE in after(State(standing), event).orders


def test_orders() -> None:
    ring, call = State(Standing.RINGING), State(Standing.IN_CALL)
    assert Order.END_RING in after(ring, Event.GO_AWAY).orders
    assert Order.QUEUE_AGAIN in after(call, Event.LEG_LOST).orders
    assert Order.QUEUE_AGAIN in after(call, Event.GATEWAY_LOST).orders
    assert after(call, Event.CALL_ENDED).orders == (Order.START_WRAP,)


def test_who_leaves_after_a_call_leaves_after_writing_it_down() -> None:
    leaving = after(State(Standing.IN_CALL), Event.GO_AWAY).state
    assert leaving == State(Standing.IN_CALL, leaves_after=True)
    writing = after(leaving, Event.CALL_ENDED).state
    assert writing == State(Standing.WRAPPING, leaves_after=True)
    for over in (Event.WRAPPED_UP, Event.WRAP_TIME_OVER, Event.CAME_BACK):
        assert after(writing, over).state == State(Standing.AWAY)
    assert after(leaving, Event.LEG_LOST).state == State(Standing.AWAY)
    stays = after(writing, Event.GO_AVAILABLE).state
    assert after(stays, Event.WRAPPED_UP).state == State(Standing.AVAILABLE)


@pytest.mark.parametrize("event", [Event.MISSED, Event.FAILED])
def test_two_rings_that_come_to_nothing_are_enough(event: Event) -> None:
    once = after(State(Standing.RINGING), event).state
    assert once == State(Standing.AVAILABLE, missed=1)
    again = after(once, Event.RUNG).state
    assert after(again, event).state == State(Standing.AWAY, away_because=NOT_ANSWERED)
    told = after(again, event, words="Your phone staff-rita is not connected").state
    assert told.away_because == "Your phone staff-rita is not connected"


@pytest.mark.parametrize("event", [Event.WITHDRAWN, Event.REFUSED, Event.RING_LOST])
def test_rings_that_others_end_are_not_missed(event: Event) -> None:
    once = State(Standing.RINGING, missed=1)
    assert after(once, event).state == State(Standing.AVAILABLE, missed=1)


def test_answering_and_coming_back_start_afresh() -> None:
    assert after(State(Standing.RINGING, missed=1), Event.ANSWERED).state.missed == 0
    away = State(Standing.AWAY, missed=1, away_because=NOT_ANSWERED)
    assert after(away, Event.GO_AVAILABLE).state == State(Standing.AVAILABLE)


def test_who_calls_out_while_away_is_away_again_afterwards() -> None:
    rung = after(State(Standing.AWAY, away_because=PAGE_CLOSED), Event.CALLS_OUT).state
    assert rung == State(Standing.RINGING, leaves_after=True)
    assert after(rung, Event.MISSED).state.standing is Standing.AWAY
    spoke = after(after(rung, Event.ANSWERED).state, Event.CALL_ENDED).state
    assert after(spoke, Event.WRAPPED_UP).state.standing is Standing.AWAY


def test_a_closed_page_says_so() -> None:
    lost = after(State(Standing.AVAILABLE), Event.PAGE_LOST).state
    assert lost.away_because == PAGE_CLOSED
    assert after(State(Standing.AVAILABLE), Event.GO_AWAY).state.away_because == ""


@given(st.lists(st.sampled_from(Event), max_size=40))
def test_any_life(events: list[Event]) -> None:
    """A call is left only by its end, its passing on, or its loss; and words stand where away."""
    state = State(Standing.AWAY)
    for event in events:
        try:
            found = after(state, event, words="words")
        except Conflict:
            continue
        if state.standing is Standing.IN_CALL and found.state.standing is not Standing.IN_CALL:
            assert event in {
                Event.CALL_ENDED,
                Event.CALL_PASSED_ON,
                Event.LEG_LOST,
                Event.GATEWAY_LOST,
            }
            is_queued = Order.QUEUE_AGAIN in found.orders
            assert is_queued == (event in {Event.LEG_LOST, Event.GATEWAY_LOST})
        if found.state.standing is not Standing.AWAY:
            assert not found.state.away_because
        if found.state.standing in {Standing.AWAY, Standing.AVAILABLE}:
            assert not found.state.leaves_after
        assert found.state.missed < 2
        state = found.state


def test_the_table_and_the_rows_have_the_same_words() -> None:
    assert [each.value for each in Standing] == [each.value for each in models.Standing]
