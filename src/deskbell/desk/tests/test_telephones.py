"""What the gateway is asked, and what its answers make of a ring; this one rings nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from deskbell.delivery.tests.example import Behaviour
from deskbell.delivery.transports.call.tests.peer import SID, Peer
from deskbell.desk import actions, telephones
from deskbell.desk.models import DeskCall, DeskCallState, Offer, OfferState, Receptionist, Standing
from deskbell.foundation.errors import Unreachable
from deskbell.platform.jobs import run_job
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db
Receptionists = Callable[..., Receptionist]
Waits = Callable[..., DeskCall]


@pytest.fixture
def gateway(settings: Settings) -> Iterator[Peer]:
    with Peer() as peer:
        settings.ENVIRONMENT = peer.settings["ENVIRONMENT"]
        yield peer


@pytest.fixture
def ringing(
    gateway: Peer, receptionist: Receptionists, waits: Waits, at: datetime
) -> tuple[Receptionist, DeskCall, Offer]:
    """Rita is to be rung; nobody has asked her telephone yet."""
    rita, call = receptionist("Rita"), waits()
    DeskCall.objects.update(gateway=gateway.url)
    actions.distribute(at)
    return rita, call, Offer.objects.get()


def orders(gateway: Peer) -> list[dict[str, str]]:
    return [form for _, form in gateway.asked if "To" in form]


def ends(gateway: Peer) -> list[tuple[str, str]]:
    found = [(path.rpartition("/")[2], form) for path, form in gateway.asked if "Status" in form]
    return [(path.removesuffix(".json"), form["Status"]) for path, form in found]


def run(name: str) -> None:
    """Runs the jobs of that name, as a worker does: outside any scope of the test's."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pgqueuer WHERE entrypoint = %s RETURNING payload", [name])
        payloads = [bytes(row[0]) for row in cursor.fetchall()]
    assert payloads
    for each in payloads:
        run_job(name, each)


def test_a_telephone_rings(
    gateway: Peer, ringing: tuple[Receptionist, DeskCall, Offer], at: datetime
) -> None:
    _, call, offer = ringing
    run("desk.ring")
    [order] = orders(gateway)
    assert order["To"] == "client:staff-rita"
    assert order["From"] == call.caller_id
    assert (order["Timeout"], order["Staff"]) == ("25", "true")
    assert order["Url"].endswith("/answer")
    offer.refresh_from_db()
    assert (offer.leg_sid, offer.state) == (SID, OfferState.RINGING)
    assert offer.rung_at is not None
    telephones.ring(offer.pk, at)
    assert len(orders(gateway)) == 1, "a job that runs twice rings once"


def test_a_ring_that_is_withdrawn(
    gateway: Peer, ringing: tuple[Receptionist, DeskCall, Offer], at: datetime
) -> None:
    """The leg is cancelled, not ended: one that was answered just then is told."""
    rita, _, offer = ringing
    run("desk.ring")
    Offer.objects.update(made_at=telephones_now())
    actions.go_away(receptionist=rita, at=at)
    run("desk.withdraw")
    assert ends(gateway) == [(SID, "canceled")]
    gateway.answer = (400, {"code": 21220, "message": "Call is not in-progress"})
    telephones.withdraw(offer.pk, telephones_now())


def telephones_now() -> datetime:
    from deskbell.foundation.clock import now

    return now()


def test_a_ring_that_was_over_before_it_was_placed(
    gateway: Peer, ringing: tuple[Receptionist, DeskCall, Offer], at: datetime
) -> None:
    actions.go_away(receptionist=ringing[0], at=at)
    run("desk.ring")
    run("desk.withdraw")
    assert gateway.asked == []


def test_a_ring_that_is_over_while_it_is_placed(
    gateway: Peer, ringing: tuple[Receptionist, DeskCall, Offer], at: datetime
) -> None:
    rita, _, offer = ringing
    stale = Offer.objects.select_related("desk_call__number", "receptionist").get(pk=offer.pk)
    actions.go_away(receptionist=rita, at=at)
    telephones._keep(stale, SID, at)
    assert ends(gateway) == [(SID, "canceled")]


def test_a_leg_that_answers_before_its_order_is_kept(
    gateway: Peer, ringing: tuple[Receptionist, DeskCall, Offer], at: datetime
) -> None:
    _, _, offer = ringing
    stale = Offer.objects.select_related("desk_call__number", "receptionist").get(pk=offer.pk)
    assert actions.take_offer(offer_id=offer.pk, at=at) is not None
    telephones._keep(stale, SID, at)
    offer.refresh_from_db()
    assert (offer.leg_sid, offer.state) == (SID, OfferState.ANSWERED)
    assert ends(gateway) == []


def test_a_phone_that_is_not_registered(
    gateway: Peer, ringing: tuple[Receptionist, DeskCall, Offer], at: datetime
) -> None:
    rita, call, offer = ringing
    gateway.behaviour = Behaviour.REFUSE
    telephones.ring(offer.pk, at)
    rita.refresh_from_db()
    assert (rita.standing, rita.missed) == (Standing.AVAILABLE, 1)
    actions.distribute(at + timedelta(seconds=4))
    second = Offer.objects.get(state=OfferState.RINGING)
    telephones.ring(second.pk, at + timedelta(seconds=4))
    rita.refresh_from_db()
    assert rita.standing == Standing.AWAY
    assert rita.away_because == "Your phone staff-rita is not connected"
    actions.distribute(at + timedelta(seconds=5))
    call.refresh_from_db()
    assert call.state == DeskCallState.OVER, "nobody is left"


def test_a_gateway_that_is_full_or_gone(
    gateway: Peer, ringing: tuple[Receptionist, DeskCall, Offer], at: datetime
) -> None:
    rita, call, offer = ringing
    gateway.behaviour = Behaviour.TRY_LATER
    telephones.ring(offer.pk, at)
    offer.refresh_from_db()
    assert (offer.state, offer.words) == (OfferState.FAILED, "The gateway could not ring just now")
    rita.refresh_from_db()
    assert (rita.standing, rita.missed) == (Standing.AVAILABLE, 0)
    assert actions.distribute(at) == 0
    assert actions.distribute(at + timedelta(seconds=3)) == 1
    call.refresh_from_db()
    assert call.state == DeskCallState.WAITING


def test_no_answer_to_an_order_that_may_have_been_carried_out(
    gateway: Peer, ringing: tuple[Receptionist, DeskCall, Offer], at: datetime
) -> None:
    """It is sent again under the same token, so that it stays one leg."""
    rita, _, offer = ringing
    gateway.behaviour = Behaviour.CUT
    telephones.ring(offer.pk, at)
    offer.refresh_from_db()
    assert (offer.state, offer.rung_at) == (OfferState.RINGING, None)
    gateway.behaviour = Behaviour.TAKE
    actions.distribute(at + timedelta(seconds=3))
    run("desk.ring")
    offer.refresh_from_db()
    assert (offer.leg_sid, offer.words) == (SID, "")
    assert len({each.key for each in gateway.received}) == 1
    rita.refresh_from_db()
    assert rita.standing == Standing.RINGING


def test_a_leg_that_may_ring_for_a_caller_who_is_gone(
    gateway: Peer, ringing: tuple[Receptionist, DeskCall, Offer], at: datetime
) -> None:
    """Its order is sent once more, to know the leg by the token, and the leg is ended."""
    rita, _, offer = ringing
    gateway.behaviour = Behaviour.CUT
    telephones.ring(offer.pk, at)
    actions.go_away(receptionist=rita, at=at)
    with pytest.raises(Unreachable):
        telephones.withdraw(offer.pk, at)
    gateway.behaviour = Behaviour.TAKE
    telephones.withdraw(offer.pk, at)
    assert ends(gateway) == [(SID, "canceled")]
    before = len(gateway.asked)
    gateway.behaviour = Behaviour.CUT
    Offer.objects.update(leg_sid="", words=telephones.UNSURE)
    telephones.withdraw(offer.pk, at + timedelta(minutes=2))
    assert len(gateway.asked) == before, "by then it has rung itself out"


def test_a_ring_that_is_moved_is_silenced_first(
    gateway: Peer, receptionist: Receptionists, waits: Waits, at: datetime
) -> None:
    receptionist("Rita"), receptionist("Bob")
    first = waits()
    actions.distribute(at)
    Offer.objects.update(leg_sid=SID, rung_at=at)
    DeskCall.objects.update(gateway=gateway.url)
    second = waits(at + timedelta(seconds=1))
    DeskCall.objects.filter(pk=second.pk).update(gateway=gateway.url)
    assert actions.distribute(at + timedelta(seconds=1)) == 1
    moved = Offer.objects.get(desk_call=second)
    telephones.ring(moved.pk, at + timedelta(seconds=1))
    asked = ["end" if "Status" in form else "ring" for _, form in gateway.asked]
    assert asked == ["end", "ring"]
    still = Offer.objects.get(desk_call=first, state=OfferState.RINGING)
    assert still.receptionist_id != moved.receptionist_id


def test_a_caller_goes_on_to_voicemail(
    gateway: Peer, receptionist: Receptionists, waits: Waits, at: datetime
) -> None:
    call = waits()
    DeskCall.objects.update(gateway=gateway.url)
    actions.distribute(at)
    run("desk.close")
    [(path, form)] = gateway.asked
    assert path.endswith(f"/Calls/{call.call_sid}.json")
    assert "/voice/desk/closed?account=" in form["Url"]


def test_a_caller_who_waits_again_is_fetched(
    gateway: Peer, ringing: tuple[Receptionist, DeskCall, Offer], at: datetime
) -> None:
    _, call, offer = ringing
    actions.take_offer(offer_id=offer.pk, at=at)
    actions.leg_ended(offer_id=offer.pk, was_hung_up=False, at=at)
    run("desk.put_back")
    assert [form["Url"] for _, form in gateway.asked if "/desk/back?" in form.get("Url", "")]
    assert call.call_sid in gateway.asked[-1][0]
    gateway.answer = (404, {"code": 20404, "message": "not found"})
    call.refresh_from_db()
    with account_scope(call.account_id):
        telephones.redirect(call, "http://x/")  # the caller is gone meanwhile: nothing is raised


def test_an_order_to_a_number_from_a_carrier(
    gateway: Peer, receptionist: Receptionists, waits: Waits, at: datetime, settings: Any
) -> None:
    """Carriers show only numbers of the account's own."""
    receptionist("Bob", phone="+12125550134")
    waits()
    DeskCall.objects.update(way="twilio")
    actions.distribute(at)
    offer = Offer.objects.select_related(*telephones._WITH).get()
    order = telephones._order(offer)
    assert (order.to, order.caller) == ("+12125550134", "+12125550142")
    assert order.url.startswith(f"{settings.ENVIRONMENT.public_url}/voice/twilio/desk/offers/")


@pytest.mark.parametrize("caller_id", ['"x"', "<sip:a@b>", "a\r\nX: y"])
def test_what_a_caller_writes_does_not_silence_the_desk(
    gateway: Peer, ringing: tuple[Receptionist, DeskCall, Offer], caller_id: str
) -> None:
    """A gateway refuses an order that shows such a caller: the receptionists are not at fault."""
    DeskCall.objects.update(caller_id=caller_id)
    run("desk.ring")
    [order] = orders(gateway)
    assert order["From"] == "+12125550142"
