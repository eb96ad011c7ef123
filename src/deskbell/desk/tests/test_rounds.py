"""What one look at the desk finds to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from deskbell.desk.rules.rounds import CallRow, PersonRow, RingRow, plan, turn_of

AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
CALL = CallRow(
    1,
    rank_at=AT,
    skill_id=None,
    preferred_id=None,
    way="gateway",
    gives_up_at=AT + timedelta(seconds=180),
    is_outgoing=False,
    is_over=False,
)
RITA = PersonRow(
    7,
    standing="available",
    leaves_after=False,
    since=AT,
    seen_at=AT,
    phone="staff-rita",
    can_ring=True,
    skills=frozenset(),
)
RING = RingRow(3, call_id=1, receptionist_id=7, made_at=AT, rung_at=AT, is_claimed=False)


def later(**span: float) -> datetime:
    return AT + timedelta(**span)


def test_a_caller_and_somebody_available() -> None:
    assert plan([CALL], [RITA], [], (), AT).assignment.start == ((1, 7),)


def test_patience_is_over() -> None:
    found = plan([CALL], [RITA], [], (), later(seconds=180))
    assert found.close == (1,)
    assert not found.assignment.start


def test_patience_waits_for_a_claimed_ring() -> None:
    claimed = replace(RING, is_claimed=True)
    found = plan([CALL], [replace(RITA, standing="ringing")], [claimed], (), later(seconds=20))
    assert not found.close
    late = replace(CALL, gives_up_at=AT)
    ringing = replace(RITA, standing="ringing")
    assert not plan([late], [ringing], [claimed], (), later(seconds=20)).close
    assert plan([late], [ringing], [RING], (), later(seconds=20)).close == (1,)


def test_nobody_else_is_rung_for_a_claimed_call() -> None:
    claimed = replace(RING, is_claimed=True)
    people = [replace(RITA, standing="ringing"), replace(RITA, id=8)]
    assert not plan([CALL], people, [claimed], (), AT).assignment.start


def test_all_are_away() -> None:
    assert plan([CALL], [], [], (), AT).close == (1,)


def test_who_is_busy_is_worth_waiting_for() -> None:
    assert not plan([CALL], [replace(RITA, standing="in_call")], [], (), AT).close
    leaving = replace(RITA, standing="in_call", leaves_after=True)
    assert plan([CALL], [leaving], [], (), AT).close == (1,)


def test_a_skill_that_nobody_on_duty_has() -> None:
    spanish = replace(CALL, skill_id=4)
    assert plan([spanish], [RITA], [], (), AT).close == (1,)
    speaks = replace(RITA, id=8, standing="wrapping", skills=frozenset({4}))
    assert not plan([spanish], [RITA, speaks], [], (), AT).close


def test_a_carriers_call_waits_for_numbers() -> None:
    carried = replace(CALL, way="twilio")
    assert plan([carried], [RITA], [], (), AT).close == (1,)
    mobile = replace(RITA, id=8, phone="+12125550134")
    assert plan([carried], [RITA, mobile], [], (), AT).assignment.start == ((1, 8),)


def test_who_serves_no_more_is_not_rung() -> None:
    assert plan([CALL], [replace(RITA, can_ring=False)], [], (), AT).close == (1,)


def test_a_page_that_nobody_has_open() -> None:
    found = plan([CALL], [RITA], [], (), later(minutes=10))
    assert found.page_lost == (7,)
    assert not found.assignment.start
    for standing in ("ringing", "in_call", "wrapping"):
        assert not plan([], [replace(RITA, standing=standing)], [], (), later(minutes=60)).page_lost
    assert not plan([], [replace(RITA, seen_at=None)], [], (), later(minutes=9)).page_lost


def test_who_was_just_free_again_has_ten_minutes() -> None:
    """Nobody looks at the page while they talk."""
    free = replace(RITA, seen_at=AT, since=later(minutes=15))
    assert not plan([], [free], [], (), later(minutes=20)).page_lost


def test_a_ring_whose_worker_died_is_placed_again() -> None:
    fresh = replace(RING, rung_at=None)
    people = [replace(RITA, standing="ringing")]
    assert not plan([CALL], people, [fresh], (), later(seconds=2)).again
    assert plan([CALL], people, [fresh], (), later(seconds=3)).again == (fresh,)
    assert not plan([CALL], people, [RING], (), later(seconds=30)).again
    assert turn_of(fresh, later(seconds=4)) == 1
    assert turn_of(fresh, later(seconds=6)) == 2


def test_a_ring_of_which_nobody_tells_is_over_in_a_minute() -> None:
    people = [replace(RITA, standing="ringing")]
    assert not plan([CALL], people, [RING], (), later(seconds=59)).expired
    assert plan([CALL], people, [RING], (), later(seconds=60)).expired == (3,)
    never = replace(RING, rung_at=None)
    found = plan([CALL], people, [never], (), later(seconds=60))
    assert (found.expired, found.again) == ((3,), ())


def test_callers_whose_end_was_not_heard_of() -> None:
    assert plan([replace(CALL, is_over=True)], [RITA], [], (), AT).over == (1,)


def test_own_calls_are_nobodys_to_answer() -> None:
    own = replace(CALL, is_outgoing=True)
    ringing = replace(RITA, standing="ringing")
    found = plan([own], [ringing, replace(RITA, id=8)], [replace(RING, is_claimed=True)], (), AT)
    assert (found.over, found.close, found.assignment.start) == ((), (), ())
    assert plan([own], [RITA], [], (), AT).over == (1,)
