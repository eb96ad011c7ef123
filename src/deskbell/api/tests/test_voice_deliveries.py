"""A call that brings a message: what it says, what its keys do, and who may ask for it."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings
from twilio.request_validator import RequestValidator

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.api.tests.conftest import Gateway
from deskbell.calls import queries as calls
from deskbell.calls.actions import begin
from deskbell.calls.models import Call
from deskbell.calls.queries import By, UsageWanted
from deskbell.contacts.actions import add_contact
from deskbell.delivery import actions, queries
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.delivery.parcels import parcel_of
from deskbell.delivery.transports.call.tests.peer import SID, Peer
from deskbell.delivery.transports.call.transport import token_of
from deskbell.desk.models import DeskCall, Receptionist
from deskbell.foundation import clock
from deskbell.foundation.carriers import CarrierKeys
from deskbell.messages.actions import Taken, acknowledge, take
from deskbell.messages.models import Message, MessageStatus
from deskbell.oncall import actions as oncall
from deskbell.oncall.models import EscalationLevel
from deskbell.platform.tenancy import account_scope

CALL = {"CallSid": SID, "CallStatus": "in-progress", "AnsweredBy": "human"}


@pytest.fixture(autouse=True)
def now(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)


@pytest.fixture
def peer(settings: Settings) -> Iterator[Peer]:
    with Peer() as peer:
        settings.ENVIRONMENT = peer.settings["ENVIRONMENT"]
        yield peer


@pytest.fixture
def levels(acme: Account, at: datetime) -> list[EscalationLevel]:
    with account_scope(acme.pk):
        second = EscalationLevel.objects.create(account=acme, name="Manager", created_at=at)
        first = EscalationLevel.objects.create(
            account=acme, name="Days", next_level=second, created_at=at
        )
    return [first, second]


@pytest.fixture
def delivery(
    acme: Account, acme_number: PhoneNumber, levels: list[EscalationLevel], peer: Peer, at: datetime
) -> Delivery:
    """A message on its way to Alice's telephone, which rings."""
    return rings(acme, levels[0], at)


def rings(acme: Account, level: EscalationLevel, at: datetime) -> Delivery:
    with account_scope(acme.pk):
        contact = add_contact(account_id=acme.pk, name="Alice", at=at)
        method = actions.add_checked_method(
            contact=contact, kind="call", address="+12125550134", at=at
        )
        message = take(
            account_id=acme.pk, taken=Taken(content="The pump leaks", phone="+12125550187"), at=at
        )
        Message.objects.filter(pk=message.pk).update(escalation_level_id=level.pk)
        [made] = actions.deliver(
            message=message,
            methods=[method],
            level_id=level.pk,
            level_name="Days",
            attempt=1,
            at=at,
        )
        actions.send(delivery_id=made.pk, at=at)
        return queries.one(made.pk)


def path(delivery: Delivery, what: str) -> str:
    with account_scope(delivery.account_id):
        parcel = parcel_of(queries.one(delivery.pk), sent_at=delivery.created_at)
    return f"/voice/deliveries/{token_of(parcel)}/{what}"


def ask(gateway: Gateway, delivery: Delivery, what: str, **fields: str) -> str:
    answer = gateway.post(path(delivery, what), CALL | fields)
    assert answer.status_code in {200, 204}, answer.content
    return str(answer.content.decode())


def fresh(delivery: Delivery) -> Delivery:
    with account_scope(delivery.account_id):
        return queries.one(delivery.pk)


def test_the_order_names_the_document_the_report_and_our_number(
    delivery: Delivery, peer: Peer
) -> None:
    [(_, form)] = peer.asked
    assert (form["To"], form["From"]) == ("+12125550134", "+12125550142")
    assert form["MachineDetection"] == "DetectMessageEnd"
    assert form["Url"].endswith(path(delivery, "message"))
    assert form["StatusCallback"].endswith(path(delivery, "status"))
    assert fresh(delivery).state == DeliveryState.UNDER_WAY


def test_a_person_hears_the_message_and_1_acknowledges_it(
    gateway: Gateway, delivery: Delivery
) -> None:
    heard = ask(gateway, delivery, "message")
    assert "The pump leaks" in heard
    assert "keys?turn=1" in heard
    said = ask(gateway, delivery, "keys?turn=1", Digits="1")
    assert "Alice acknowledges it." in said
    assert "<Hangup" in said
    done = fresh(delivery)
    assert done.state == DeliveryState.DELIVERED
    assert done.message.status == MessageStatus.ACKNOWLEDGED
    assert (done.message.acknowledged_by, done.message.acknowledged_from) == ("Alice", "call")
    assert done.message.acknowledged_address == "+12125550134"
    assert "pressed 1" in done.answer


def test_3_passes_it_on_and_says_to_whom(
    gateway: Gateway, delivery: Delivery, levels: list[EscalationLevel], at: datetime
) -> None:
    with account_scope(delivery.account_id):
        bob = add_contact(account_id=delivery.account_id, name="Bob", at=at)
        method = actions.add_checked_method(
            contact=bob, kind="email", address="bob@example.com", at=at
        )
        today = at.replace(tzinfo=None, hour=0)
        oncall.add_event(
            level=levels[1], methods=[method], starts=today, ends=today + timedelta(days=1), at=at
        )
    said = ask(gateway, delivery, "keys?turn=1", Digits="3")
    assert "Bob" in said
    assert fresh(delivery).message.escalation_level_id != delivery.level_id


def test_2_says_it_again_and_4_finds_nobody_and_goes_back_to_the_keys(
    gateway: Gateway, delivery: Delivery
) -> None:
    assert "The pump leaks" in ask(gateway, delivery, "keys?turn=3", Digits="2")
    said = ask(gateway, delivery, "keys?turn=1", Digits="4")
    assert "No receptionist is free" in said
    assert "press 1" in said
    assert "The pump leaks" not in said
    assert "none of the keys" in ask(gateway, delivery, "keys?turn=1", Digits="9")


def test_4_puts_them_through_to_a_receptionist(
    gateway: Gateway, delivery: Delivery, rita_desk: Receptionist, acme_number: PhoneNumber
) -> None:
    waits = ask(gateway, delivery, "keys?turn=1", Digits="4", GatewayUrl="http://127.0.0.1:8071")
    assert "Please hold the line" in waits
    assert f">desk-{SID[2:]}</Conference>" in waits
    with account_scope(delivery.account_id):
        [waiting] = DeskCall.objects.select_related("call")
    assert (waiting.kind, waiting.state, waiting.delivery_id) == (
        "callback",
        "waiting",
        delivery.pk,
    )
    assert waiting.gateway == "http://127.0.0.1:8071"
    assert waiting.call is not None
    assert (waiting.call.call_type, waiting.call.caller_id) == ("OutboundCall", "+12125550134")
    assert fresh(delivery).state == DeliveryState.DELIVERED
    closed = f"/voice/desk/closed?account={delivery.account_id}"
    told = gateway.post(closed, CALL).content.decode()
    assert "No receptionist is free" in told
    assert f"{path(delivery, 'keys')}?turn=1" in told
    over = {"CallStatus": "completed", "HangupBy": "callee", "CallDuration": "30"}
    assert ask(gateway, delivery, "status", **over) == ""
    with account_scope(delivery.account_id):
        assert Call.objects.get(sid=SID).ended_at is not None


def test_silence_repeats_it_three_times_and_then_says_goodbye(
    gateway: Gateway, delivery: Delivery
) -> None:
    for turn in (1, 2):
        again = ask(gateway, delivery, f"keys?turn={turn}")
        assert "The pump leaks" in again
        assert f"turn={turn + 1}" in again
    assert "Goodbye" in ask(gateway, delivery, "keys?turn=3")
    done = fresh(delivery)
    assert (done.state, done.answer) == (
        DeliveryState.DELIVERED,
        "Answered and heard; no key was pressed",
    )
    ask(gateway, delivery, "status", CallStatus="completed")
    assert fresh(delivery).state == DeliveryState.DELIVERED


def test_somebody_was_faster(gateway: Gateway, delivery: Delivery, at: datetime) -> None:
    with account_scope(delivery.account_id):
        acknowledge(message=delivery.message, by="Bob", at=at, through="email")
    assert "Bob has it already" in ask(gateway, delivery, "message")
    assert "Bob has it already" in ask(gateway, delivery, "keys?turn=1", Digits="1")
    assert fresh(delivery).message.acknowledged_by == "Bob"


def test_voicemail_hears_nothing_private(gateway: Gateway, delivery: Delivery) -> None:
    left = ask(gateway, delivery, "message", AnsweredBy="machine_end_beep")
    assert "pump" not in left
    assert "call back" in left
    done = fresh(delivery)
    assert done.state == DeliveryState.DELIVERED
    assert "Voicemail" in done.answer
    assert done.message.status != MessageStatus.ACKNOWLEDGED


def test_a_fax_machine_is_told_nothing(gateway: Gateway, delivery: Delivery) -> None:
    said = ask(gateway, delivery, "message", AnsweredBy="fax")
    assert "<Say" not in said
    assert "<Hangup" in said
    assert fresh(delivery).state == DeliveryState.UNANSWERED


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("busy", DeliveryState.RETRYING),
        ("failed", DeliveryState.RETRYING),
        ("no-answer", DeliveryState.UNANSWERED),
        ("completed", DeliveryState.UNANSWERED),
        ("ringing", DeliveryState.UNDER_WAY),
    ],
)
def test_how_it_ended(gateway: Gateway, delivery: Delivery, status: str, state: str) -> None:
    ask(gateway, delivery, "status", CallStatus=status)
    assert fresh(delivery).state == state


def test_the_next_call_after_a_busy_one_is_another(
    gateway: Gateway, delivery: Delivery, peer: Peer, at: datetime
) -> None:
    ask(gateway, delivery, "status", CallStatus="busy")
    with account_scope(delivery.account_id):
        later = fresh(delivery).next_try_at
        assert later
        assert (later - at).total_seconds() >= 60
        actions.send(delivery_id=delivery.pk, at=later)
    keys = [each.key for each in peer.received]
    assert len(set(keys)) == 2


def test_an_acknowledgement_ends_the_ringing(delivery: Delivery, peer: Peer, at: datetime) -> None:
    with account_scope(delivery.account_id):
        acknowledge(message=delivery.message, by="Bob", at=at, through="email")
        actions.recall(delivery_id=delivery.pk, at=at)
    where, form = peer.asked[-1]
    assert where.endswith(f"/Calls/{SID}.json")
    assert form == {"Status": "canceled"}


def test_all_of_a_bundle_is_acknowledged_at_once(
    gateway: Gateway, delivery: Delivery, acme: Account, at: datetime
) -> None:
    with account_scope(acme.pk):
        level = EscalationLevel.objects.get(pk=delivery.level_id or 0)
    other = rings(acme, level, at)
    with account_scope(acme.pk):
        together = Delivery.objects.filter(pk__in=[delivery.pk, other.pk])
        together.update(bundle=uuid.uuid4())
    assert "2 messages wait for Alice" in ask(gateway, other, "message")
    assert "all 2 messages" in ask(gateway, other, "keys?turn=1", Digits="1")
    for each in (delivery, other):
        assert fresh(each).message.status == MessageStatus.ACKNOWLEDGED


def test_only_who_carries_the_call_may_ask(
    gateway: Gateway, delivery: Delivery, client: Client
) -> None:
    where = path(delivery, "message")
    assert client.post(where, CALL).status_code == 403
    assert client.get(where).status_code == 405
    assert gateway.post(where, CALL, signature="wrong").status_code == 403
    assert gateway.post("/voice/deliveries/nonsense/message", CALL).status_code == 404
    assert client.post(where.replace("/voice/", "/voice/twilio/"), CALL).status_code == 404


def test_a_carrier_asks_in_its_own_name(
    delivery: Delivery, client: Client, settings: Settings
) -> None:
    settings.ENVIRONMENT = dataclasses.replace(
        settings.ENVIRONMENT,
        public_url="https://bell.example.com",
        carriers={"twilio": CarrierKeys("AC1", "token", "token", "")},
    )
    where = path(delivery, "keys?turn=1").replace("/voice/", "/voice/twilio/")
    fields = {**CALL, "Digits": "1"}
    url = f"https://bell.example.com{where}"
    signature = RequestValidator("token").compute_signature(url, fields)
    answer = client.post(where, fields, headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 200
    assert "Alice acknowledges it." in answer.content.decode()
    assert client.post(where, fields).status_code == 403


ENDED = {
    "CallStatus": "completed",
    "CallDuration": "41",
    "HangupBy": "callee",
    "From": "+12125550142",
    "To": "+12125550134",
}


def test_the_call_has_a_record_of_what_it_was_about(
    gateway: Gateway, delivery: Delivery, acme_number: PhoneNumber, at: datetime
) -> None:
    with account_scope(delivery.account_id):
        about = begin(
            account_id=delivery.account_id,
            sid="CA" + "9" * 32,
            number=acme_number,
            caller_id="+12125550187",
            caller_name="",
            dialled="+12125550142",
            at=at,
        )
        Message.objects.filter(pk=delivery.message_id).update(call=about)
    for _ in range(2):
        ask(gateway, delivery, "status", **ENDED)
    with account_scope(delivery.account_id):
        call = calls.one(SID)
        [used] = calls.usage(UsageWanted(at.date(), at.date()), By.NUMBER)
    assert (call.call_type, call.original_call_id) == ("OutboundCall", about.pk)
    assert (call.caller_id, call.number_dialed) == ("+12125550142", "+12125550134")
    assert (call.status, call.who_hung_up, call.connection_sec) == ("completed", "callee", 41)
    assert call.started_at == at - timedelta(seconds=41)
    assert (used.number, used.usage.calls, used.usage.standard_seconds) == ("+12125550142", 1, 41)


def test_a_call_that_found_the_line_busy_has_a_record_and_uses_nothing(
    gateway: Gateway, delivery: Delivery, at: datetime
) -> None:
    busy = ENDED | {"CallStatus": "busy", "CallDuration": "0", "HangupBy": "system"}
    ask(gateway, delivery, "status", **busy)
    with account_scope(delivery.account_id):
        assert calls.one(SID).status == "busy"
        assert not calls.usage(UsageWanted(at.date(), at.date()), By.NUMBER)
