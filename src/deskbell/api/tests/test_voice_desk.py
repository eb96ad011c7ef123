"""The desk's documents: who waits hears where they stand, who answers first has the caller."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deskbell.accounts.models import Account
from deskbell.api.tests.conftest import Gateway
from deskbell.api.tests.desk_calls import (
    CALLERS,
    GATEWAY,
    asks_for_receptionist,
    at_desk,
    dial_of,
    form,
    room,
    said,
    verbs,
)
from deskbell.attendant import actions as attendant
from deskbell.attendant.actions import prompts
from deskbell.attendant.models import LiveCall, System
from deskbell.attendant.rules import Sentence
from deskbell.calls.actions import block
from deskbell.calls.models import Call
from deskbell.desk import actions as desk
from deskbell.desk.addresses import (
    room_of,
)
from deskbell.desk.models import (
    DeskCall,
    DeskCallState,
    Receptionist,
)
from deskbell.foundation import clock
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.rcml.verbs import (
    Dial,
    Hangup,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
)


@pytest.fixture(autouse=True)
def now(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)


def test_nobody_on_duty_takes_a_message(gateway: Gateway, reception: System) -> None:
    answer = asks_for_receptionist(gateway)
    assert Sentence.NOBODY_FREE in said(answer)
    assert any(isinstance(verb, Record) for verb in verbs(answer))
    with system_scope("a test looks"):
        assert not DeskCall.objects.exists()


def test_a_caller_waits_at_the_gateway_that_has_the_call(
    gateway: Gateway, reception: System, rita_desk: Receptionist
) -> None:
    answer = asks_for_receptionist(gateway)
    assert said(answer) == Sentence.HOLD_THE_LINE
    joined = room(answer)
    assert (joined.name, joined.start_on_enter, joined.end_on_exit, joined.beep) == (
        room_of(CALLERS[0]),
        False,
        True,
        False,
    )
    waiting = at_desk()
    assert (waiting.state, waiting.room, waiting.way) == ("waiting", joined.name, "gateway")
    assert (waiting.gateway, waiting.call.gateway) == (GATEWAY, GATEWAY)  # type: ignore[union-attr]
    again = gateway.post("/voice/incoming", form())
    assert again.content == answer.content


def test_the_place_in_line_is_told_each_round_in_four_queries(
    gateway: Gateway, reception: System, rita_desk: Receptionist, at: datetime
) -> None:
    wait = ""
    for place, call_sid in enumerate(CALLERS):
        clock_at = at + timedelta(seconds=place)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(clock, "now", lambda then=clock_at: then)
            wait = str(room(asks_for_receptionist(gateway, call_sid)).wait_url)
    told = ["You are next in line.", "You are number 2 in line.", "You are number 3 in line."]
    assert [said(gateway.post(wait, form(sid))) for sid in CALLERS] == told
    with CaptureQueriesContext(
        connection,
    ) as asked:
        gateway.post(wait, form(CALLERS[2]))
    assert len(asked) <= 3, [each["sql"] for each in asked]
    with account_scope(reception.account_id):
        desk.caller_gone(call_sid=CALLERS[0], who="caller", at=at)
    assert said(gateway.post(wait, form(CALLERS[1]))) == told[0]
    assert [type(verb) for verb in verbs(gateway.post(wait, form(CALLERS[0])))] == [Pause]


def test_what_was_made_ahead_is_played(
    gateway: Gateway,
    reception: System,
    rita_desk: Receptionist,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(prompts, "spoken_ahead", lambda: ["You are next in line."])
    attendant.prepare_prompts(lambda *_told: None)
    wait = str(room(asks_for_receptionist(gateway)).wait_url)
    played = verbs(gateway.post(wait, form()))
    assert [type(verb) for verb in played] == [Play, Play]
    held = verbs(gateway.post(wait.replace("/wait", "/hold"), form()))
    assert held == played[1:]
    rings = verbs(gateway.post(wait.replace("/wait", "/ringing"), form()))
    assert [type(verb) for verb in rings] == [Play]
    assert rings != held


def test_voicemail_when_nobody_will_answer(
    gateway: Gateway, reception: System, rita_desk: Receptionist
) -> None:
    asks_for_receptionist(gateway)
    closed = f"/voice/desk/closed?account={reception.account_id}"
    answer = gateway.post(closed, form())
    assert Sentence.NOBODY_FREE in said(answer)
    assert any(isinstance(verb, Record) for verb in verbs(answer))
    assert gateway.post(closed, form()).content == answer.content


def test_a_caller_whose_line_broke_off_waits_on(
    gateway: Gateway, reception: System, rita_desk: Receptionist, at: datetime
) -> None:
    first = asks_for_receptionist(gateway)
    rank = at_desk().rank_at
    [dial] = [verb for verb in verbs(first) if isinstance(verb, Dial)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: at + timedelta(seconds=30))
        back = gateway.post(f"{dial.action}&Resumed=1", form())
        assert said(back) == Sentence.BROKE_OFF
        assert room(back).name == room_of(CALLERS[0])
        by_number = gateway.post("/voice/incoming", form(Resumed="true"))
        assert said(by_number) == Sentence.BROKE_OFF
        again = gateway.post(f"/voice/desk/back?account={reception.account_id}", form())
    assert said(again) == Sentence.BROKE_OFF
    assert (at_desk().state, at_desk().rank_at) == (DeskCallState.WAITING, rank)


def test_the_call_ends_after_the_talk(
    gateway: Gateway, reception: System, rita_desk: Receptionist
) -> None:
    waiting = dial_of(asks_for_receptionist(gateway))
    over = gateway.post(waiting.action, form(DialCallStatus="completed"))
    assert [type(verb) for verb in verbs(over)] == [Hangup]


def test_an_engine_without_rooms_leaves_nobody_in_line(
    gateway: Gateway, reception: System, rita_desk: Receptionist
) -> None:
    waiting = asks_for_receptionist(gateway)
    redirect = verbs(waiting)[-1]
    assert isinstance(redirect, Redirect)
    assert Sentence.NOBODY_FREE in said(gateway.post(redirect.url, form()))
    assert at_desk().state == DeskCallState.OVER


def test_a_refused_caller_is_not_answered(
    gateway: Gateway, reception: System, acme: Account, at: datetime
) -> None:
    with account_scope(acme.pk):
        block(
            account_id=acme.pk, caller_id="+12125550187", is_refused=True, reason="", by="", at=at
        )
    assert [type(each) for each in verbs(gateway.post("/voice/incoming", form()))] == [Reject]
    with system_scope("a test looks"):
        assert not Call.objects.exists()
        assert not LiveCall.objects.exists()
