"""Rings: whom they reach, who claims one, who refuses one, and how they end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from deskbell.desk import actions
from deskbell.desk.errors import CallerGone, NoPhone, TakenByOther
from deskbell.desk.models import (
    DeskCall,
    DeskCallState,
    Offer,
    OfferState,
    Receptionist,
    Standing,
)
from deskbell.desk.rules.queue import Outcome
from deskbell.desk.tests.waiting import end, queued, ring_of, rung, standing, state
from deskbell.foundation.errors import Conflict

pytestmark = pytest.mark.django_db
Receptionists = Callable[..., Receptionist]
Waits = Callable[..., DeskCall]


def test_a_caller_hangs_up_while_it_rings(
    receptionist: Receptionists, waits: Waits, at: datetime
) -> None:
    rita, call = receptionist("Rita"), waits()
    actions.distribute(at)
    ring = ring_of(rita)
    end(call, at + timedelta(seconds=8))
    assert state(call) == DeskCallState.OVER
    assert call.outcome == Outcome.ABANDONED
    assert standing(rita) == Standing.AVAILABLE
    assert actions.take_offer(offer_id=ring.pk, at=at + timedelta(seconds=9)) is None
    actions.ring_ended(offer_id=ring.pk, status="canceled", sip_code="487", at=at)
    assert standing(rita) == Standing.AVAILABLE
    assert not rita.missed


def test_two_rings_that_nobody_answered(
    receptionist: Receptionists, waits: Waits, at: datetime
) -> None:
    rita, bob, call = receptionist("Rita"), receptionist("Bob", standing="in_call"), waits()
    for _ in range(2):
        actions.distribute(at)
        actions.ring_ended(offer_id=ring_of(rita).pk, status="no-answer", sip_code="", at=at)
    assert standing(rita) == Standing.AWAY
    assert rita.away_because == "Two calls were not answered"
    assert state(call) == DeskCallState.WAITING
    assert standing(bob) == Standing.IN_CALL


def test_a_phone_that_is_not_registered(
    receptionist: Receptionists, waits: Waits, at: datetime
) -> None:
    rita, bob = receptionist("Rita"), receptionist("Bob", standing="away")
    call = waits()
    actions.distribute(at)
    actions.ring_ended(offer_id=ring_of(rita).pk, status="failed", sip_code="480", at=at)
    actions.go_available(receptionist=bob, at=at)
    actions.distribute(at)
    assert rung(call) == {"Bob"}, "Rita rests from this caller for some seconds"
    actions.go_away(receptionist=bob, at=at)
    actions.distribute(at + timedelta(seconds=4))
    actions.ring_ended(offer_id=ring_of(rita).pk, status="failed", sip_code="480", at=at)
    assert standing(rita) == Standing.AWAY
    assert rita.away_because == "Your phone staff-rita is not connected (480)"


def test_the_gateways_fault_is_not_the_receptionists(
    receptionist: Receptionists, waits: Waits, at: datetime
) -> None:
    rita, _ = receptionist("Rita"), waits()
    for n in range(4):
        when = at + timedelta(seconds=5 * n)
        assert actions.distribute(when) == 1
        actions.ring_ended(offer_id=ring_of(rita).pk, status="failed", sip_code="", at=when)
    assert standing(rita) == Standing.AVAILABLE


def test_who_refuses_is_rung_for_the_next_one(
    receptionist: Receptionists, waits: Waits, at: datetime
) -> None:
    rita, first, second = receptionist("Rita"), waits(), waits(at + timedelta(seconds=1))
    actions.distribute(at)
    actions.refuse(offer=ring_of(rita), at=at + timedelta(seconds=2))
    actions.distribute(at + timedelta(seconds=2))
    assert (rung(first), rung(second)) == (set(), {"Rita"})


def test_answer_in_the_page_ends_the_other_rings(
    receptionist: Receptionists, waits: Waits, at: datetime
) -> None:
    rita, bob, olivia = receptionist("Rita"), receptionist("Bob"), receptionist("Olivia")
    call = waits()
    actions.distribute(at)
    other = ring_of(bob)
    mine = actions.claim(desk_call=call, receptionist=rita, at=at)
    assert mine == ring_of(rita)
    assert rung(call) == {"Rita"}
    assert actions.take_offer(offer_id=other.pk, at=at) is None
    assert actions.distribute(at) == 0, "nobody else is rung meanwhile"
    with pytest.raises(TakenByOther, match="Rita has this call"):
        actions.claim(desk_call=call, receptionist=olivia, at=at)
    assert actions.claim(desk_call=call, receptionist=rita, at=at) == mine, "in the other tab"
    actions.ring_ended(offer_id=mine.pk, status="no-answer", sip_code="", at=at)
    actions.distribute(at)
    assert rung(call) == {"Rita", "Bob", "Olivia"}


def test_a_call_that_does_not_ring_for_them_can_be_claimed(
    receptionist: Receptionists, waits: Waits, at: datetime
) -> None:
    rita, call = receptionist("Rita"), waits()
    offer = actions.claim(desk_call=call, receptionist=rita, at=at)
    assert offer.is_claimed
    assert standing(rita) == Standing.RINGING
    second = waits(at + timedelta(seconds=1))
    with pytest.raises(Conflict, match="rings for another caller"):
        actions.claim(desk_call=second, receptionist=rita, at=at)
    end(second, at)
    with pytest.raises(CallerGone):
        actions.claim(desk_call=second, receptionist=receptionist("Bob"), at=at)
    olivia = receptionist("Olivia", phone="")
    with pytest.raises(NoPhone):
        actions.claim(desk_call=waits(), receptionist=olivia, at=at)
    with pytest.raises(NoPhone):
        actions.go_available(receptionist=olivia, at=at)


def test_a_ring_of_which_nobody_tells(
    receptionist: Receptionists, waits: Waits, at: datetime
) -> None:
    rita, _ = receptionist("Rita"), waits()
    actions.distribute(at)
    ring = ring_of(rita)
    actions.distribute(at + timedelta(seconds=3))
    assert queued("desk.ring") == 2, "its worker may have died"
    Offer.objects.update(rung_at=at)
    actions.distribute(at + timedelta(seconds=60))
    ring.refresh_from_db()
    assert ring.state == OfferState.MISSED
    rita.refresh_from_db()
    assert rita.missed == 1
