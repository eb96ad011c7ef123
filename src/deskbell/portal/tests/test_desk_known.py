"""What the desk knows beside a call: who calls, how earlier calls went, how a task is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.contacts.actions import add_contact, add_method
from deskbell.contacts.models import Contact
from deskbell.delivery.models import Delivery
from deskbell.desk.models import DeskCall
from deskbell.foundation.clock import now
from deskbell.messages.actions import Taken, take
from deskbell.messages.models import Message
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.scripts.rules import Faq
from tests.at_the_desk import SCRIPT, Desk, give_script, open_desk

pytestmark = pytest.mark.django_db
BOBS = "+12125550101"


@pytest.fixture
def desk(acme: Account, acme_number: PhoneNumber, rita: User) -> Desk:
    return open_desk(acme, acme_number, rita)


@pytest.fixture
def page(client: Client, desk: Desk, rita: User) -> Client:
    client.force_login(rita)
    return client


@pytest.fixture
def bob(acme: Account) -> Contact:
    with account_scope(acme.pk):
        made = add_contact(account_id=acme.pk, name="Bob <b>Reed</b>", at=now())
        for kind in ("call", "sms"):
            add_method(
                contact=made,
                kind=kind,
                address=BOBS,
                phone_type="mobile",
                instructions="callback" if kind == "call" else "",
                at=now(),
            )
    return made


def html(page: Client) -> str:
    answer = page.get("/desk/")
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize("caller_id", [BOBS, "2125550101"])
def test_a_client_who_calls_in_is_named_and_reads_on(
    page: Client, desk: Desk, acme: Account, bob: Contact, caller_id: str
) -> None:
    with account_scope(acme.pk):
        taken = Taken("The bridge is ready", is_for_check_in=True)
        take(account_id=acme.pk, taken=taken, at=now())
    desk.available()
    desk.ring(caller_id=caller_id, name="")
    assert "Bob &lt;b&gt;Reed&lt;/b&gt;</bdi>, a contact of theirs" in html(page)
    desk.pick_up()
    assert 'value="Bob &lt;b&gt;Reed&lt;/b&gt;"' in html(page)


def test_what_a_caller_leaves_is_not_read_out_to_them(
    page: Client, desk: Desk, acme: Account
) -> None:
    call = desk.answer()
    with account_scope(acme.pk):
        taken = Taken("The bridge is ready", is_for_check_in=True)
        kept = take(account_id=acme.pk, taken=taken, at=now())
        assert "To be read out" in html(page)
        Message.objects.filter(pk=kept.pk).update(call_id=call.call_id)
    assert "To be read out" not in html(page)


def test_a_number_of_two_contacts_or_of_none_names_nobody(
    page: Client, desk: Desk, acme: Account, bob: Contact
) -> None:
    with account_scope(acme.pk):
        ann = add_contact(account_id=acme.pk, name="Ann Reed", at=now())
        add_method(contact=ann, kind="call", address=BOBS, at=now())
    call = desk.answer(caller_id=BOBS)
    assert "a contact of theirs" not in html(page)
    desk.leave(call)
    page.post(f"/desk/calls/{call.pk}/done/")
    desk.answer(caller_id="", name="")
    assert "a contact of theirs" not in html(page)


def test_answers_are_as_they_are_said_on_this_call(
    page: Client, desk: Desk, acme: Account, acme_number: PhoneNumber
) -> None:
    faq = Faq("Who are you?", "{Company} by Rome; I am {receptionist}.")
    give_script(acme, acme_number, replace(SCRIPT, faqs=(faq,)))
    desk.available()
    desk.ring()
    assert "Acme Dental by Rome; I am Rita." in html(page)
    desk.pick_up()
    assert "Acme Dental by Rome; I am Rita." in html(page)


def test_the_callers_number_is_offered_where_one_is_asked(page: Client, desk: Desk) -> None:
    call = desk.answer(caller_id=BOBS)
    text = html(page)
    assert 'list="script-callers"' in text
    assert '<option value="(212) 555-0101">' in text
    desk.leave(call)
    page.post(f"/desk/calls/{call.pk}/done/")
    desk.answer(caller_id="", name="")
    assert "script-callers" not in html(page)


def test_how_an_earlier_call_went_is_told_at_the_next(page: Client, desk: Desk) -> None:
    call = desk.answer()
    desk.leave(call)
    page.post(f"/desk/calls/{call.pk}/done/", {"disposition": "Wrong\0 number"})
    with system_scope("a test looks"):
        assert DeskCall.objects.get(pk=call.pk).disposition == "Wrong number"
    desk.ring()
    assert "· Wrong number" in html(page)


def test_a_call_to_make_says_what_to_leave_at_voicemail(
    page: Client, desk: Desk, acme: Account, bob: Contact, rita: User
) -> None:
    with account_scope(acme.pk):
        method = bob.methods.get(kind="call")
        Delivery.objects.create(
            account=acme,
            message=take(account_id=acme.pk, taken=Taken("The tooth hurts"), at=now()),
            method=method,
            kind="call",
            address=method.address,
            contact_name=bob.name,
            state="under_way",
            by_receptionist=True,
            taken_by=rita.pk,
            created_at=now(),
            deadline_at=now() + timedelta(minutes=10),
        )
    text = html(page)
    assert "At voicemail: message for callback." in text
    assert "mobile" in text
