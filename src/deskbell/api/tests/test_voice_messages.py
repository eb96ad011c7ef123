"""The contract with gateways: what documents send."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.calls.models import Call
from deskbell.delivery.models import Dispatch
from deskbell.platform.tenancy import account_scope, system_scope

CALL = "CA" + "c" * 32
PATH = "/voice/messages"
FORM = {
    "CallSid": CALL,
    "From": "12125550199",
    "To": "12125550142",
    "MessageFrom": "desk@acme.example",
    "MessageTo": "bob@acme.example",
    "Kind": "email",
    "MessageSid": "EM" + "1" * 32,
    "Subject": "News",
    "Body": "Somebody called.",
}


@pytest.fixture
def call(acme: Account, acme_number: PhoneNumber, at: datetime) -> Call:
    with account_scope(acme.pk):
        call = Call(account=acme, sid=CALL, number_dialed="12125550142", started_at=at)
        call.save()
    return call


def test_an_email_is_queued_once_for_the_calls_account(gateway: Any, call: Call) -> None:
    for _ in range(2):
        answer = gateway.post(PATH, FORM)
        assert answer.json() == {"sid": FORM["MessageSid"], "status": "queued"}
    with account_scope(call.account_id):
        found = Dispatch.objects.get()
    assert (found.subject, found.body) == ("News", "Somebody called.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM pgqueuer WHERE entrypoint = 'delivery.dispatch'")
        [(payload,)] = cursor.fetchall()
    assert b"Somebody" not in bytes(payload)


def test_a_call_out_is_its_parents(gateway: Any, call: Call) -> None:
    child = FORM | {"CallSid": "CA" + "d" * 32, "ParentCallSid": CALL}
    assert gateway.post(PATH, child).json()["status"] == "queued"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"Kind": "fax", "MessageSid": "FX" + "1" * 32, "MediaUrl": "http://h/x"}, "fax"),
        ({"Kind": "sms", "MessageSid": "SM" + "1" * 32}, "carrier"),
        ({"MessageTo": "nobody"}, "email addresses"),
    ],
)
def test_what_is_not_sent_is_answered_in_words_and_logged_without_its_text(
    gateway: Any,
    call: Call,
    changes: dict[str, str],
    says: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = gateway.post(PATH, FORM | changes)
    assert answer.status_code == 200
    assert answer.json()["status"] == "failed"
    assert says in answer.json()["message"]
    assert "Somebody called" not in caplog.text
    with system_scope("nothing was kept"):
        assert not Dispatch.objects.exists()


def test_what_no_gateway_sends(gateway: Any, call: Call) -> None:
    assert gateway.post(PATH, FORM, signature="wrong").status_code == 403
    assert gateway.post(PATH, FORM | {"Kind": "pigeon"}).status_code == 400
    assert gateway.post(PATH, FORM | {"MessageSid": "SM1"}).status_code == 400
    assert gateway.post(PATH, FORM | {"CallSid": "CA" + "d" * 32}).status_code == 404
    assert gateway.get(PATH).status_code == 405
    assert "messages" in gateway.get("/voice/config").json()
