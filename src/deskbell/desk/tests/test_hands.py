"""A call in hand: what a receptionist presses, what is reported, and what the gateway is asked."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from deskbell.accounts.actions import add_number
from deskbell.accounts.models import Account, PhoneNumber
from deskbell.calls.models import StageOfCall
from deskbell.contacts.actions import add_contact
from deskbell.delivery.actions import add_checked_method
from deskbell.desk import actions, legs
from deskbell.desk.actions import calling, dialling, holding, moving, parties, passing
from deskbell.desk.models import DeskCall, DeskCallState, Party, PartyState, Receptionist
from deskbell.desk.rules.hands import How
from deskbell.foundation.environment import environment
from deskbell.foundation.errors import Conflict, InvalidInput, NotAllowed, NotFound, Unreachable
from deskbell.lines.actions import add_phone
from deskbell.oncall.actions import add_event, add_level
from deskbell.platform.tenancy import account_scope

from .gateway import AWAY, BUSY, CUT, OVER, Gateway

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = "+12125550177"
RITAS = "CA" + "a" * 32


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    with Gateway() as peer:
        settings.ENVIRONMENT = dataclasses.replace(
            environment(), voice_urls=(peer.url,), carriers={}
        )
        yield peer


@pytest.fixture
def rita(receptionist: Callable[..., Receptionist]) -> Receptionist:
    return receptionist("Rita")


@pytest.fixture
def call(
    gateway: Gateway, rita: Receptionist, waits: Callable[..., DeskCall], at: datetime
) -> DeskCall:
    """A caller whom Rita talks to."""
    made = waits()
    DeskCall.objects.filter(pk=made.pk).update(gateway=gateway.url)
    offer = actions.claim(desk_call=made, receptionist=rita, at=at)
    offer.leg_sid = RITAS
    offer.save()
    taken = actions.take_offer(offer_id=offer.pk, at=at)
    assert taken is not None
    return now(taken)


def now(call: DeskCall) -> DeskCall:
    return DeskCall.objects.get(pk=call.pk)


def stages(call: DeskCall) -> list[str]:
    found = StageOfCall.objects.filter(call=call.call).order_by("at", "id")
    return list(found.values_list("stage", flat=True))


def announce(call: DeskCall, at: datetime, to: str = OTHER) -> Party:
    return passing.pass_on(desk_call=call, how=How.ANNOUNCED, address=to, at=at)


def settle(call: DeskCall) -> None:
    """What the queue's jobs do for a call's legs."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pgqueuer WHERE entrypoint = 'desk.settle' RETURNING payload")
        found = cursor.fetchall()
    for (payload,) in found:
        legs.settle.work(**json.loads(bytes(payload)))


def meanwhile(gateway: Gateway, call: DeskCall, act: Callable[[], None]) -> None:
    """Has something happen while the next call is ordered, in a connection of its own."""

    def during(_path: str, form: dict[str, str]) -> None:
        if "To" not in form:
            return
        gateway.during = None
        try:
            with account_scope(call.account_id):
                act()
        finally:
            connection.close()

    gateway.during = during


def test_hold_and_back(call: DeskCall, gateway: Gateway, at: datetime) -> None:
    assert holding.hold(desk_call=call, at=at).is_held
    assert holding.hold(desk_call=call, at=at).is_held
    assert not holding.unhold(desk_call=call, at=at).is_held
    assert gateway.orders == ["hold", "unhold"], "pressed twice it is asked once"
    assert "/desk/hold" in gateway.asked[0][1]["HoldUrl"]
    assert stages(call)[-3:] == ["talk", "hold", "talk"]


def test_a_hold_that_the_gateway_does_not_do_is_none(
    call: DeskCall, gateway: Gateway, at: datetime
) -> None:
    gateway.answers["Participants"] = [AWAY]
    with pytest.raises(Unreachable):
        holding.hold(desk_call=call, at=at)
    assert not now(call).is_held
    gateway.answers["Participants"] = [OVER]
    with pytest.raises(Conflict, match="not there any more"):
        holding.hold(desk_call=call, at=at)


def test_a_hold_without_an_answer_is_seen_to_later(
    call: DeskCall, gateway: Gateway, at: datetime
) -> None:
    gateway.answers["Participants"] = [CUT]
    with pytest.raises(Unreachable):
        holding.hold(desk_call=call, at=at)
    assert now(call).is_held, "it may be so, and the gateway is asked until it is"


def test_announced_and_completed(
    call: DeskCall, rita: Receptionist, gateway: Gateway, at: datetime
) -> None:
    party = announce(call, at)
    assert gateway.orders == ["hold", f"call {OTHER}"]
    assert parties.party_answered(party_id=party.pk, at=at)
    assert parties.party_answered(party_id=party.pk, at=at), "asked again, they are in"
    gateway.asked.clear()
    done = passing.complete(desk_call=call, at=at)
    assert done.state == DeskCallState.PASSED_ON
    assert not done.is_held
    assert gateway.orders == ["unhold", f"end {RITAS}"]
    rita.refresh_from_db()
    assert rita.standing == "wrapping"
    actions.leg_ended(offer_id=call.offers.get().pk, was_hung_up=True, at=at)
    assert now(call).state == DeskCallState.PASSED_ON
    assert stages(call)[-3:] == ["hold", "conference", "transfer"]


def test_an_extension_is_called_by_its_name(call: DeskCall, at: datetime) -> None:
    line = add_number(
        account=call.account, number=OTHER, at=at, extension="101", spoken_name="Dr. Adler"
    )
    add_phone(account=call.account, name="adler", at=at, number=line)
    assert announce(call, at).name == "Dr. Adler"


def test_who_was_passed_on_to_hangs_up(call: DeskCall, gateway: Gateway, at: datetime) -> None:
    party = announce(call, at)
    parties.party_answered(party_id=party.pk, at=at)
    passing.complete(desk_call=call, at=at)
    gateway.asked.clear()
    parties.party_ended(party_id=party.pk, status="completed", sip_code="", at=at)
    settle(call)
    assert f"end {call.call_sid}" in gateway.orders, "nobody stays alone in the room"


@pytest.mark.parametrize(
    ("status", "sip_code", "words"),
    [
        ("busy", "486", "busy"),
        ("no-answer", "", "nobody answered"),
        ("failed", "404", "no such number"),
    ],
)
def test_announced_and_not_reached(
    call: DeskCall, at: datetime, status: str, sip_code: str, words: str
) -> None:
    party = announce(call, at)
    parties.party_ended(party_id=party.pk, status=status, sip_code=sip_code, at=at)
    party.refresh_from_db()
    assert party.state == PartyState.FAILED
    assert words in party.words
    then = now(call)
    assert (then.state, then.is_held) == (DeskCallState.IN_HAND, True)
    announce(call, at)  # and once more


def test_blind_and_busy_comes_back(
    call: DeskCall, rita: Receptionist, gateway: Gateway, at: datetime
) -> None:
    party = passing.pass_on(desk_call=call, how=How.BLIND, address=OTHER, at=at)
    assert gateway.orders == [f"call {OTHER}", f"end {RITAS}"]
    assert now(call).state == DeskCallState.PASSED_ON
    parties.party_ended(party_id=party.pk, status="busy", sip_code="486", at=at)
    then = now(call)
    assert then.state == DeskCallState.WAITING
    assert then.preferred_id == rita.pk
    assert stages(call)[-2:] == ["transfer", "wait"]


def test_blind_to_what_cannot_be_called_changes_nothing(
    call: DeskCall, gateway: Gateway, at: datetime
) -> None:
    gateway.answers["Calls"] = [(400, {"code": 21214, "message": "'To' cannot be reached"})]
    with pytest.raises(InvalidInput, match="Cannot be reached"):
        passing.pass_on(desk_call=call, how=How.BLIND, address=OTHER, at=at)
    assert now(call).state == DeskCallState.IN_HAND
    gateway.answers["Calls"] = [BUSY]
    with pytest.raises(Unreachable, match="All lines"):
        passing.pass_on(desk_call=call, how=How.BLIND, address=OTHER, at=at)
    assert call.parties.filter(state=PartyState.FAILED).count() == 2
    assert f"end {RITAS}" not in gateway.orders


def test_no_answer_to_an_order_makes_one_call(
    call: DeskCall, gateway: Gateway, at: datetime
) -> None:
    gateway.answers["Calls"] = [CUT]
    party = announce(call, at)
    assert gateway.orders[1:] == [f"call {OTHER}"] * 2
    assert len(gateway.tokens) == 1
    assert party.leg_sid


def test_the_caller_leaves_while_the_other_rings(
    call: DeskCall, gateway: Gateway, at: datetime
) -> None:
    party = announce(call, at)
    actions.caller_gone(call_sid=call.call_sid, who="caller", at=at)
    gateway.asked.clear()
    settle(call)
    assert set(gateway.orders) >= {f"end {party.leg_sid}", f"end {RITAS}"}
    assert now(call).state == DeskCallState.WRAPPING
    assert not parties.party_answered(party_id=party.pk, at=at), "who answers late does not join"


def test_the_caller_leaves_while_a_blind_transfer_is_ordered(
    call: DeskCall, gateway: Gateway, at: datetime
) -> None:
    def hangs_up() -> None:
        actions.caller_gone(call_sid=call.call_sid, who="caller", at=at)

    meanwhile(gateway, call, hangs_up)
    with pytest.raises(Conflict):
        passing.pass_on(desk_call=call, how=How.BLIND, address=OTHER, at=at)
    assert gateway.orders[-1].startswith("end CA0000")


def test_the_phone_is_lost_in_the_middle_of_a_consultation(
    call: DeskCall, gateway: Gateway, at: datetime
) -> None:
    party = announce(call, at)
    parties.party_answered(party_id=party.pk, at=at)
    actions.leg_ended(offer_id=call.offers.get().pk, was_hung_up=False, at=at)
    then = now(call)
    assert (then.state, then.is_held) == (DeskCallState.WAITING, False)
    gateway.asked.clear()
    settle(call)
    assert gateway.orders == [f"end {party.leg_sid}"]


def test_hanging_up_in_a_consultation_leaves_the_caller_to_the_other(
    call: DeskCall, at: datetime
) -> None:
    party = announce(call, at)
    parties.party_answered(party_id=party.pk, at=at)
    actions.leg_ended(offer_id=call.offers.get().pk, was_hung_up=True, at=at)
    assert now(call).state == DeskCallState.PASSED_ON
    assert stages(call)[-1] == "transfer"


def test_three_talk_and_the_caller_is_taken_back(
    call: DeskCall, gateway: Gateway, at: datetime
) -> None:
    party = announce(call, at)
    with pytest.raises(Conflict, match="Nobody else has answered"):
        passing.confer(desk_call=call, at=at)
    parties.party_answered(party_id=party.pk, at=at)
    passing.confer(desk_call=call, at=at)
    assert stages(call)[-1] == "conference"
    gateway.asked.clear()
    passing.take_back(desk_call=call, at=at)
    assert gateway.orders == [f"end {party.leg_sid}"]
    assert stages(call)[-1] == "talk"


def test_passed_on_twice_is_once(call: DeskCall, at: datetime) -> None:
    announce(call, at)
    for how in (How.BLIND, How.ANNOUNCED):
        with pytest.raises(Conflict, match="already"):
            passing.pass_on(desk_call=call, how=how, address=OTHER, at=at)


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("", "Enter the number"),
        ("+1 646 555 0123", "the caller's own"),
        ("(212) 555-0142", "account's own number"),
        ("123", "no telephone number"),
        ("call me", "no number"),
        ("w0411-nobody", "no SIP phone"),
    ],
)
def test_what_cannot_be_called_is_said_in_words(
    call: DeskCall, gateway: Gateway, at: datetime, to: str, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        announce(call, at, to)
    assert gateway.orders == []
    assert not now(call).is_held


def test_what_the_account_may_not_call(call: DeskCall, at: datetime) -> None:
    with pytest.raises(NotAllowed, match="may not call"):
        announce(call, at, "+979 123 456 789")


def test_nobody_tells_of_a_party(call: DeskCall, gateway: Gateway, at: datetime) -> None:
    party = announce(call, at)
    legs.party_overdue.work(account_id=call.account_id, party_id=party.pk)
    party.refresh_from_db()
    assert party.state == PartyState.FAILED
    settle(call)
    assert f"end {party.leg_sid}" in gateway.orders


def test_hang_up(call: DeskCall, gateway: Gateway, at: datetime) -> None:
    holding.hang_up(desk_call=call, at=at)
    assert f"end {call.call_sid}" in gateway.orders
    then = now(call)
    assert then.state == DeskCallState.WRAPPING
    assert then.call is not None
    assert then.call.who_hung_up == "agent"
    with pytest.raises(Conflict, match="over"):
        holding.hang_up(desk_call=call, at=at)


@pytest.fixture
def level(in_acme: Account, at: datetime) -> Callable[..., int]:
    """A level where people with these numbers are on call now."""

    def make(*numbers: str) -> int:
        made = add_level(account_id=in_acme.pk, name="Doctors", at=at)
        methods = []
        for number in numbers:
            contact = add_contact(account_id=in_acme.pk, name=f"Dr. {number[-2:]}", at=at)
            methods.append(add_checked_method(contact=contact, kind="call", address=number, at=at))
        if methods:
            add_event(
                level=made,
                starts=(at - timedelta(days=1)).replace(tzinfo=None),
                ends=(at + timedelta(days=1)).replace(tzinfo=None),
                methods=methods,
                at=at,
            )
        return int(made.pk)

    return make


def test_a_live_patch_rings_one_after_the_other(
    call: DeskCall, gateway: Gateway, at: datetime, level: Callable[..., int]
) -> None:
    level_id = level("+12125550181", "+12125550182", call.caller_id)
    first = passing.pass_on(desk_call=call, how=How.LIVE_PATCH, level_id=level_id, at=at)
    assert first.address == "+12125550181"
    later = at + timedelta(seconds=30)
    parties.party_ended(party_id=first.pk, status="completed", sip_code="", at=later)
    second = call.parties.get(state=PartyState.CALLING)
    assert second.address == "+12125550182"
    legs.call_party.work(account_id=call.account_id, party_id=second.pk)
    assert gateway.orders[-1] == "call +12125550182"
    assert parties.party_answered(party_id=second.pk, at=later)
    assert now(call).state == DeskCallState.PASSED_ON
    gateway.asked.clear()
    settle(call)
    assert f"end {RITAS}" in gateway.orders


def test_a_live_patch_that_nobody_takes_leaves_the_caller_in_hand(
    call: DeskCall, at: datetime, level: Callable[..., int]
) -> None:
    level_id = level("+12125550181")
    for each in range(2):  # and again from the start
        press = at + timedelta(minutes=each)
        party = passing.pass_on(desk_call=call, how=How.LIVE_PATCH, level_id=level_id, at=press)
        end = press + timedelta(seconds=30)
        parties.party_ended(party_id=party.pk, status="no-answer", sip_code="", at=end)
        assert not call.parties.filter(state=PartyState.CALLING).exists()
    then = now(call)
    assert (then.state, then.is_held) == (DeskCallState.IN_HAND, True)


def test_a_live_patch_where_nobody_is_on_call(
    call: DeskCall, at: datetime, level: Callable[..., int]
) -> None:
    with pytest.raises(NotFound, match="Nobody is on call by telephone on Doctors"):
        passing.pass_on(desk_call=call, how=How.LIVE_PATCH, level_id=level(), at=at)
    with pytest.raises(NotFound, match="no such"):
        passing.pass_on(desk_call=call, how=How.LIVE_PATCH, level_id=0, at=at)


def call_out(rita: Receptionist, number: PhoneNumber, at: datetime) -> DeskCall:
    made = dialling.call_out(
        receptionist=rita, account_id=number.account_id, number=number, to=OTHER, at=at
    )
    offer = made.offers.get()
    offer.leg_sid = RITAS
    offer.save()
    assert actions.take_offer(offer_id=offer.pk, at=at) is not None
    return now(made)


def test_a_call_out(
    in_acme: Account, rita: Receptionist, acme_number: PhoneNumber, gateway: Gateway, at: datetime
) -> None:
    made = call_out(rita, acme_number, at)
    party = made.parties.get()
    legs.call_party.work(account_id=made.account_id, party_id=party.pk)
    assert gateway.orders == [f"call {OTHER}"]
    assert gateway.asked[0][1]["From"] == acme_number.e164
    with pytest.raises(Conflict, match="Nobody has answered"):
        holding.hold(desk_call=made, at=at)
    assert parties.party_answered(party_id=party.pk, at=at)
    made = now(made)
    assert made.call is not None
    assert made.call.call_type == "OutboundCall"
    assert made.call.agent_id == rita.user_id
    assert holding.hold(desk_call=made, at=at).is_held
    parties.party_ended(party_id=party.pk, status="completed", sip_code="", at=at)
    made = now(made)
    assert made.state == DeskCallState.WRAPPING
    assert made.call is not None
    assert made.call.ended_at is not None


def test_a_call_out_that_is_busy(
    in_acme: Account, rita: Receptionist, acme_number: PhoneNumber, gateway: Gateway, at: datetime
) -> None:
    made = call_out(rita, acme_number, at)
    party = made.parties.get()
    legs.call_party.work(account_id=made.account_id, party_id=party.pk)
    parties.party_ended(party_id=party.pk, status="busy", sip_code="486", at=at)
    settle(made)
    assert f"end {RITAS}" in gateway.orders, "the receptionist does not stay alone"
    made = now(made)
    assert made.state == DeskCallState.WRAPPING
    assert made.call is not None
    assert made.call.status == "busy"


def test_a_call_out_whose_own_phone_rings_is_given_up(
    in_acme: Account, rita: Receptionist, acme_number: PhoneNumber, gateway: Gateway, at: datetime
) -> None:
    made = dialling.call_out(
        receptionist=rita, account_id=in_acme.pk, number=acme_number, to=OTHER, at=at
    )
    holding.hang_up(desk_call=made, at=at)
    assert now(made).state == DeskCallState.OVER
    rita.refresh_from_db()
    assert rita.standing == "available"


def test_two_receptionists_press_at_once(call: DeskCall, gateway: Gateway, at: datetime) -> None:
    """The second press comes while the first one's order is under way."""
    found: list[str] = []

    def presses_too() -> None:
        try:
            announce(now(call), at)
        except Conflict as error:
            found.append(str(error))

    meanwhile(gateway, call, presses_too)
    passing.pass_on(desk_call=call, how=How.BLIND, address=OTHER, at=at)
    assert "already" in found[0]
    assert call.parties.count() == 1


@pytest.mark.parametrize("how", ["lost", "passed_on"])
def test_whom_we_called_does_not_stay_alone(
    in_acme: Account,
    rita: Receptionist,
    acme_number: PhoneNumber,
    gateway: Gateway,
    at: datetime,
    how: str,
) -> None:
    """The receptionist's line breaks off, or nobody answers where the call was passed on to: whom
    we called waits like any caller, and is rung for."""
    made = call_out(rita, acme_number, at)
    party = made.parties.get()
    legs.call_party.work(account_id=made.account_id, party_id=party.pk)
    assert parties.party_answered(party_id=party.pk, at=at)
    if how == "lost":
        actions.leg_ended(offer_id=made.offers.get().pk, was_hung_up=False, at=at)
    else:
        to = passing.pass_on(desk_call=now(made), how=How.BLIND, address="+12125550181", at=at)
        parties.party_ended(party_id=to.pk, status="busy", sip_code="486", at=at)
    assert actions.distribute(at) == 1, "somebody is rung for them"
    assert now(made).state == DeskCallState.WAITING
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'desk.put_back'")
        assert cursor.fetchone() == (1,), "and they hear so"
    taken = actions.take_offer(offer_id=made.offers.get(state="ringing").pk, at=at)
    assert taken is not None
    assert holding.hold(desk_call=taken, at=at).is_held
    parties.party_ended(party_id=party.pk, status="completed", sip_code="", at=at)
    assert now(made).state == DeskCallState.WRAPPING


def test_a_worker_that_dies_while_it_calls_somebody(
    in_acme: Account, rita: Receptionist, acme_number: PhoneNumber, gateway: Gateway, at: datetime
) -> None:
    """The call is under way, and what follows is written by the next worker's turn."""
    made = call_out(rita, acme_number, at)
    party = made.parties.get()
    calling.ring(party)  # and then the worker was killed
    assert parties.party_answered(party_id=party.pk, at=at)
    legs.call_party.work(account_id=made.account_id, party_id=party.pk)
    assert gateway.orders == [f"call {OTHER}"]
    assert now(made).call is not None
    parties.party_ended(party_id=party.pk, status="completed", sip_code="", at=at)
    assert now(made).state == DeskCallState.WRAPPING, "nobody stays alone in the room"


def test_a_live_patch_calls_nothing_that_a_transfer_may_not(
    call: DeskCall, gateway: Gateway, at: datetime, level: Callable[..., int]
) -> None:
    """Who plans who is on call is not who pays for it: the account's own number is a loop, another
    account's phones and a receptionist's are none of theirs, and premium numbers are dear."""
    bad = ("+12125550142", "w0999-theirs", "staff-rita", "+19005550134")
    level_id = level(*bad, "+12125550182")
    party = passing.pass_on(desk_call=call, how=How.LIVE_PATCH, level_id=level_id, at=at)
    assert party.address == "+12125550182"
    parties.party_ended(party_id=party.pk, status="no-answer", sip_code="", at=at)
    assert not call.parties.filter(state=PartyState.CALLING).exists()
    with pytest.raises(NotFound, match="Nobody is on call"):
        passing.pass_on(desk_call=call, how=How.LIVE_PATCH, level_id=level(*bad), at=at)


def test_a_web_process_that_dies_before_it_asks_the_gateway(
    call: DeskCall, gateway: Gateway, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written is asked for by the queue: nobody is left with music, or alone."""
    announce(call, at)

    def die(*_: Any, **__: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(moving, "ask", die)
    gateway.asked.clear()
    with pytest.raises(SystemExit):
        passing.complete(desk_call=now(call), at=at)
    assert gateway.orders == []
    gateway.participants = [{"call_sid": call.call_sid, "hold": True}]
    settle(call)
    assert now(call).state == DeskCallState.PASSED_ON
    assert gateway.orders == [f"end {RITAS}", "unhold"]


def test_a_call_at_a_gateway_that_is_gone_can_be_hung_up(
    call: DeskCall, rita: Receptionist, gateway: Gateway, at: datetime
) -> None:
    """The receptionist is free for others, and the caller is let go when the gateway is back."""
    gateway.answers["Calls/"] = [AWAY]
    holding.hang_up(desk_call=call, at=at)
    assert now(call).state == DeskCallState.WRAPPING
    actions.wrapped_up(desk_call=now(call), at=at)
    rita.refresh_from_db()
    assert rita.standing == "available"
    gateway.asked.clear()
    settle(call)
    assert f"end {call.call_sid}" in gateway.orders
