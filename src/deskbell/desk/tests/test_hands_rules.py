"""The table of hands: every pair has a line, and nobody is left alone in a room."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.calls import models as calls
from deskbell.desk.models import DeskCallState, PartyState
from deskbell.desk.rules.hands import (
    MAY_BE_ALONE,
    PEOPLE,
    PRESSED,
    REPORTED,
    RINGS,
    Event,
    Hand,
    Move,
    Order,
    Refusal,
    Stage,
    Who,
    after,
    stands,
)

PAIRS = list(product(Hand, Event))
COMES = {Event.PARTY_ANSWERED: Who.PARTY, Event.PARTY_TOOK: Who.PARTY}
GOES = {
    Event.PARTY_LEFT: Who.PARTY,
    Event.CALLER_LEFT: Who.CALLER,
    Event.RECEPTIONIST_LEFT: Who.RECEPTIONIST,
    Event.RECEPTIONIST_LOST: Who.RECEPTIONIST,
}
DROPS = {
    Order.DROP_PARTY: Who.PARTY,
    Order.DROP_CALLER: Who.CALLER,
    Order.DROP_RECEPTIONIST: Who.RECEPTIONIST,
}


def present_after(hand: Hand, event: Event, move: Move) -> frozenset[Who]:
    """Who is in the room once the orders of a move are carried out."""
    present = set(PEOPLE[hand])
    if event in COMES:  # who answers an outgoing call is who it is for
        present.add(Who.CALLER if hand is Hand.DIALLING else COMES[event])
    present -= {GOES[event]} if event in GOES else set()
    return frozenset(present - {DROPS[order] for order in move.orders if order in DROPS})


@pytest.mark.parametrize(("hand", "event"), PAIRS)
def test_everybody_is_where_the_table_says(hand: Hand, event: Event) -> None:
    found = after(hand, event)
    if isinstance(found, Refusal):
        assert event in PRESSED
        assert len(found.words) > 10
        return
    assert present_after(hand, event, found) == PEOPLE[found.to]


@pytest.mark.parametrize("event", REPORTED)
def test_what_is_reported_is_never_refused(event: Event) -> None:
    assert all(isinstance(after(hand, event), Move) for hand in Hand)


def test_nobody_stays_alone_unless_somebody_is_on_the_way() -> None:
    alone = {hand for hand in Hand if len(PEOPLE[hand]) == 1}
    assert alone == MAY_BE_ALONE


@pytest.mark.parametrize("hand", sorted(RINGS))
def test_who_is_rung_and_never_comes_ends_the_ringing(hand: Hand) -> None:
    found = after(hand, Event.PARTY_LEFT)
    assert isinstance(found, Move)
    assert found.to not in RINGS


@pytest.mark.parametrize("hand", [Hand.TALKING, Hand.HELD, Hand.CALLING, Hand.CONSULTING])
def test_a_caller_whose_receptionist_is_lost_waits_again(hand: Hand) -> None:
    found = after(hand, Event.RECEPTIONIST_LOST)
    assert isinstance(found, Move)
    assert found.to is Hand.WAITING
    assert found.orders[-1] is Order.QUEUE
    assert Order.DROP_CALLER not in found.orders


def test_no_loss_of_a_phone_ends_a_call_with_a_caller() -> None:
    for hand in Hand:
        found = after(hand, Event.RECEPTIONIST_LOST)
        assert isinstance(found, Move)
        if Who.CALLER in PEOPLE[hand]:
            assert Who.CALLER in PEOPLE[found.to]


def test_the_receptionist_hangs_up_and_the_caller_goes_on_with_who_is_there() -> None:
    assert after(Hand.CONSULTING, Event.RECEPTIONIST_LEFT) == Move(
        Hand.PASSED, (Order.UNHOLD,), Stage.TRANSFER
    )
    ends = after(Hand.TALKING, Event.RECEPTIONIST_LEFT)
    assert isinstance(ends, Move)
    assert ends.to is Hand.OVER


@pytest.mark.parametrize("event", [Event.SEND, Event.ANNOUNCE, Event.PATCH])
@pytest.mark.parametrize("hand", [Hand.CALLING, Hand.CONSULTING, Hand.CONFERRING, Hand.PASSING])
def test_a_call_is_passed_on_once(hand: Hand, event: Event) -> None:
    found = after(hand, event)
    assert isinstance(found, Refusal)
    assert "already" in found.words


@pytest.mark.parametrize("event", [Event.HOLD, Event.UNHOLD])
def test_hold_pressed_twice_is_hold(event: Event) -> None:
    first = after(Hand.TALKING, event)
    assert isinstance(first, Move)
    assert after(first.to, event) == Move(first.to)


@given(st.lists(st.sampled_from(list(Event)), max_size=30))
def test_a_caller_on_hold_is_never_left_on_hold_with_whom_they_were_passed_to(
    events: list[Event],
) -> None:
    hand, is_held = Hand.TALKING, False
    for event in events:
        found = after(hand, event)
        if isinstance(found, Refusal):
            continue
        if Order.HOLD in found.orders:
            is_held = True
        if Order.UNHOLD in found.orders:
            is_held = False
        hand = found.to
        if hand in {Hand.HELD, Hand.CALLING, Hand.CONSULTING}:
            assert is_held
        elif hand is not Hand.OVER:
            assert not is_held


def test_rows_say_where_a_call_stands() -> None:
    def hand(state: str, party: str = "", *, held: bool = False, reached: bool = True) -> Hand:
        return stands(state=state, is_held=held, is_reached=reached, party=party)

    assert hand("waiting") is Hand.WAITING
    assert hand("in_hand") is Hand.TALKING
    assert hand("in_hand", held=True) is Hand.HELD
    assert hand("in_hand", "calling", held=True) is Hand.CALLING
    assert hand("in_hand", "talking", held=True) is Hand.CONSULTING
    assert hand("in_hand", "talking") is Hand.CONFERRING
    assert hand("in_hand", reached=False) is Hand.DIALLING
    assert hand("passed_on", "calling") is Hand.PASSING
    assert hand("passed_on", "talking") is Hand.PASSED
    assert hand("wrapping") is hand("over") is Hand.OVER


def test_the_words_are_those_of_the_tables() -> None:
    assert {stage.value for stage in Stage} <= set(calls.Stage.values)
    assert {"waiting", "in_hand", "passed_on"} <= set(DeskCallState.values)
    assert {"calling", "talking"} <= set(PartyState.values)
