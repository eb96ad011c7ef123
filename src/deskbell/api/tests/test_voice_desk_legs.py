"""Receptionists' legs and theirs who are called in: who answers first has the caller."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings
from twilio.request_validator import RequestValidator

from deskbell.api.tests.conftest import Gateway
from deskbell.api.tests.desk_calls import (
    CALLERS,
    LEG,
    ask,
    asks_for_receptionist,
    at_desk,
    dial_of,
    form,
    offered,
    room,
    said,
    urls,
    verbs,
)
from deskbell.attendant.models import System
from deskbell.desk import actions as desk
from deskbell.desk.addresses import (
    gateway_told,
    offer_urls,
    room_of,
    token_of,
    token_of_party,
)
from deskbell.desk.models import (
    DeskCallState,
    OfferState,
    Party,
    PartyState,
    Receptionist,
)
from deskbell.desk.rules.hands import How
from deskbell.foundation import clock
from deskbell.foundation.carriers import CarrierKeys
from deskbell.platform.tenancy import account_scope
from deskbell.rcml.verbs import (
    Gather,
    Hangup,
    Redirect,
)


@pytest.fixture(autouse=True)
def now(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)


def test_a_number_has_to_press_1(
    gateway: Gateway, reception: System, rita_desk: Receptionist, at: datetime
) -> None:
    asks_for_receptionist(gateway)
    offer = offered(rita_desk, at)
    answer, keys, _ = urls(offer)
    asked = ask(gateway, answer)
    assert said(asked) == f"A call for {at_desk().account.name}. Press 1 to take it."
    again = ask(gateway, keys)
    assert said(again) == said(asked)
    assert verbs(ask(gateway, keys.replace("turn=1", "turn=3"))) == (Hangup(),)
    assert at_desk().state == DeskCallState.WAITING
    taken = ask(gateway, keys, Digits="1")
    joined = room(taken)
    assert (joined.name, joined.start_on_enter, joined.end_on_exit) == (
        room_of(CALLERS[0]),
        True,
        False,
    )
    assert (at_desk().state, at_desk().receptionist_id) == ("in_hand", rita_desk.pk)
    assert ask(gateway, keys, Digits="1").content == taken.content
    assert verbs(ask(gateway, dial_of(taken).action)) == (Hangup(),)


def test_what_a_call_costs_in_queries(
    gateway: Gateway,
    reception: System,
    rita_desk: Receptionist,
    at: datetime,
    django_assert_max_num_queries: Any,
) -> None:
    """Every caller for a receptionist asks these once; savepoints are counted as well."""
    asks_for_receptionist(gateway, CALLERS[1])  # what a process reads once is read
    gather = verbs(gateway.post("/voice/incoming", form()))[0]
    assert isinstance(gather, Gather)
    with django_assert_max_num_queries(26):
        gateway.post(gather.action, form(Digits="5"))
    with account_scope(reception.account_id):
        desk.caller_gone(call_sid=CALLERS[1], who="caller", at=at)
    answer, keys, _ = urls(offered(rita_desk, at))
    with django_assert_max_num_queries(1):
        ask(gateway, answer)
    with django_assert_max_num_queries(22):
        ask(gateway, keys, Digits="1")


def test_who_is_too_late_is_told(
    gateway: Gateway, reception: System, rita_desk: Receptionist, at: datetime
) -> None:
    asks_for_receptionist(gateway)
    offer = offered(rita_desk, at)
    with account_scope(offer.account_id):
        desk.caller_gone(call_sid=CALLERS[0], who="caller", at=at)
    late = ask(gateway, urls(offer)[1], Digits="1")
    assert "Somebody else has the call" in said(late)
    assert isinstance(verbs(late)[-1], Hangup)


def test_how_a_ring_ends(
    gateway: Gateway, reception: System, rita_desk: Receptionist, at: datetime
) -> None:
    asks_for_receptionist(gateway)
    offer = offered(rita_desk, at)
    status = urls(offer)[2]
    assert ask(gateway, status, CallStatus="ringing").status_code == 204
    assert ask(gateway, status, CallStatus="no-answer").status_code == 204
    with account_scope(offer.account_id):
        offer.refresh_from_db()
    assert offer.state == OfferState.MISSED


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({"CallStatus": "completed", "HangupBy": "callee"}, DeskCallState.WRAPPING),
        ({"CallStatus": "completed"}, DeskCallState.WRAPPING),
        ({"CallStatus": "completed", "HangupBy": "system"}, DeskCallState.WRAPPING),
        (
            {"CallStatus": "completed", "HangupBy": "system", "LostBecause": "silent_line"},
            DeskCallState.WAITING,
        ),
        ({"CallStatus": "failed"}, DeskCallState.WAITING),
    ],
)
def test_a_leg_that_is_lost_leaves_the_caller_waiting(
    gateway: Gateway,
    reception: System,
    rita_desk: Receptionist,
    at: datetime,
    told: dict[str, str],
    state: str,
) -> None:
    asks_for_receptionist(gateway)
    offer = offered(rita_desk, at)
    ask(gateway, urls(offer)[1], Digits="1")
    assert ask(gateway, urls(offer)[2], **told).status_code == 204
    assert at_desk().state == state


# Who is called in


@pytest.fixture
def party(gateway: Gateway, reception: System, rita_desk: Receptionist, at: datetime) -> Party:
    """rita has the call, and somebody who is on call is rung for it."""
    asks_for_receptionist(gateway)
    ask(gateway, urls(offered(rita_desk, at))[1], Digits="1")
    call = at_desk()
    with account_scope(call.account_id):
        return Party.objects.create(
            account_id=call.account_id,
            desk_call=call,
            how=How.LIVE_PATCH,
            address="+12125550134",
            leg_sid=LEG["CallSid"],
            made_at=at,
        )


def test_who_is_on_call_is_told_who_calls_and_presses_1(gateway: Gateway, party: Party) -> None:
    answer, keys, _ = urls(party)
    asked = said(ask(gateway, answer))
    assert at_desk().account.name in asked
    assert "1 2, 1 2 5, 5 5 0, 1 8 7" in asked
    assert verbs(ask(gateway, keys.replace("turn=1", "turn=3"), Digits="7")) == (Hangup(),)
    assert room(ask(gateway, keys, Digits="1")).name == room_of(CALLERS[0])
    with account_scope(party.account_id):
        party.refresh_from_db()
    assert party.state == PartyState.TALKING


def test_who_answers_after_the_caller_has_gone_is_told(
    gateway: Gateway, party: Party, at: datetime
) -> None:
    with account_scope(party.account_id):
        desk.caller_gone(call_sid=CALLERS[0], who="caller", at=at)
    assert "not there any more" in said(ask(gateway, urls(party)[1], Digits="1"))
    assert ask(gateway, urls(party)[2], CallStatus="completed").status_code == 204


# Borders


def test_nobody_else_may_ask(
    gateway: Gateway, reception: System, rita_desk: Receptionist, at: datetime
) -> None:
    asks_for_receptionist(gateway)
    offer = offered(rita_desk, at)
    assert gateway.post(urls(offer)[0], LEG, signature="none").status_code == 403
    for path in ("offers/none/answer", f"parties/{token_of(offer)}/answer"):
        assert gateway.post(f"/voice/desk/{path}", LEG).status_code == 404
    assert gateway.post("/voice/desk/wait", form()).status_code == 400
    assert token_of(offer) != token_of_party(Party(pk=offer.pk, account_id=offer.account_id))


@pytest.mark.parametrize("url", ["", "ftp://x", "http://", "none", "http://" + "x" * 300])
def test_what_is_no_gateway_is_not_kept(url: str) -> None:
    assert gateway_told(url) == ""


# Hosted carriers


@pytest.fixture
def twilio(settings: Settings) -> str:
    keys = CarrierKeys("AC" + "1" * 32, "token", "token", "https://api.twilio.com")
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, carriers={"twilio": keys})
    return str(settings.ENVIRONMENT.public_url)


def by_twilio(public_url: str, url: str, fields: dict[str, str]) -> Any:
    path = url.removeprefix(public_url)
    signature = RequestValidator("token").compute_signature(public_url + path, fields)
    return Client(raise_request_exception=False).post(
        path, fields, headers={"X-Twilio-Signature": signature}
    )


def test_a_carriers_callers_wait_and_are_taken_by_the_same_doors(
    twilio: str, reception: System, rita_desk: Receptionist, at: datetime
) -> None:
    first = by_twilio(twilio, "/voice/twilio/incoming", form())
    gather = verbs(first)[0]
    assert isinstance(gather, Gather)
    waiting = room(by_twilio(twilio, gather.action, form(Digits="5")))
    assert str(waiting.wait_url).startswith(f"{twilio}/voice/twilio/desk/wait?")
    round_of = verbs(by_twilio(twilio, str(waiting.wait_url), form()))
    assert round_of[-1] == Redirect(str(waiting.wait_url))
    assert at_desk().way == "twilio"
    offer = offered(rita_desk, at)
    keys = offer_urls(offer, f"{twilio}/voice/twilio").answer.replace("/answer", "/keys?turn=1")
    taken = by_twilio(twilio, keys, LEG | {"Digits": "1"})
    assert room(taken).name == room_of(CALLERS[0])
    assert dial_of(taken).action == f"{twilio}/voice/twilio/desk/left"
