"""A caller's way through the desk, on real rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from deskbell.accounts.models import Account
from deskbell.calls import actions as records
from deskbell.calls.models import Call, Stage
from deskbell.desk import actions, queries
from deskbell.desk.models import (
    DeskCall,
    DeskCallState,
    Offer,
    Receptionist,
    Standing,
)
from deskbell.desk.rules.queue import Outcome
from deskbell.desk.tests.waiting import end, queued, ring_of, rung, stages, standing, state
from deskbell.foundation.errors import Conflict

pytestmark = pytest.mark.django_db
Receptionists = Callable[..., Receptionist]
Waits = Callable[..., DeskCall]


def test_from_the_queue_to_the_end(receptionist: Receptionists, waits: Waits, at: datetime) -> None:
    rita, bob = receptionist("Rita"), receptionist("Bob")
    call = waits()
    assert actions.distribute(at) == 2
    assert queued("desk.ring") == 2
    mine, other = ring_of(rita), ring_of(bob)
    answered = actions.take_offer(offer_id=mine.pk, at=at + timedelta(seconds=4))
    assert answered == call
    assert actions.take_offer(offer_id=mine.pk, at=at) == call, "the same leg asks again"
    assert actions.take_offer(offer_id=other.pk, at=at) is None
    assert (standing(rita), standing(bob)) == (Standing.IN_CALL, Standing.AVAILABLE)
    assert queued("desk.withdraw") == 1
    end(call, at + timedelta(seconds=30))
    assert state(call) == DeskCallState.WRAPPING
    assert standing(rita) == Standing.WRAPPING
    actions.wrapped_up(desk_call=call, at=at + timedelta(seconds=50))
    assert state(call) == DeskCallState.OVER
    assert call.outcome == Outcome.HANDLED
    assert standing(rita) == Standing.AVAILABLE
    assert stages(call) == [Stage.WAIT, Stage.TALK, Stage.WRAP]
    record = Call.objects.get(sid=call.call_sid)
    assert record.agent_name == "Rita"
    assert (record.wait_sec, record.talk_sec, record.wrap_sec) == (4, 26, 20)


def test_asked_twice_a_call_waits_once(phones: Callable[..., Call], at: datetime) -> None:
    call = phones(at)
    first = actions.join_queue(call=call, way="gateway", at=at)
    again = actions.join_queue(call=call, way="gateway", at=at + timedelta(seconds=9))
    assert (again.pk, again.entered_at) == (first.pk, at)


def test_who_hung_up_before_never_waits(phones: Callable[..., Call], at: datetime) -> None:
    call = phones(at)
    records.end(sid=call.sid, status="completed", at=at, seconds=1, who="caller", quality={})
    assert actions.join_queue(call=call, way="gateway", at=at).state == DeskCallState.OVER


def test_patience_ends_in_voicemail(
    receptionist: Receptionists, waits: Waits, at: datetime
) -> None:
    rita, call = receptionist("Rita"), waits()
    actions.distribute(at)
    assert actions.next_due() == at + timedelta(seconds=60)
    actions.distribute(at + timedelta(seconds=180))
    assert state(call) == DeskCallState.OVER
    assert call.outcome == Outcome.VOICEMAIL
    assert standing(rita) == Standing.AVAILABLE
    assert (queued("desk.close"), queued("desk.withdraw")) == (1, 1)


def test_all_go_away_while_somebody_waits(
    receptionist: Receptionists, waits: Waits, at: datetime
) -> None:
    rita, call = receptionist("Rita"), waits()
    actions.distribute(at)
    ring = ring_of(rita)
    actions.go_away(receptionist=rita, at=at)
    assert actions.take_offer(offer_id=ring.pk, at=at) is None
    actions.distribute(at)
    assert state(call) == DeskCallState.OVER
    assert queued("desk.close") == 1


def test_who_chooses_a_receptionist_again_waits_anew(
    receptionist: Receptionists, phones: Callable[..., Call], at: datetime
) -> None:
    record = phones(at)
    call = actions.join_queue(call=record, way="gateway", at=at)
    actions.distribute(at)
    assert state(call) == DeskCallState.OVER
    receptionist("Rita")
    later = at + timedelta(seconds=30)
    again = actions.join_queue(call=record, way="gateway", at=later)
    assert (again.pk, again.state, again.outcome) == (call.pk, DeskCallState.WAITING, "")
    assert (again.entered_at, again.rank_at) == (later, later)


def test_a_lost_leg_puts_the_caller_back(
    taken: tuple[Receptionist, DeskCall],
    receptionist: Receptionists,
    waits: Waits,
    at: datetime,
) -> None:
    """At their old place, and at the one who had them first; then at all."""
    (rita, call), bob, later = taken, receptionist("Bob"), at + timedelta(seconds=20)
    second = waits(at + timedelta(seconds=10))
    mine = Offer.objects.get(desk_call=call)
    actions.leg_ended(offer_id=mine.pk, was_hung_up=False, at=later)
    actions.leg_ended(offer_id=mine.pk, was_hung_up=True, at=later)
    assert state(call) == DeskCallState.WAITING
    assert queries.position(call) == 1
    assert queued("desk.put_back") == 1
    actions.distribute(later)
    assert (rung(call), rung(second)) == ({"Rita"}, {"Bob"})
    actions.ring_ended(offer_id=ring_of(rita).pk, status="failed", sip_code="480", at=later)
    end(second, later)
    actions.distribute(later)
    assert rung(call) == {"Bob"}
    actions.take_offer(offer_id=ring_of(bob).pk, at=later)
    assert state(call) == DeskCallState.IN_HAND
    assert call.answered_at == at + timedelta(seconds=5)
    assert stages(call) == [Stage.WAIT, Stage.TALK, Stage.WAIT, Stage.TALK]


def test_who_hangs_up_ends_the_call(taken: tuple[Receptionist, DeskCall], at: datetime) -> None:
    rita, call = taken
    actions.leg_ended(offer_id=Offer.objects.get().pk, was_hung_up=True, at=at)
    assert (state(call), standing(rita)) == (DeskCallState.WRAPPING, Standing.WRAPPING)
    assert queued("desk.settle") >= 1
    end(call, at + timedelta(seconds=1), who="system")
    assert state(call) == DeskCallState.WRAPPING
    assert call.outcome == Outcome.HANDLED
    assert Call.objects.get(sid=call.call_sid).who_hung_up == "agent"


def test_a_leg_that_ends_in_the_moment_of_its_answer(
    taken: tuple[Receptionist, DeskCall], at: datetime
) -> None:
    """Its end is told as of a ring that took nothing, since it was asked before the answer."""
    offer = Offer.objects.get()
    actions.ring_ended(offer_id=offer.pk, status="completed", sip_code="", at=at)
    assert state(taken[1]) == DeskCallState.WRAPPING
    actions.ring_ended(offer_id=offer.pk, status="completed", sip_code="", at=at)
    assert standing(taken[0]) == Standing.WRAPPING


def test_time_for_writing_down_is_over(taken: tuple[Receptionist, DeskCall], at: datetime) -> None:
    rita, call = taken
    end(call, at + timedelta(seconds=30))
    assert actions.next_due() == at + timedelta(seconds=150)
    actions.distribute(at + timedelta(seconds=149))
    assert standing(rita) == Standing.WRAPPING
    actions.distribute(at + timedelta(seconds=150))
    assert (state(call), standing(rita)) == (DeskCallState.OVER, Standing.AVAILABLE)
    assert queued("desk.wrapped") == 1


def test_who_leaves_after_a_call_is_away_then(
    taken: tuple[Receptionist, DeskCall], at: datetime
) -> None:
    rita, call = taken
    actions.go_away(receptionist=rita, at=at)
    assert standing(rita) == Standing.IN_CALL
    end(call, at)
    with pytest.raises(Conflict):
        actions.claim(desk_call=call, receptionist=rita, at=at)
    actions.wrapped_up(desk_call=call, at=at)
    assert standing(rita) == Standing.AWAY


def test_a_call_in_hand_is_not_written_down_yet(
    taken: tuple[Receptionist, DeskCall], at: datetime
) -> None:
    with pytest.raises(Conflict, match="still going on"):
        actions.wrapped_up(desk_call=taken[1], at=at)


def test_a_call_that_was_passed_on(taken: tuple[Receptionist, DeskCall], at: datetime) -> None:
    rita, call = taken
    actions.let_go(desk_call=call, at=at)
    assert (state(call), standing(rita)) == (DeskCallState.PASSED_ON, Standing.WRAPPING)
    assert queries.desk_of(rita).wrapping == call
    actions.wrapped_up(desk_call=call, at=at)
    assert (state(call), standing(rita)) == (DeskCallState.PASSED_ON, Standing.AVAILABLE)
    assert queries.desk_of(rita).wrapping is None
    end(call, at)
    assert state(call) == DeskCallState.OVER


def test_a_passed_on_call_ends_while_it_is_written_down(
    taken: tuple[Receptionist, DeskCall], at: datetime
) -> None:
    rita, call = taken
    actions.let_go(desk_call=call, at=at)
    end(call, at)
    assert (state(call), standing(rita)) == (DeskCallState.WRAPPING, Standing.WRAPPING)


def test_it_comes_back_at_the_head(
    taken: tuple[Receptionist, DeskCall], waits: Waits, at: datetime
) -> None:
    rita, call = taken
    older = waits(at - timedelta(seconds=60))
    actions.let_go(desk_call=call, at=at)
    actions.come_back(desk_call=call, at=at, at_head=True)
    assert (queries.position(call), queries.position(older)) == (1, 2)
    assert standing(rita) == Standing.AVAILABLE
    actions.distribute(at)
    assert rung(call) == {"Rita"}
    assert queries.position(call) == 1


def test_who_wrote_it_down_already_is_not_disturbed(
    taken: tuple[Receptionist, DeskCall], at: datetime
) -> None:
    rita, call = taken
    actions.let_go(desk_call=call, at=at)
    actions.wrapped_up(desk_call=call, at=at)
    actions.go_away(receptionist=rita, at=at)
    actions.come_back(desk_call=call, at=at)
    assert (state(call), standing(rita)) == (DeskCallState.WAITING, Standing.AWAY)


def test_a_gateway_that_is_back_has_its_callers_wait_again(
    taken: tuple[Receptionist, DeskCall], at: datetime
) -> None:
    rita, call = taken
    record = Call.objects.get(sid=call.call_sid)
    record.gateway = "http://127.0.0.1:8071"
    found = actions.resumed(call=record, at=at + timedelta(seconds=30))
    assert found is not None
    assert (found.state, found.rank_at) == (DeskCallState.WAITING, at)
    assert (found.preferred, found.gateway) == (rita, "http://127.0.0.1:8071")
    assert standing(rita) == Standing.AVAILABLE
    assert actions.resumed(call=record, at=at) == found
    end(found, at)
    assert actions.resumed(call=record, at=at) is None


def test_a_caller_whose_call_broke_off_has_the_old_place(
    receptionist: Receptionists, phones: Callable[..., Call], waits: Waits, at: datetime
) -> None:
    receptionist("Rita", standing="in_call")
    first = waits(at)
    second = waits(at + timedelta(seconds=5))
    end(first, at + timedelta(seconds=20), who="system", status="failed")
    assert state(first) == DeskCallState.OVER
    assert first.outcome == Outcome.LOST
    soon, late = at + timedelta(seconds=60), at + timedelta(minutes=6)
    back = actions.join_queue(call=phones(soon), way="gateway", at=soon)
    assert (queries.position(back), queries.position(second)) == (1, 2)
    unknown = actions.join_queue(call=phones(soon, "anonymous"), way="gateway", at=soon)
    assert unknown.rank_at == soon
    too_late = actions.join_queue(call=phones(late), way="gateway", at=late)
    assert too_late.rank_at == late


def test_a_page_that_was_closed(receptionist: Receptionists, waits: Waits, at: datetime) -> None:
    """Who is available goes away; a call goes on, whatever pages do."""
    rita, bob = receptionist("Rita", seen_at=at), receptionist("Bob", seen_at=at)
    call = waits()
    actions.distribute(at)
    actions.take_offer(offer_id=ring_of(bob).pk, at=at)
    assert actions.next_due() == at + timedelta(minutes=10)
    actions.distribute(at + timedelta(minutes=10))
    assert standing(rita) == Standing.AWAY
    assert rita.away_because == "Your desk page was closed"
    assert standing(bob) == Standing.IN_CALL
    assert state(call) == DeskCallState.IN_HAND


def test_an_open_page_keeps_its_receptionist(
    receptionist: Receptionists, at: datetime, django_assert_num_queries: Any
) -> None:
    rita = receptionist("Rita", seen_at=at)
    with django_assert_num_queries(0):
        actions.seen(receptionist=rita, at=at + timedelta(seconds=29))
    rita.refresh_from_db()
    assert rita.seen_at == at
    actions.seen(receptionist=rita, at=at + timedelta(minutes=5))
    actions.distribute(at + timedelta(minutes=14))
    assert standing(rita) == Standing.AVAILABLE


def test_a_receptionists_own_call(
    receptionist: Receptionists, in_acme: Account, at: datetime
) -> None:
    rita = receptionist("Rita", standing="away")
    call = DeskCall.objects.create(
        account=in_acme,
        kind="outgoing",
        state="waiting",
        room="desk-1",
        entered_at=at,
        rank_at=at,
        caller_id="+12125550177",
    )
    offer = actions.ring_own_phone(desk_call=call, receptionist=rita, at=at)
    assert actions.distribute(at) == 0
    assert queries.position(call) == 0
    actions.ring_ended(offer_id=offer.pk, status="no-answer", sip_code="", at=at)
    assert (state(call), call.outcome) == (DeskCallState.OVER, Outcome.NOT_REACHED)
    assert standing(rita) == Standing.AWAY


def test_who_goes_away_while_the_own_phone_rings(
    receptionist: Receptionists, in_acme: Account, at: datetime
) -> None:
    rita = receptionist("Rita")
    call = DeskCall.objects.create(
        account=in_acme, kind="outgoing", state="waiting", room="d", entered_at=at, rank_at=at
    )
    actions.ring_own_phone(desk_call=call, receptionist=rita, at=at)
    actions.go_away(receptionist=rita, at=at)
    actions.distribute(at)
    assert (state(call), call.outcome) == (DeskCallState.OVER, Outcome.NOT_REACHED)
