"""A To Do's call: what it says, how it ends, and who may ask for it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings
from twilio.request_validator import RequestValidator

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.api.tests.conftest import Gateway
from deskbell.calls import queries as calls
from deskbell.calls.queries import By, UsageWanted
from deskbell.delivery.transports.call.tests.peer import SID, Peer
from deskbell.foundation import clock
from deskbell.foundation.carriers import CarrierKeys
from deskbell.platform.tenancy import account_scope
from deskbell.todos import actions
from deskbell.todos.carrying.calls import token_of
from deskbell.todos.models import Run, RunState, ToDo

CALL = {"CallSid": SID, "CallStatus": "in-progress", "AnsweredBy": "human"}
WORDS = "Water the plants at 2125550187."


@pytest.fixture(autouse=True)
def now(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)


@pytest.fixture
def peer(settings: Settings) -> Iterator[Peer]:
    with Peer() as peer:
        settings.ENVIRONMENT = peer.settings["ENVIRONMENT"]
        yield peer


@pytest.fixture
def run(acme: Account, acme_number: PhoneNumber, peer: Peer, at: datetime) -> Run:
    """A run whose call rings."""
    with account_scope(acme.pk):
        fields = actions.Fields("call", "+12125550134", instructions=WORDS)
        made = actions.add_to_do(
            account_id=acme.pk, fields=fields, when={"rule": "immediately"}, at=at
        )
        actions.run_due(at)
        found = Run.objects.get(to_do=made)
        actions.send(run_ids=[found.pk], at=at)
        return Run.objects.get(pk=found.pk)


def path(run: Run, what: str) -> str:
    return f"/voice/to-dos/{token_of(run)}/{what}"


def ask(gateway: Gateway, run: Run, what: str, **fields: str) -> str:
    answer = gateway.post(path(run, what), CALL | fields)
    assert answer.status_code in {200, 204}, answer.content
    return str(answer.content.decode())


def fresh(run: Run) -> Run:
    with account_scope(run.account_id):
        return Run.objects.select_related("to_do").get(pk=run.pk)


def test_the_order_names_the_document_the_report_and_our_number(run: Run, peer: Peer) -> None:
    [(_, form)] = peer.asked
    assert (form["To"], form["From"]) == ("+12125550134", "+12125550142")
    assert form["Url"].endswith(path(run, "speak"))
    assert form["StatusCallback"].endswith(path(run, "status"))
    assert (run.state, run.provider_id) == (RunState.SENDING, SID)


def test_a_person_hears_it_and_1_says_it_again(gateway: Gateway, run: Run) -> None:
    heard = ask(gateway, run, "speak")
    assert "This is Acme Dental." in heard
    assert "Water the plants at 2, 1, 2, 5, 5, 5, 0, 1, 8, 7." in heard
    assert "keys?turn=1" in heard
    again = ask(gateway, run, "keys?turn=1", Digits="1")
    assert "Water the plants" in again
    assert "keys?turn=2" in again
    assert "Water" not in ask(gateway, run, "keys?turn=5", Digits="1")
    for keys in ({}, {"Digits": "7"}, {"Digits": ""}):
        goodbye = ask(gateway, run, "keys?turn=1", **keys)
        assert "Goodbye." in goodbye
        assert "<Hangup />" in goodbye
    assert fresh(run).state == RunState.SENDING
    ask(gateway, run, "status", CallStatus="completed")
    ended = fresh(run)
    assert (ended.state, ended.answer) == (RunState.SENT, "Answered by a person, and heard")
    assert not ended.to_do.is_sending


def test_a_machine_keeps_it(gateway: Gateway, run: Run) -> None:
    left = ask(gateway, run, "speak", AnsweredBy="machine_end_beep")
    assert "Water the plants" in left
    assert "press" not in left
    ask(gateway, run, "status", CallStatus="completed", AnsweredBy="machine_end_beep")
    assert fresh(run).answer == "Voicemail answered, and it was left there"


def test_a_fax_hears_nothing(gateway: Gateway, run: Run) -> None:
    assert "<Say" not in ask(gateway, run, "speak", AnsweredBy="fax")
    ask(gateway, run, "status", CallStatus="completed", AnsweredBy="fax")
    assert (fresh(run).state, fresh(run).answer[:5]) == (RunState.FAILED, "A fax")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("busy", "busy"),
        ("no-answer", "Nobody answered"),
        ("failed", "failed on its way"),
        ("canceled", "ended"),
        ("completed", "hung up before"),
    ],
)
def test_how_a_call_ends_that_nobody_heard(
    gateway: Gateway, run: Run, status: str, words: str
) -> None:
    for going_on in ("queued", "ringing", "in-progress", "unheard-of"):
        ask(gateway, run, "status", CallStatus=going_on)
    assert fresh(run).state == RunState.SENDING
    for _ in range(2):
        ask(gateway, run, "status", CallStatus=status)
    assert fresh(run).state == RunState.FAILED
    assert words in fresh(run).answer


def test_without_a_word_of_its_end_it_is_unknown_until_one_comes(
    gateway: Gateway, run: Run, at: datetime
) -> None:
    actions.run_due(at + timedelta(hours=1))
    assert (fresh(run).state, fresh(run).answer[:7]) == (RunState.UNKNOWN, "No word")
    ask(gateway, run, "status", CallStatus="no-answer")
    assert (fresh(run).state, fresh(run).answer) == (RunState.FAILED, "Nobody answered")


def test_a_call_whose_worker_died_still_speaks_and_ends(
    gateway: Gateway, run: Run, at: datetime
) -> None:
    with account_scope(run.account_id):
        Run.objects.filter(pk=run.pk).update(provider_id="")
    actions.run_due(at + timedelta(hours=1))
    assert fresh(run).state == RunState.UNKNOWN
    assert "Water the plants" in ask(gateway, run, "speak")
    assert (fresh(run).state, fresh(run).provider_id) == (RunState.SENDING, SID)
    actions.run_due(at + timedelta(hours=2))
    assert (fresh(run).state, fresh(run).answer[:8]) == (RunState.SENT, "Answered")


def test_a_deleted_to_do_says_nothing(gateway: Gateway, run: Run) -> None:
    with account_scope(run.account_id):
        actions.delete_to_do(to_do=ToDo.objects.get())
    for what in ("speak", "keys"):
        assert "<Response><Hangup /></Response>" in ask(gateway, run, what)
    assert ask(gateway, run, "status", CallStatus="completed") == ""


def test_only_those_who_carry_the_call_may_ask(gateway: Gateway, run: Run, client: Client) -> None:
    where = path(run, "speak")
    assert client.post(where, CALL).status_code == 403
    assert client.get(where).status_code == 405
    assert gateway.post(where, CALL, signature="wrong").status_code == 403
    assert gateway.post("/voice/to-dos/nonsense/speak", CALL).status_code == 404
    assert client.post(where.replace("/voice/", "/voice/twilio/"), CALL).status_code == 404


def test_a_carrier_asks_in_its_own_name(run: Run, client: Client, settings: Settings) -> None:
    settings.ENVIRONMENT = dataclasses.replace(
        settings.ENVIRONMENT,
        public_url="https://bell.example.com",
        carriers={"twilio": CarrierKeys("AC1", "token", "token", "")},
    )
    where = path(run, "speak").replace("/voice/", "/voice/twilio/")
    signature = RequestValidator("token").compute_signature(
        f"https://bell.example.com{where}", CALL
    )
    answer = client.post(where, CALL, headers={"X-Twilio-Signature": signature})
    assert "Water the plants" in answer.content.decode()
    assert client.post(where, CALL).status_code == 403


def test_the_call_has_a_record(gateway: Gateway, run: Run, at: datetime) -> None:
    ended = {"CallStatus": "completed", "CallDuration": "9", "HangupBy": "system"}
    ask(gateway, run, "status", From="+12125550142", To="+12125550134", **ended)
    with account_scope(run.account_id):
        call = calls.one(SID)
        [used] = calls.usage(UsageWanted(at.date(), at.date()), By.NUMBER)
    assert (call.call_type, call.number_dialed) == ("OutboundCall", "+12125550134")
    assert (call.original_call_id, call.who_hung_up) == (None, "system")
    assert (used.number, used.usage.standard_seconds) == ("+12125550142", 9)
