"""How receptionists did follows from what happened at the desk, whichever way it went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from pytest_django import DjangoAssertNumQueries

from deskbell.calls import actions as records
from deskbell.desk import actions, queries
from deskbell.desk.models import DeskCall, Receptionist, Spell
from deskbell.desk.queries import Performance
from deskbell.desk.tests.waiting import ring_of

HOUR = timedelta(hours=1)
Receptionists = Callable[..., Receptionist]
Waits = Callable[..., DeskCall]


def of(receptionist: Receptionist, at: datetime, now: datetime) -> Performance:
    [found] = queries.performance(at - HOUR, at + HOUR, now, user_id=receptionist.user_id)
    return found


def test_a_call_from_its_ring_to_what_is_written_down(
    taken: tuple[Receptionist, DeskCall], at: datetime
) -> None:
    rita, call = taken
    ended, done = at + timedelta(seconds=65), at + timedelta(seconds=80)
    offer = ring = rita.offers.get()
    actions.leg_ended(offer_id=offer.pk, was_hung_up=True, at=ended)
    call.refresh_from_db()
    records.end(
        sid=call.call_sid, status="completed", at=ended, seconds=65, who="agent", quality={}
    )
    actions.wrapped_up(desk_call=call, at=done)
    found = of(rita, at, at + timedelta(seconds=100))
    assert (found.offered, found.answered, found.missed, found.refused) == (1, 1, 0, 0)
    assert found.mean_answer == found.slow_answer == timedelta(seconds=5)
    assert ring.made_at == at
    assert (found.talk, found.wrap) == (timedelta(seconds=60), timedelta(seconds=15))
    assert (found.in_call, found.wrapping) == (timedelta(seconds=60), timedelta(seconds=15))
    assert found.available == timedelta(seconds=20)


def test_rings_that_came_to_nothing(
    receptionist: Receptionists, waits: Waits, at: datetime
) -> None:
    rita = receptionist("Rita")
    waits()
    actions.distribute(at)
    actions.refuse(offer=ring_of(rita), at=at + timedelta(seconds=3))
    found = of(rita, at, at + HOUR)
    assert (found.offered, found.answered, found.refused) == (1, 0, 1)
    assert found.mean_answer is None
    assert found.talk == timedelta(0)


def test_time_is_cut_at_the_ends_of_the_span(receptionist: Receptionists, at: datetime) -> None:
    rita = receptionist("Rita", since=at - 3 * HOUR)
    actions.go_away(receptionist=rita, at=at)
    [spell] = Spell.objects.all()
    assert (spell.standing, spell.began_at, spell.ended_at) == ("available", at - 3 * HOUR, at)
    found = of(rita, at, at + HOUR / 2)
    assert (found.available, found.away) == (HOUR, HOUR / 2)
    before = queries.performance(at - 2 * HOUR, at - HOUR, at)
    assert [each.available for each in before] == [HOUR]
    later = queries.performance(at + HOUR, at + 2 * HOUR, at + HOUR / 2)
    assert [(each.available, each.away) for each in later] == [(timedelta(0), timedelta(0))]


def test_a_report_that_comes_too_late_makes_no_spell(
    receptionist: Receptionists, at: datetime
) -> None:
    rita = receptionist("Rita")
    actions.go_available(receptionist=rita, at=at + HOUR)
    assert not Spell.objects.exists()


def test_everybody_is_six_statements(
    receptionist: Receptionists, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for name in ("Rita", "Bob", "Ann"):
        receptionist(name)
    with django_assert_num_queries(6):
        found = queries.performance(at - HOUR, at + HOUR, at)
    assert [str(each.receptionist) for each in found] == ["Ann", "Bob", "Rita"]
