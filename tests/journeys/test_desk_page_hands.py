"""A call in hand, at the desk's page and by keyboard alone: hold, transfers, live patch, hang up.

The gateway is a peer that keeps what it was asked; what callees do is told as it would tell it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.contacts.actions import add_contact
from deskbell.delivery.actions import add_checked_method
from deskbell.desk.actions import distribute, parties
from deskbell.desk.models import DeskCall, DeskCallState, Offer, Party, PartyState, Receptionist
from deskbell.desk.tests.gateway import Gateway
from deskbell.foundation.clock import now
from deskbell.foundation.environment import environment
from deskbell.oncall.actions import add_event, add_level
from deskbell.platform.tenancy import account_scope, system_scope
from tests.at_the_desk import Desk, give_script, open_desk
from tests.browser import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
BOB, DOCTOR = "+12125550101", "+12125550181"
RITAS = "CA" + "a" * 32


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    with Gateway() as peer:
        settings.ENVIRONMENT = dataclasses.replace(
            environment(), voice_urls=(peer.url,), carriers={}
        )
        yield peer


@pytest.fixture
def desk(acme: Account, acme_number: PhoneNumber, rita: User) -> Desk:
    """A desk, somebody to transfer to, and somebody on call."""
    made = open_desk(acme, acme_number, rita)
    give_script(acme, acme_number)
    at = now()
    with account_scope(acme.pk):
        bob = add_contact(account_id=acme.pk, name="Bob Reed", at=at)
        add_checked_method(contact=bob, kind="call", address=BOB, at=at)
        doctor = add_contact(account_id=acme.pk, name="Dr. Gray", at=at)
        method = add_checked_method(contact=doctor, kind="call", address=DOCTOR, at=at)
        add_event(
            level=add_level(account_id=acme.pk, name="Night duty", at=at),
            starts=(at - timedelta(days=1)).replace(tzinfo=None),
            ends=(at + timedelta(days=1)).replace(tzinfo=None),
            methods=[method],
            at=at,
        )
    return made


@pytest.fixture
def in_hand(tab: Page, desk: Desk, gateway: Gateway) -> DeskCall:
    """A caller whom Rita talks to, and her page."""
    sign_in(tab, "rita@example.com")
    tab.goto("/desk/")
    expect(tab.locator("#desk-standing")).to_contain_text("Away")
    call = desk.answer()
    with system_scope("a test's gateway has the call"):
        DeskCall.objects.filter(pk=call.pk).update(gateway=gateway.url)
        Offer.objects.filter(desk_call=call).update(leg_sid=RITAS)
    expect(tab.get_by_label("First name")).to_be_focused()
    return call


def stand(tab: Page) -> Any:
    return tab.locator(".desk-stand")


def party() -> Party:
    with system_scope("a test looks"):
        return Party.objects.order_by("-id")[0]


def answers(called: Party) -> None:
    with account_scope(called.account_id):
        assert parties.party_answered(party_id=called.pk, at=now())


def is_busy(called: Party) -> None:
    with account_scope(called.account_id):
        parties.party_ended(party_id=called.pk, status="busy", sip_code="486", at=now())


def transfer(tab: Page, to: str, press: str) -> None:
    """Opens the dialog, types whom, and presses how."""
    tab.keyboard.press("Alt+t")
    expect(tab.locator("#desk-number")).to_be_focused()
    tab.keyboard.type(to)
    tab.keyboard.press(press)


def test_hold_a_consultation_and_three_talk(tab: Page, in_hand: DeskCall, gateway: Gateway) -> None:
    tab.keyboard.type("Ines")
    tab.keyboard.press("Alt+h")
    expect(stand(tab)).to_contain_text("On hold: the caller hears music")
    expect(tab.get_by_label("First name")).to_be_focused()
    tab.keyboard.press("Alt+h")
    expect(stand(tab)).to_have_text("Talking.")
    assert gateway.orders == ["hold", "unhold"]

    transfer(tab, "bob", "Alt+s")
    expect(stand(tab)).to_contain_text("The caller hears music while Bob Reed is called")
    assert gateway.orders[-1] == f"call {BOB}"
    is_busy(party())
    expect(stand(tab)).to_contain_text("music. Bob Reed: the line is busy.")
    transfer(tab, "bob", "Alt+s")
    expect(stand(tab)).to_contain_text("Bob Reed is called")
    answers(party())
    expect(stand(tab)).to_contain_text("You talk with Bob Reed; the caller hears music")
    tab.keyboard.press("Alt+j")
    expect(stand(tab)).to_contain_text("You, the caller and Bob Reed talk")
    tab.keyboard.press("Alt+b")
    expect(stand(tab)).to_have_text("Talking.")

    transfer(tab, "bob", "Alt+s")
    expect(stand(tab)).to_contain_text("Bob Reed is called")
    answers(party())
    expect(stand(tab)).to_contain_text("You talk with Bob Reed")
    tab.keyboard.press("Alt+p")
    expect(tab.locator("#desk-done")).to_be_visible()
    expect(tab.get_by_label("First name")).to_have_value("Ines")
    with system_scope("a test looks"):
        assert DeskCall.objects.get(pk=in_hand.pk).state == DeskCallState.PASSED_ON
    tab.keyboard.press("Alt+w")
    expect(tab.locator("#desk-standing")).to_contain_text("Available")


def test_what_cannot_be_called_is_said_and_a_blind_transfer_leaves(
    tab: Page, in_hand: DeskCall, gateway: Gateway, complaints: list[str]
) -> None:
    for number, words in ((in_hand.caller_id, "the caller's own"), ("123", "no telephone number")):
        transfer(tab, number, "Alt+s")
        expect(tab.locator("#desk-number-says")).to_contain_text(words)
        expect(tab.locator("#desk-number")).to_be_focused()
        tab.keyboard.press("Escape")
        expect(tab.locator("#dialog")).to_be_hidden()
    assert gateway.orders == []
    complaints[:] = [each for each in complaints if "422" not in each]

    transfer(tab, "2125550199", "Alt+n")
    expect(tab.locator("#desk-done")).to_be_visible()
    assert gateway.orders == ["call +12125550199", f"end {RITAS}"]
    is_busy(party())
    distribute(now())
    expect(tab.locator("#desk-answer")).to_be_visible()
    expect(stand(tab)).to_have_text("Was passed on and came back. +12125550199: the line is busy.")
    with system_scope("a test looks"):
        assert DeskCall.objects.get(pk=in_hand.pk).preferred == Receptionist.objects.get()


def test_live_patch_and_hanging_up(tab: Page, in_hand: DeskCall, gateway: Gateway) -> None:
    transfer(tab, "night", "Enter")
    expect(stand(tab)).to_contain_text("Dr. Gray is called")
    assert gateway.orders == ["hold", f"call {DOCTOR}"]
    is_busy(party())
    expect(stand(tab)).to_contain_text("music. Dr. Gray: the line is busy.")
    assert party().state == PartyState.FAILED
    tab.keyboard.press("Alt+h")
    expect(stand(tab)).to_contain_text("Talking.")
    tab.keyboard.press("Alt+x")
    expect(tab.locator("#desk-done")).to_be_visible()
    assert f"end {in_hand.call_sid}" in gateway.orders
    with system_scope("a test looks"):
        call = DeskCall.objects.select_related("call").get(pk=in_hand.pk)
    assert call.call is not None
    assert call.call.who_hung_up == "agent"
