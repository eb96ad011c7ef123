"""Two at the same instant, each on a connection of its own: one comes first, and the other finds
what it did. Never two receptionists with one caller, never two callers at one receptionist."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count

from deskbell.calls import actions as records
from deskbell.desk import actions
from deskbell.desk.models import (
    DeskCall,
    DeskCallState,
    Offer,
    OfferState,
    Receptionist,
    Standing,
)
from deskbell.foundation.errors import Conflict
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6
Receptionists = Callable[..., Receptionist]
Waits = Callable[..., DeskCall]


@pytest.fixture(autouse=True)
def empty_queue() -> Iterator[None]:
    """The queue's tables have no models, so nobody else empties them after a test that commits."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE pgqueuer, pgqueuer_log")


def together(account_id: int, *works: Callable[[], Any]) -> list[Any]:
    """Runs the works in threads that start as one; gives what each gave, or the Conflict."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            with account_scope(account_id):
                connection.ensure_connection()
                gate.wait(20)
                return work()
        except Conflict as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


def settled() -> None:
    """What must hold whenever nobody is at work: rows of receptionists, rings and calls agree."""
    held = DeskCall.objects.filter(state=DeskCallState.IN_HAND)
    twice = held.values("receptionist").annotate(count=Count("pk")).filter(count__gt=1)
    assert not twice.exists(), "a receptionist has two callers"
    has = dict(held.values_list("receptionist_id", "pk"))
    ringing = Offer.objects.filter(state=OfferState.RINGING)
    rung = dict(ringing.values_list("receptionist_id", "desk_call_id"))
    answered = Offer.objects.filter(state=OfferState.ANSWERED)
    assert dict(answered.values_list("receptionist_id", "desk_call_id")) == has
    for each in Receptionist.objects.all():
        assert (each.standing == Standing.IN_CALL) == (each.pk in has), each.standing
        assert (each.standing == Standing.RINGING) == (each.pk in rung), each.standing
    waiting = set(DeskCall.objects.filter(state="waiting").values_list("pk", flat=True))
    assert set(rung.values()) <= waiting, "a ring for a caller who waits no more"


def test_everybody_answers_at_once_and_one_wins(
    receptionist: Receptionists, waits: Waits, at: datetime
) -> None:
    people = [receptionist(f"R{n}") for n in range(8)]
    for n in range(ROUNDS):
        call = waits(at + timedelta(seconds=n))
        assert actions.distribute(at) == 8
        legs = list(Offer.objects.filter(state=OfferState.RINGING).values_list("pk", flat=True))
        got = together(
            call.account_id, *(partial(actions.take_offer, offer_id=pk, at=at) for pk in legs)
        )
        assert sum(each is not None for each in got) == 1
        settled()
        call.refresh_from_db()
        winner = Offer.objects.get(pk=legs[[each is not None for each in got].index(True)])
        assert call.receptionist_id == winner.receptionist_id
        records.end(
            sid=call.call_sid, status="completed", at=at, seconds=1, who="caller", quality={}
        )
        actions.wrapped_up(desk_call=call, at=at)
    assert all(Receptionist.objects.get(pk=each.pk).standing == "available" for each in people)


def test_an_answer_races_the_callers_hanging_up(
    receptionist: Receptionists, waits: Waits, at: datetime
) -> None:
    rita = receptionist("Rita")
    for n in range(ROUNDS):
        call = waits(at + timedelta(seconds=n))
        actions.distribute(at)
        ring = Offer.objects.get(state=OfferState.RINGING)
        took, _ = together(
            call.account_id,
            partial(actions.take_offer, offer_id=ring.pk, at=at),
            partial(
                records.end,
                sid=call.call_sid,
                status="completed",
                at=at,
                seconds=1,
                who="caller",
                quality={},
            ),
        )
        settled()
        call.refresh_from_db()
        rita.refresh_from_db()
        assert call.state == (DeskCallState.OVER if took is None else DeskCallState.WRAPPING)
        actions.wrapped_up(desk_call=call, at=at)


def test_an_answer_races_going_away(
    receptionist: Receptionists, waits: Waits, at: datetime
) -> None:
    rita = receptionist("Rita")
    for n in range(ROUNDS):
        call = waits(at + timedelta(seconds=n))
        actions.distribute(at)
        ring = Offer.objects.get(state=OfferState.RINGING)
        took, _ = together(
            call.account_id,
            partial(actions.take_offer, offer_id=ring.pk, at=at),
            partial(actions.go_away, receptionist=rita, at=at),
        )
        settled()
        rita.refresh_from_db()
        assert rita.standing == (Standing.AWAY if took is None else Standing.IN_CALL)
        assert rita.leaves_after == (took is not None)
        records.end(
            sid=call.call_sid, status="completed", at=at, seconds=1, who="caller", quality={}
        )
        call.refresh_from_db()
        actions.wrapped_up(desk_call=call, at=at)
        actions.go_available(receptionist=rita, at=at)


def test_an_answer_races_its_own_legs_end(
    receptionist: Receptionists, waits: Waits, at: datetime
) -> None:
    """Nobody is left alone with a receptionist whose telephone is down already."""
    rita = receptionist("Rita")
    for n in range(ROUNDS):
        call = waits(at + timedelta(seconds=n))
        actions.distribute(at)
        ring = Offer.objects.get(state=OfferState.RINGING)
        took, _ = together(
            call.account_id,
            partial(actions.take_offer, offer_id=ring.pk, at=at),
            partial(actions.ring_ended, offer_id=ring.pk, status="completed", sip_code="", at=at),
        )
        settled()
        call.refresh_from_db()
        is_taken = took is not None
        assert call.state == (DeskCallState.WRAPPING if is_taken else DeskCallState.WAITING)
        records.end(
            sid=call.call_sid, status="completed", at=at, seconds=1, who="caller", quality={}
        )
        actions.wrapped_up(desk_call=call, at=at)
        actions.go_available(receptionist=rita, at=at)


def test_two_claim_one_call(receptionist: Receptionists, waits: Waits, at: datetime) -> None:
    people = [receptionist("Rita"), receptionist("Bob"), receptionist("Olivia")]
    for n in range(ROUNDS):
        call = waits(at + timedelta(seconds=n))
        if n % 2:
            actions.distribute(at)
        got = together(
            call.account_id,
            *(partial(actions.claim, desk_call=call, receptionist=e, at=at) for e in people),
            partial(actions.distribute, at),
        )
        assert sum(isinstance(each, Offer) for each in got) == 1
        settled()
        assert Offer.objects.filter(state=OfferState.RINGING).count() == 1
        records.end(
            sid=call.call_sid, status="completed", at=at, seconds=1, who="caller", quality={}
        )


def test_two_pages_of_one_receptionist(
    receptionist: Receptionists, waits: Waits, at: datetime
) -> None:
    """Signed in twice, they have one desk: Answer pressed in both is one ring."""
    rita = receptionist("Rita")
    for n in range(ROUNDS):
        call, second = waits(at + timedelta(seconds=n)), waits(at + timedelta(seconds=n))
        one, two, other = together(
            call.account_id,
            partial(actions.claim, desk_call=call, receptionist=rita, at=at),
            partial(actions.claim, desk_call=call, receptionist=rita, at=at),
            partial(actions.claim, desk_call=second, receptionist=rita, at=at),
        )
        settled()
        assert one == two or isinstance(one, Conflict)
        assert isinstance(other, Conflict) == isinstance(one, Offer)
        for each in (call, second):
            records.end(
                sid=each.call_sid, status="completed", at=at, seconds=1, who="caller", quality={}
            )


def test_workers_distribute_at_once(
    receptionist: Receptionists, waits: Waits, at: datetime
) -> None:
    people = [receptionist(f"R{n}") for n in range(6)]
    calls = [waits(at + timedelta(seconds=n)) for n in range(4)]
    begun = together(calls[0].account_id, *[partial(actions.distribute, at)] * 4)
    assert sum(begun) == 6
    settled()
    for each in people:
        assert Offer.objects.filter(receptionist=each).count() == 1
    assert Offer.objects.values("desk_call").distinct().count() == 4


def test_a_busy_minute(receptionist: Receptionists, waits: Waits, at: datetime) -> None:
    """Everybody does what they like at once, and workers distribute: the rows always agree."""
    people = [receptionist(f"R{n}") for n in range(5)]
    calls = [waits(at + timedelta(seconds=n)) for n in range(12)]
    chance = random.Random(7)

    def one_of(rings: list[int]) -> Callable[[], Any]:
        person, call = chance.choice(people), chance.choice(calls)
        ring = chance.choice(rings) if rings else 0
        over: dict[str, Any] = {
            "status": "completed",
            "at": at,
            "seconds": 1,
            "who": "caller",
            "quality": {},
        }
        choices: list[Callable[[], Any]] = [
            partial(actions.take_offer, offer_id=ring, at=at),
            partial(actions.take_offer, offer_id=ring, at=at),
            partial(actions.take_offer, offer_id=ring, at=at),
            partial(actions.ring_ended, offer_id=ring, status="busy", sip_code="", at=at),
            partial(actions.claim, desk_call=call, receptionist=person, at=at),
            partial(actions.go_away, receptionist=person, at=at),
            partial(actions.go_available, receptionist=person, at=at),
            partial(actions.leg_ended, offer_id=ring, was_hung_up=False, at=at),
            partial(actions.leg_ended, offer_id=ring, was_hung_up=True, at=at),
            partial(actions.let_go, desk_call=call, at=at),
            partial(actions.come_back, desk_call=call, at=at),
            partial(actions.wrapped_up, desk_call=call, at=at),
            partial(records.end, sid=call.call_sid, **over),
        ]
        return chance.choice(choices)

    for _ in range(25):
        offers = Offer.objects.filter(state__in=[OfferState.RINGING, OfferState.ANSWERED])
        rings = list(offers.values_list("pk", flat=True))
        together(
            calls[0].account_id,
            *(one_of(rings) for _ in range(6)),
            partial(actions.distribute, at),
            partial(actions.distribute, at),
        )
        settled()
