"""The RCML API's documents run in any engine: its URLs are signed and say where a caller stands."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from deskbell.accounts.actions import add_number
from deskbell.accounts.models import Account, PhoneNumber
from deskbell.attendant import actions as attendant
from deskbell.attendant.errors import NoScheduleEntry, SystemNotFound
from deskbell.attendant.models import CallStep, LiveCall, System, SystemStatus
from deskbell.attendant.queries import document_at
from deskbell.attendant.rules import WeekSpan
from deskbell.calls import actions as calls
from deskbell.calls.models import Call
from deskbell.foundation.environment import environment
from deskbell.messages.models import Message
from deskbell.platform.tenancy import account_scope

CALL = {"CallSid": "some-other-engine-17", "From": "+12125550187", "To": "12125550142"}


@pytest.fixture
def document(system: System, acme_number: PhoneNumber, at: datetime) -> str:
    with account_scope(system.account_id):
        return document_at(acme_number, at).rcml


def action_of(document: str | bytes, verb: str = "Gather") -> str:
    found = ET.fromstring(document).find(verb)
    assert found is not None
    return str(found.get("action")).removeprefix(environment().public_url)


def ask(path: str, **fields: str) -> Any:
    return Client(enforce_csrf_checks=True).post(path, CALL | fields)


def test_the_document_is_the_seeds(document: str, system: System) -> None:
    action = action_of(document)
    assert action.startswith("/autoattendant/internal/rcml?PreviousMenuSid=MN")
    assert "&MenuSid=MN" in action
    assert "&Organization=OR" in action
    with account_scope(system.account_id):
        assert not Call.objects.exists()


def test_an_engine_runs_the_call_on_without_a_sign_in(document: str, system: System) -> None:
    second = ask(action_of(document), Digits="1")
    assert second.status_code == 200
    third = ask(action_of(second.content), Digits="2")
    thanks = ask(
        action_of(third.content, "Record"),
        RecordingUrl="https://engine.example.com/r/1.wav",
        RecordingDuration="4",
    )
    assert ET.fromstring(thanks.content).find("Hangup") is not None
    with account_scope(system.account_id):
        assert Message.objects.get().recording is not None
        assert LiveCall.objects.get().through == "engine"
        assert list(CallStep.objects.order_by("id").values_list("key", flat=True))[:2] == ["1", "2"]


def test_an_engine_may_ask_by_get(document: str, system: System) -> None:
    answer = Client().get(action_of(document) + "&CallSid=x1&From=1&To=2&Digits=1")
    assert answer.status_code == 200


def test_the_same_step_again_changes_nothing(document: str, system: System) -> None:
    first = ask(action_of(document), Digits="1")
    again = ask(action_of(document), Digits="1")
    assert first.content == again.content
    with account_scope(system.account_id):
        assert CallStep.objects.count() == 1


def test_a_url_that_was_changed_is_refused(document: str, system: System) -> None:
    action = action_of(document)
    other = action.replace("&n=1", "&n=2")
    assert other != action
    assert ask(other, Digits="1").status_code == 403
    assert ask(action.partition("&Signature=")[0], Digits="1").status_code == 403
    assert Client().put(action).status_code == 405


def test_what_is_added_behind_the_signature_says_only_what_happened(
    document: str, system: System, other: Account, at: datetime
) -> None:
    with account_scope(other.pk):
        theirs = attendant.add_system(account=other, name="Theirs", at=at)
        number = add_number(account=other, number="12125550199", at=at)
        attendant.assign_number(system=theirs, phone_number=number, at=at)
    added = f"&Account={other.pk}&Number={number.sid}&n=40&MenuSid=MN0"
    assert ask(action_of(document) + added, Digits="1").status_code == 200
    with account_scope(other.pk):
        assert not Call.objects.exists()
    with account_scope(system.account_id):
        assert LiveCall.objects.get().state["step"] == 2


def test_engines_of_two_accounts_may_name_their_calls_alike(
    document: str, system: System, other: Account, acme_number: PhoneNumber, at: datetime
) -> None:
    with account_scope(other.pk):
        theirs = attendant.add_system(account=other, name="Theirs", at=at)
        menu = attendant.add_menu(system=theirs, name="Main", at=at)
        week = [WeekSpan(menu.sid, day, time(0), time(0)) for day in range(1, 8)]
        attendant.set_weekly_schedule(system=theirs, entries=week, at=at)
        number = add_number(account=other, number="12125550199", at=at)
        attendant.assign_number(system=theirs, phone_number=number, at=at)
        their_document = document_at(number, at).rcml
    assert ask(action_of(document), Digits="1").status_code == 200
    assert ask(action_of(their_document), Digits="1").status_code == 200


def test_an_engine_does_not_speak_for_a_call_of_our_gateway(
    document: str, system: System, acme_number: PhoneNumber, at: datetime
) -> None:
    with account_scope(system.account_id):
        call = calls.begin(
            account_id=system.account_id,
            sid="CA" + "c" * 32,
            number=acme_number,
            caller_id="+12125550187",
            caller_name="",
            dialled="12125550142",
            at=at,
        )
        attendant.answer(system=system, call=call, at=at)
    assert ask(action_of(document), CallSid=call.sid, Digits="2").status_code == 200
    with account_scope(system.account_id):
        assert LiveCall.objects.get(call=call).state["step"] == 1


def test_no_call_id_is_said(document: str, system: System) -> None:
    answer = Client().post(action_of(document), {"Digits": "1"})
    assert answer.status_code == 400
    assert b"CallSid" in answer.content


def test_what_is_missing_is_said(system: System, acme_number: PhoneNumber, at: datetime) -> None:
    with account_scope(system.account_id):
        attendant.set_weekly_schedule(system=system, entries=[], at=at)
        system.refresh_from_db()
        with pytest.raises(NoScheduleEntry):
            document_at(acme_number, at)
        attendant.edit_system(system=system, at=at, status=SystemStatus.SUSPENDED)
        with pytest.raises(SystemNotFound):
            document_at(acme_number, at)
