"""What pages and the attendant read of the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from deskbell.accounts.models import Account, PhoneNumber, UserStatus
from deskbell.desk import actions, queries
from deskbell.desk.actions.terms import Terms, set_terms
from deskbell.desk.models import (
    DeskCall,
    DeskCallState,
    Offer,
    Receptionist,
    Skill,
)
from deskbell.desk.tests.waiting import end, state
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db
Receptionists = Callable[..., Receptionist]
Waits = Callable[..., DeskCall]


def test_terms_of_a_number(
    receptionist: Receptionists,
    in_acme: Account,
    acme_number: PhoneNumber,
    waits: Waits,
    at: datetime,
) -> None:
    spanish = Skill.objects.create(name="Spanish", created_at=at)
    receptionist("Rita")
    set_terms(account_id=in_acme.pk, number=None, terms=Terms(skill=spanish, patience_seconds=60))
    assert not queries.reception(acme_number.pk).is_open
    assert waits().skill == spanish
    set_terms(account_id=in_acme.pk, number=acme_number, terms=Terms(patience_seconds=30))
    assert queries.reception(acme_number.pk) == queries.Reception(is_open=True, waiting=1)
    assert waits().gives_up_at == at + timedelta(seconds=30)


def test_who_is_on_duty(
    receptionist: Receptionists, in_acme: Account, acme_number: PhoneNumber, at: datetime
) -> None:
    def is_open(way: str = "gateway") -> bool:
        return queries.reception(acme_number.pk, way=way).is_open

    receptionist("Away", standing="away")
    receptionist("Phoneless", phone="")
    receptionist("Leaving", standing="in_call", leaves_after=True)
    gone = receptionist("Gone")
    gone.user.status = UserStatus.SUSPENDED
    gone.user.save()
    assert not is_open()
    receptionist("Rita", standing="wrapping")
    assert is_open()
    assert not is_open("twilio")
    receptionist("Bob", phone="+12125550134")
    assert is_open("twilio")


def test_other_accounts_calls_are_not_there(
    taken: tuple[Receptionist, DeskCall], other: Account, at: datetime
) -> None:
    offer = Offer.objects.get()
    with account_scope(other.pk):
        assert actions.take_offer(offer_id=offer.pk, at=at) is None
        actions.leg_ended(offer_id=offer.pk, was_hung_up=True, at=at)
        actions.caller_gone(call_sid=taken[1].call_sid, who="caller", at=at)
    assert state(taken[1]) == DeskCallState.IN_HAND


def test_what_a_desk_and_the_floor_show(
    taken: tuple[Receptionist, DeskCall], receptionist: Receptionists, waits: Waits, at: datetime
) -> None:
    rita, call = taken
    bob, second = receptionist("Bob"), waits(at + timedelta(seconds=6))
    actions.distribute(at)
    bob.refresh_from_db()
    rita.refresh_from_db()
    before = bob.version
    desk = queries.desk_of(bob)
    assert desk.offer is not None
    assert desk.offer.desk_call == second
    assert queries.desk_of(rita).in_hand == call
    assert queries.queue(20) == queries.Queue([second], 1)
    assert queries.queue(20, account_id=0) == queries.Queue([], 0)
    shown = {str(each.receptionist): (each.offer, each.desk_call) for each in queries.floor()}
    assert shown == {"Bob": (desk.offer, None), "Rita": (None, call)}
    actions.refuse(offer=desk.offer, at=at)
    bob.refresh_from_db()
    rita.refresh_from_db()
    assert bob.version > before


def test_service_level(taken: tuple[Receptionist, DeskCall], waits: Waits, at: datetime) -> None:
    _, answered_in_time = taken
    late = waits(at - timedelta(seconds=100))
    DeskCall.objects.filter(pk=late.pk).update(answered_at=at)
    end(waits(), at)
    found = queries.service_level(at - timedelta(hours=1), at + timedelta(hours=1))
    assert (found.callers, found.answered, found.in_time, found.abandoned) == (3, 2, 1, 1)
    assert found.percent == 33
    assert found.wait_seconds == pytest.approx(52.5)
    account_id = answered_in_time.account_id
    assert queries.service_level(at, at + timedelta(hours=1), account_id).callers == 2
    assert queries.service_level(at, at, account_id).percent is None
