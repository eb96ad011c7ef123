"""What people lose when a text back is misread, forged, played again or unheard."""

from __future__ import annotations

import base64
import dataclasses
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.test import Client
from pytest_django import Settings
from twilio.request_validator import RequestValidator

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.contacts.actions import add_contact
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery import actions, queries, texting
from deskbell.delivery.models import Delivery, DeliveryState, HeardText, OptOut
from deskbell.delivery.transports.sms.tests.peer import Peer
from deskbell.foundation import clock, dialling
from deskbell.foundation.carriers import CarrierKeys
from deskbell.foundation.environment import environment
from deskbell.foundation.sids import new_sid
from deskbell.messages.actions import Taken, take
from deskbell.messages.models import Message, MessageStatus
from deskbell.platform.tenancy import account_scope

PUBLIC = "https://bell.example.com"
FORM = "application/x-www-form-urlencoded"
THEIRS, OURS = "+12125550134", "+12125550142"
TELNYX_KEY = Ed25519PrivateKey.generate()
Open = Callable[..., Delivery]


@pytest.fixture(autouse=True)
def now(at: datetime, monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr(clock, "now", lambda: at)
    return at


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Peer]:
    """The carriers, all of them connected, the operator's own first."""
    public_key = base64.b64encode(TELNYX_KEY.public_key().public_bytes_raw()).decode()
    with Peer() as peer:
        allowed = dataclasses.replace(environment(), private_hosts=peer.private_hosts)
        monkeypatch.setattr(dialling, "environment", lambda: allowed)
        carriers = {
            "twilio": CarrierKeys("AC1", "twilio-token", "twilio-token", peer.url),
            "signalwire": CarrierKeys("P1", "api", "signing", peer.url),
            "telnyx": CarrierKeys("", "KEY1", public_key, peer.url),
        }
        settings.ENVIRONMENT = dataclasses.replace(
            settings.ENVIRONMENT, public_url=PUBLIC, text_server=peer.keys, carriers=carriers
        )
        settings.ALLOWED_HOSTS = ["bell.example.com"]
        yield peer


@pytest.fixture
def method(acme: Account, acme_number: PhoneNumber, peer: Peer, at: datetime) -> DeliveryMethod:
    with account_scope(acme.pk):
        contact = add_contact(account_id=acme.pk, name="Alice", at=at)
        return actions.add_checked_method(contact=contact, kind="sms", address=THEIRS, at=at)


@pytest.fixture
def send_open(acme: Account, method: DeliveryMethod, at: datetime) -> Open:
    """Takes a message of a caller and texts it to Alice."""

    def made(caller: str = "Ann") -> Delivery:
        with account_scope(acme.pk):
            taken = Taken(content="It hurts", first_name=caller, phone="+12125550187")
            message = take(account_id=acme.pk, taken=taken, at=at)
            [delivery] = actions.deliver(
                message=message,
                methods=[DeliveryMethod.objects.select_related("contact").get(pk=method.pk)],
                level_id=7,
                level_name="Days",
                attempt=1,
                at=at,
            )
            actions.send(delivery_id=delivery.pk, at=at)
            return queries.one(delivery.pk)

    return made


def post(carrier: str, path: str, fields: Mapping[str, str], **headers: str) -> Any:
    """A request that the carrier signs as it does."""
    token = {"own": "token", "twilio": "twilio-token", "signalwire": "signing"}[carrier]
    name = {"signalwire": "X-SignalWire-Signature"}.get(carrier, "X-Twilio-Signature")
    signed = RequestValidator(token).compute_signature(PUBLIC + path, dict(fields))
    return Client(enforce_csrf_checks=True).post(
        path,
        urlencode(fields),
        content_type=FORM,
        headers={name: signed} | headers,
        HTTP_HOST="bell.example.com",
    )


def text(body: str, carrier: str = "own", sid: str = "", **changes: str) -> str:
    """What is texted back to a text of Alice's; empty for nothing."""
    fields = {"MessageSid": sid or new_sid("SM"), "From": THEIRS, "To": OURS, "Body": body}
    answer = post(carrier, f"/texts/{carrier}/incoming", fields | changes)
    assert answer.status_code == 200, answer.content
    return ET.fromstring(answer.content).findtext("Message") or ""


def telnyx(path: str, content: Mapping[str, Any]) -> Any:
    body = json.dumps(content)
    stamp = str(int(clock.now().timestamp()))
    signed = TELNYX_KEY.sign(f"{stamp}|{body}".encode())
    headers = {
        "telnyx-timestamp": stamp,
        "telnyx-signature-ed25519": base64.b64encode(signed).decode(),
    }
    return Client(enforce_csrf_checks=True).post(
        path, body, content_type="application/json", headers=headers, HTTP_HOST="bell.example.com"
    )


def message_of(delivery: Delivery) -> Message:
    with account_scope(delivery.account_id):
        return Message.objects.get(pk=delivery.message_id)


def state_of(delivery: Delivery) -> str:
    with account_scope(delivery.account_id):
        return Delivery.objects.get(pk=delivery.pk).state


@pytest.mark.parametrize("carrier", ["own", "twilio", "signalwire"])
def test_one_acknowledges(carrier: str, send_open: Open) -> None:
    delivery = send_open()
    assert (delivery.state, delivery.sender) == (DeliveryState.DELIVERED, OURS)
    said = text("1", carrier)
    assert said.startswith("Ann: Thank you.")
    message = message_of(delivery)
    assert message.status == MessageStatus.ACKNOWLEDGED
    assert (message.acknowledged_by, message.acknowledged_from) == ("Alice", "sms")
    assert message.acknowledged_address == THEIRS


def test_the_same_text_again_acts_once_and_says_the_same(send_open: Open) -> None:
    delivery = send_open()
    sid = new_sid("SM")
    first = text("1", sid=sid)
    later = send_open("Bea")
    assert text("1", sid=sid) == first
    assert message_of(delivery).status == MessageStatus.ACKNOWLEDGED
    assert message_of(later).status != MessageStatus.ACKNOWLEDGED


def test_where_several_are_open_it_asks_which(send_open: Open) -> None:
    ann, bea = send_open("Ann"), send_open("Bea")
    assert ann.code != bea.code
    said = text("1")
    assert said.startswith(f"2 messages are open: {bea.code} Bea; {ann.code} Ann.")
    assert message_of(ann).is_open
    assert message_of(bea).is_open
    assert text(f"1 {ann.code}").startswith("Ann: Thank you.")
    assert not message_of(ann).is_open
    assert message_of(bea).is_open
    assert text("ok").startswith("Bea: Thank you.")


def test_one_all_takes_them_all(send_open: Open) -> None:
    made = [send_open(name) for name in ("Ann", "Bea", "Cy")]
    text("1 all")
    assert [message_of(each).is_open for each in made] == [False] * 3


def test_a_code_that_is_not_open_is_told(send_open: Open) -> None:
    delivery = send_open()
    wrong = "99" if delivery.code != "99" else "98"
    assert text(f"1 {wrong}").startswith(f"No open message has the code {wrong}. 1 message is open")
    assert message_of(delivery).is_open


def test_who_was_first_is_told(send_open: Open) -> None:
    delivery = send_open()
    from deskbell.messages.actions import acknowledge

    with account_scope(delivery.account_id):
        acknowledge(
            message=message_of(delivery), by="Bob", at=clock.now(), through="portal", address=""
        )
    assert text("1") == "Ann: Bob has it already."
    assert text(f"1 {delivery.code}") == "Ann: Bob has it already."


def test_two_passes_it_on_and_says_what_happened(send_open: Open) -> None:
    delivery = send_open()
    said = text("2")
    assert said.startswith("Ann: ")
    assert message_of(delivery).is_open


def test_nothing_open_is_told(send_open: Open) -> None:
    assert text("1").startswith("No message to you is open now")


def test_what_is_not_understood_is_answered_with_what_is_possible(send_open: Open) -> None:
    send_open()
    said = text("who is this?")
    assert said == (
        "1 message is open: Ann. Reply 1 to acknowledge, 2 to pass on. "
        "Reply STOP to get no more texts."
    )


def test_a_text_from_another_phone_answers_nothing_of_alices(send_open: Open) -> None:
    delivery = send_open()
    said = text(f"1 {delivery.code}", From="+12125550199")
    assert said.startswith("No message to you")
    assert text("1", To="+12125550143").startswith("No message to you")
    assert message_of(delivery).is_open


def test_stop_and_start(send_open: Open, method: DeliveryMethod, peer: Peer, acme: Account) -> None:
    first = send_open()
    assert "START" in text("Stop")
    assert message_of(first).is_open
    with account_scope(acme.pk):
        assert texting.is_stopped(method)
    stopped = send_open("Bea")
    assert stopped.state == DeliveryState.FAILED
    assert "STOP" in stopped.answer
    assert len(peer.received) == 1
    assert "STOP" in text("Start")
    with account_scope(acme.pk):
        assert not texting.is_stopped(method)
    assert send_open("Cy").state == DeliveryState.DELIVERED


@pytest.mark.parametrize("carrier", ["twilio", "signalwire"])
def test_a_hosted_carrier_confirms_stop_itself(carrier: str, send_open: Open) -> None:
    assert text("STOP", carrier) == ""
    assert OptOut.objects.filter(sender=OURS, address=THEIRS).count() == 1
    assert text("STOP", carrier) == ""
    assert text("START", carrier) == ""
    assert not OptOut.objects.exists()


@pytest.mark.parametrize("path", ["/texts/own/incoming", "/texts/own/status?account=1&delivery=1"])
def test_nobody_else_speaks_for_a_carrier(path: str, send_open: Open) -> None:
    delivery = send_open()
    fields = {"MessageSid": new_sid("SM"), "From": THEIRS, "To": OURS, "Body": "1"}
    wrong = post("own", path, fields, **{"X-Twilio-Signature": "bm90IGl0"})
    assert wrong.status_code == 403
    other = post("twilio", path, fields)
    assert other.status_code == 403  # Twilio's token opens nothing of another carrier's
    bare = Client().post(path, fields, HTTP_HOST="bell.example.com")
    assert bare.status_code == 403
    assert message_of(delivery).is_open
    assert not HeardText.objects.exists()


def test_what_is_no_text_is_refused_in_words(peer: Peer, db: None) -> None:
    assert post("own", "/texts/own/incoming", {"Body": "1"}).status_code == 400
    assert post("own", "/texts/own/status", {}).status_code == 400
    assert telnyx("/texts/telnyx/incoming", {"data": []}).status_code == 400
    assert Client().get("/texts/own/incoming", HTTP_HOST="bell.example.com").status_code == 405
    assert Client().post("/texts/nobody/incoming", HTTP_HOST="bell.example.com").status_code == 404


def status_of(delivery: Delivery, status: str, **more: str) -> str:
    """The path and fields of a report, posted."""
    fields = {"MessageSid": delivery.provider_id, "MessageStatus": status} | more
    path = f"/texts/own/status?account={delivery.account_id}&delivery={delivery.pk}"
    assert post("own", path, fields).status_code == 204
    return state_of(delivery)


@pytest.mark.parametrize("status", ["queued", "sending", "sent"])
def test_what_is_on_its_way_changes_nothing(status: str, send_open: Open) -> None:
    delivery = send_open()
    assert status_of(delivery, status) == DeliveryState.DELIVERED
    assert queries_answer(delivery) == delivery.answer


def queries_answer(delivery: Delivery) -> str:
    with account_scope(delivery.account_id):
        return Delivery.objects.get(pk=delivery.pk).answer


def test_a_report_that_it_arrived_is_kept(send_open: Open) -> None:
    delivery = send_open()
    assert status_of(delivery, "delivered") == DeliveryState.DELIVERED
    assert queries_answer(delivery) == "It arrived"


def test_a_report_that_it_did_not_arrive_makes_it_failed_once(send_open: Open) -> None:
    delivery = send_open()
    for _ in range(2):
        assert status_of(delivery, "undelivered", ErrorCode="30003") == DeliveryState.FAILED
    assert "switched off or out of reach" in queries_answer(delivery)
    with account_scope(delivery.account_id):
        told = [each.text for each in message_of(delivery).activities.all()]
    assert sum("out of reach" in each for each in told) == 1


def test_a_report_of_another_text_changes_nothing(send_open: Open) -> None:
    delivery = send_open()
    assert status_of(delivery, "failed", MessageSid=new_sid("SM")) == DeliveryState.DELIVERED
    path = f"/texts/own/status?account={delivery.account_id}&delivery=999999"
    fields = {"MessageSid": delivery.provider_id, "MessageStatus": "failed"}
    assert post("own", path, fields).status_code == 204
    assert post("own", "/texts/own/status", fields).status_code == 204
    assert state_of(delivery) == DeliveryState.DELIVERED


def test_a_report_before_the_result_is_kept_is_looked_at_again(send_open: Open) -> None:
    delivery = send_open()
    with account_scope(delivery.account_id):
        Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.SENDING, provider_id="")
    assert status_of(delivery, "failed", ErrorCode="30006") == DeliveryState.SENDING
    [(given, wait)] = queued("delivery.text_report")
    assert given["delivery_id"] == delivery.pk
    assert 15 < wait < 25


def test_a_carrier_that_knows_of_a_stop_tells_us(send_open: Open) -> None:
    delivery = send_open()
    status_of(delivery, "undelivered", ErrorCode="21610")
    assert OptOut.objects.filter(sender=OURS, address=THEIRS).exists()


def queued(name: str) -> list[tuple[dict[str, Any], float]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT convert_from(payload, 'UTF8'), extract(epoch FROM execute_after - now())"
            " FROM pgqueuer WHERE entrypoint = %s",
            [name],
        )
        return [(json.loads(given), float(wait)) for given, wait in cursor.fetchall()]


def received(body: str, identity: str = "t-1") -> dict[str, Any]:
    return {
        "data": {
            "event_type": "message.received",
            "payload": {
                "id": identity,
                "from": {"phone_number": THEIRS},
                "to": [{"phone_number": OURS}],
                "text": body,
            },
        }
    }


def test_telnyx_is_answered_by_a_job_once(send_open: Open) -> None:
    delivery = send_open()
    for _ in range(2):
        assert telnyx("/texts/telnyx/incoming", received("1")).status_code == 204
    assert not message_of(delivery).is_open
    [(given, _)] = queued("delivery.answer_text")
    assert (given["carrier"], given["sender"], given["to"]) == ("telnyx", OURS, THEIRS)
    assert given["body"].startswith("Ann: Thank you.")


def test_telnyx_reports(send_open: Open) -> None:
    delivery = send_open()
    payload = {
        "id": delivery.provider_id,
        "to": [{"status": "delivery_failed"}],
        "errors": [{"code": "40001", "title": "Not routable"}],
    }
    content = {"data": {"event_type": "message.finalized", "payload": payload}}
    path = f"/texts/telnyx/status?account={delivery.account_id}&delivery={delivery.pk}"
    assert telnyx("/texts/telnyx/incoming", content).status_code == 204
    assert telnyx(path, content).status_code == 204
    assert state_of(delivery) == DeliveryState.FAILED
    assert "landline" in queries_answer(delivery)


def test_what_was_heard_is_forgotten_after_a_month(
    send_open: Open, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    text("1")
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(days=31))
    text("1")
    assert HeardText.objects.count() == 1
