"""The desk's page as a server answers it, without a script and with."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.calls.queries import block_of
from deskbell.contacts.actions import add_contact, add_method
from deskbell.delivery.models import Delivery
from deskbell.desk import actions
from deskbell.desk.actions.forms import submit_form
from deskbell.desk.models import DeskCall, DeskCallState, Form, Receptionist, Standing
from deskbell.foundation.clock import now
from deskbell.messages.actions import Taken, take
from deskbell.messages.models import Message, MessageStatus
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.portal.desk import regions
from tests.at_the_desk import Desk, give_script, open_desk

pytestmark = pytest.mark.django_db
SCRIPTED = {"HX-Request": "true"}


@pytest.fixture
def desk(acme: Account, acme_number: PhoneNumber, rita: User) -> Desk:
    made = open_desk(acme, acme_number, rita)
    give_script(acme, acme_number)
    return made


@pytest.fixture
def page(client: Client, desk: Desk, rita: User) -> Client:
    client.force_login(rita)
    return client


def html(page: Client, path: str = "/desk/") -> str:
    answer = page.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def addresses(page: Client) -> tuple[str, str]:
    """Where the form on the page is saved, and sent."""
    text = html(page)
    save = re.search(r'data-save-url="([^"]+)"', text)
    send = re.search(r'action="(/desk/calls/\d+/forms/[^"]+/send/[^"]*)"', text)
    assert save
    assert send
    return save[1], send[1]


def typed(**answers: str) -> dict[str, str]:
    return {f"answer-{key}": value for key, value in answers.items()}


def test_who_is_away_goes_available_and_away_without_a_script(page: Client, desk: Desk) -> None:
    text = html(page)
    assert "You are away" in text
    assert '<noscript><meta http-equiv="refresh"' in text
    page.post("/desk/available/")
    assert Receptionist.objects.get().standing == Standing.AVAILABLE
    page.post("/desk/away/")
    assert Receptionist.objects.get().standing == Standing.AWAY


def test_a_desk_where_nothing_changed_answers_304(
    page: Client, desk: Desk, django_assert_num_queries: Any
) -> None:
    first = page.get("/desk/live/")
    tag = first.headers["ETag"]
    with django_assert_num_queries(1):  # the versions of desk and floor
        assert page.get("/desk/live/", headers={"If-None-Match": tag}).status_code == 304
    desk.available()
    second = page.get("/desk/live/", headers={"If-None-Match": tag})
    assert second.status_code == 200
    assert 'id="desk-standing"' in second.content.decode()


def test_where_only_the_floor_changed_only_that_comes(
    page: Client,
    desk: Desk,
    django_capture_on_commit_callbacks: Any,
) -> None:
    tag = page.get("/desk/live/").headers["ETag"]
    with django_capture_on_commit_callbacks(execute=True):
        desk.join()  # nobody is rung yet, so nobody's own desk changes
    regions.TOGETHER.forget()  # a second is over
    text = page.get("/desk/live/", headers={"If-None-Match": tag}).content.decode()
    assert 'id="desk-queue"' in text
    assert 'id="desk-call"' not in text
    assert "Acme Dental" in text


def test_a_page_with_a_form_does_not_load_itself_again(page: Client, desk: Desk) -> None:
    desk.answer()
    text = html(page)
    assert "http-equiv" not in text
    assert "this is Rita speaking" in text


def test_a_form_is_saved_and_sent_without_a_script(page: Client, desk: Desk) -> None:
    call = desk.answer()
    save, send = addresses(page)
    assert page.post(save, typed(first_name="Ines") | {"revision": "0"}).status_code == 302
    assert 'value="Ines"' in html(page)
    wrong = page.post(send, typed(first_name="Ines"))
    assert wrong.status_code == 422
    assert 'value="Ines"' in wrong.content.decode()
    assert page.post(send, typed(first_name="Ines", reason="Pain")).status_code == 302
    with system_scope("a test looks"):
        message = Message.objects.get()
        assert DeskCall.objects.get(pk=call.pk).state == DeskCallState.IN_HAND
    assert message.first_name == "Ines"
    assert f"Message {message.pk}" in html(page)


def test_a_form_sent_twice_is_one_message(page: Client, desk: Desk) -> None:
    desk.answer()
    _, send = addresses(page)
    for _ in range(2):
        page.post(send, typed(first_name="Ines", reason="Pain"), headers=SCRIPTED)
    with system_scope("a test looks"):
        assert Message.objects.count() == 1


def test_what_another_window_saved_comes_back(page: Client, desk: Desk) -> None:
    desk.answer()
    save, send = addresses(page)
    first = page.post(save, typed(first_name="Ines") | {"revision": "0"}, headers=SCRIPTED)
    assert json.loads(first.content)["revision"] == 1
    second = page.post(save, typed(first_name="Otto") | {"revision": "0"}, headers=SCRIPTED)
    assert second.status_code == 409
    assert json.loads(second.content)["answers"]["first_name"] == "Ines"
    page.post(send, typed(first_name="Ines", reason="Pain"), headers=SCRIPTED)
    late = page.post(save, typed(first_name="Otto") | {"revision": "1"}, headers=SCRIPTED)
    assert late.status_code == 410


def test_a_form_that_was_not_sent_waits(page: Client, desk: Desk) -> None:
    call = desk.answer()
    save, _ = addresses(page)
    page.post(save, typed(first_name="Ines") | {"revision": "0"}, headers=SCRIPTED)
    desk.leave(call)
    page.post(f"/desk/calls/{call.pk}/done/", {"disposition": "Wrong number"})
    with system_scope("a test looks"):
        assert DeskCall.objects.get(pk=call.pk).disposition == "Wrong number"
        form = Form.objects.get()
    assert "Not sent yet" in html(page)
    text = html(page, f"/desk/forms/{form.uuid}/")
    send = re.search(r'action="([^"]+/send/[^"]*)"', text)
    assert send
    assert 'value="Ines"' in text
    assert page.post(send[1], typed(first_name="Ines", reason="Pain")).status_code == 302
    assert "Not sent yet" not in html(page)


def test_a_message_goes_where_the_receptionist_says(page: Client, desk: Desk) -> None:
    desk.answer()
    _, send = addresses(page)
    page.post(send, typed(reason="Pain") | {"to": "check-in", "disposition": "Told"})
    with system_scope("a test looks"):
        message = Message.objects.get()
    assert message.is_for_check_in
    assert message.disposition == "Told"


def test_messages_are_read_out_to_who_calls_in(page: Client, desk: Desk, acme: Account) -> None:
    with account_scope(acme.pk):
        taken = Taken("The bridge is ready", is_for_check_in=True)
        message = take(account_id=acme.pk, taken=taken, at=now())
    call = desk.answer()
    assert "The bridge is ready" in html(page)
    page.post(f"/desk/calls/{call.pk}/read-out/{message.pk}/", {"to": "Dr. Reed"})
    with system_scope("a test looks"):
        message.refresh_from_db()
    assert message.status == MessageStatus.ACKNOWLEDGED
    assert "The bridge is ready" not in html(page)


def test_callers_are_blocked_and_unblocked(page: Client, desk: Desk, acme: Account) -> None:
    call = desk.answer()
    page.post(f"/desk/calls/{call.pk}/block/", {"reason": "Sells windows"})
    assert "Blocked caller" in html(page)
    page.post(f"/desk/calls/{call.pk}/unblock/")
    with account_scope(acme.pk):
        assert block_of(acme.pk, call.caller_id) is None


@pytest.mark.parametrize("caller_id", ["", "anonymous", "+266696687"])
def test_a_caller_without_a_number(page: Client, desk: Desk, caller_id: str) -> None:
    before = desk.answer(caller_id=caller_id, name="")
    desk.leave(before)
    page.post(f"/desk/calls/{before.pk}/done/", {"disposition": "Unwanted call"})
    call = desk.answer(caller_id=caller_id, name="")
    text = html(page)
    assert "a withheld number" in text
    assert "nothing is known of earlier calls" in text
    assert "· Unwanted call" not in text
    answer = page.post(f"/desk/calls/{call.pk}/block/", {"reason": ""}, follow=True)
    assert "Give the caller" in answer.content.decode()


def test_notes_stand_on_the_messages_of_the_call(page: Client, desk: Desk) -> None:
    call = desk.answer()
    _, send = addresses(page)
    page.post(send, typed(reason="Pain"))
    with system_scope("a test looks"):
        message = Message.objects.get()
    page.post(f"/desk/calls/{call.pk}/messages/{message.pk}/note/", {"text": "Was very upset"})
    assert "Was very upset" in html(page)


def test_transfer_offers_contacts_and_says_what_is_wrong(
    page: Client, desk: Desk, acme: Account
) -> None:
    with account_scope(acme.pk):
        bob = add_contact(account_id=acme.pk, name="Bob Reed", at=now())
        add_method(contact=bob, kind="call", address="+12125550101", at=now())
    call = desk.answer()
    path = f"/desk/calls/{call.pk}/transfer/"
    assert "Bob Reed" in html(page, path)
    for number in ("", "nonsense", call.caller_id, "+12125550142"):
        answer = page.post(path, {"number": number, "to": ""})
        assert answer.status_code == 422, number
        assert 'aria-invalid="true"' in answer.content.decode()


def test_calls_of_others_are_not_there(
    page: Client, desk: Desk, acme_number: PhoneNumber, olivia: User
) -> None:
    call = desk.answer()
    other = open_desk(desk.account, acme_number, olivia)
    with system_scope("a test hands a call to somebody else"):
        DeskCall.objects.filter(pk=call.pk).update(receptionist=other.receptionist)
    assert page.get(f"/desk/calls/{call.pk}/transfer/").status_code == 404
    assert page.post(f"/desk/calls/{call.pk}/do/hang-up/").status_code == 404


def test_an_operator_may_act_on_any_call(client: Client, desk: Desk, olivia: User) -> None:
    call = desk.answer()
    open_desk(desk.account, desk.number, olivia)
    client.force_login(olivia)
    assert client.get(f"/desk/calls/{call.pk}/transfer/").status_code == 200


def test_earlier_calls_and_their_messages_are_shown(page: Client, desk: Desk) -> None:
    first = desk.answer()
    with account_scope(desk.account.pk):
        submit_form(
            form_uuid=UUID(int=1),
            desk_call=first,
            account_id=desk.account.pk,
            receptionist=desk.receptionist,
            answers={"reason": "Pain", "content": "It hurt <b>before</b>"},
            at=now() - timedelta(days=1),
        )
    desk.leave(first)
    page.post(f"/desk/calls/{first.pk}/done/")
    desk.ring()
    text = html(page)
    assert "It hurt &lt;b&gt;before&lt;/b&gt;" in text
    assert "Alt and A answers" in text


def test_calls_to_make_are_taken_and_noted(
    page: Client, desk: Desk, acme: Account, acme_number: PhoneNumber
) -> None:
    with account_scope(acme.pk):
        bob = add_contact(account_id=acme.pk, name="Bob Reed", at=now())
        method = add_method(contact=bob, kind="call", address="+12125550101", at=now())
        message = take(account_id=acme.pk, taken=Taken("The tooth hurts"), at=now())
        task = Delivery.objects.create(
            account=acme,
            message=message,
            method=method,
            kind="call",
            address=method.address,
            contact_name="Bob Reed",
            state="under_way",
            by_receptionist=True,
            created_at=now(),
            deadline_at=now() + timedelta(minutes=10),
        )
    assert f"/desk/tasks/{task.pk}/take/" in html(page)
    page.post(f"/desk/tasks/{task.pk}/take/")
    assert "The tooth hurts" in html(page)
    answer: Any = page.post(f"/desk/tasks/{task.pk}/end/", {"result": "acknowledged"})
    assert answer.status_code == 302
    with system_scope("a test looks"):
        message.refresh_from_db()
    assert message.status == MessageStatus.ACKNOWLEDGED
    assert f"/desk/tasks/{task.pk}/" not in html(page)


def test_what_was_typed_of_a_call_that_broke_off_is_sent_still(page: Client, desk: Desk) -> None:
    """The receptionist's line broke off, and nobody else took the caller: the form is theirs."""
    call = desk.answer()
    save, send = addresses(page)
    page.post(save, typed(first_name="Ines") | {"revision": "0"})
    with account_scope(desk.account.pk):
        offer = call.offers.get(state="answered")
        actions.leg_ended(offer_id=offer.pk, was_hung_up=False, at=now())
    assert page.post(save, typed(first_name="Inez") | {"revision": "1"}).status_code == 302
    actions.go_away(receptionist=desk.receptionist, at=now())
    actions.distribute(now())
    with system_scope("a test looks"):
        assert DeskCall.objects.get(pk=call.pk).state == DeskCallState.OVER
        form = Form.objects.get()
    assert f"/desk/forms/{form.uuid}/" in html(page)
    assert 'value="Inez"' in html(page, f"/desk/forms/{form.uuid}/")
    assert page.post(send, typed(first_name="Inez", reason="Pain")).status_code == 302
    with system_scope("a test looks"):
        assert Message.objects.get().first_name == "Inez"
