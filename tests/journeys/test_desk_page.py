"""The receptionist's desk in a real browser, by keyboard alone: from available to an acknowledged
message; offline; in two windows; with a script that changed; with HTML in the answers.

Telephony adds nothing here, so callers come and go by the same actions that their calls would ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.contacts.actions import add_contact, add_method
from deskbell.desk.models import DeskCall, DeskCallState, Form, Receptionist, Standing
from deskbell.foundation.clock import now
from deskbell.messages.models import Message, MessageStatus
from deskbell.platform.tenancy import account_scope, system_scope
from tests.at_the_desk import Desk, change_script, give_script, open_desk, without_tooth
from tests.browser import SOON, sign_in
from tests.house import until

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]
HTML = "<img src=x onerror=document.title='broken'><b>bold</b>"


@pytest.fixture
def desk(acme: Account, acme_number: PhoneNumber, rita: User, alice: User) -> Desk:
    made = open_desk(acme, acme_number, rita)
    give_script(acme, acme_number)
    return made


@pytest.fixture
def at_desk(tab: Page, desk: Desk) -> Page:
    """Rita at her desk."""
    sign_in(tab, "rita@example.com")
    tab.goto("/desk/")
    expect(tab.locator("#desk-standing")).to_contain_text("Away")
    return tab


@pytest.fixture
def other_window(browser: Browser, live_server: Any) -> Iterator[Page]:
    """A window of somebody else's browser."""
    context = browser.new_context(base_url=live_server.url, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(SOON)
    yield page
    context.close()


def state(tab: Page) -> Any:
    return tab.locator("#desk-form-state")


def only_message() -> Message:
    with system_scope("a test looks"):
        return Message.objects.get()


def saved_answers() -> dict[str, str]:
    with system_scope("a test looks"):
        form = Form.objects.order_by("-id").first()
        return dict(form.answers) if form else {}


def standing(desk: Desk) -> str:
    return Receptionist.objects.get(pk=desk.receptionist.pk).standing


def type_in(tab: Page, label: str, text: str) -> None:
    tab.get_by_label(label, exact=True).focus()
    tab.keyboard.press("ControlOrMeta+A")
    tab.keyboard.type(text)


def test_from_available_to_acknowledged_by_keyboard(
    at_desk: Page, desk: Desk, other_window: Page
) -> None:
    tab = at_desk
    tab.keyboard.press("Alt+g")
    expect(tab.locator("#desk-standing")).to_contain_text("Available")
    desk.ring()
    expect(tab.locator("#desk-answer")).to_be_visible()
    expect(tab).to_have_title("Call for Acme Dental")
    expect(tab.locator("#desk-said")).to_contain_text("A call for Acme Dental")
    expect(tab.locator("[data-greeting]")).to_contain_text("Acme Dental, this is Rita speaking.")
    tab.keyboard.press("Alt+a")
    expect(tab.locator("#notices")).to_contain_text("pick up your telephone")
    call = desk.pick_up()
    expect(tab.get_by_label("First name")).to_be_focused()
    tab.keyboard.type("Ines")
    tab.keyboard.press("Enter")
    tab.keyboard.type("Vogel")
    tab.keyboard.press("Enter")
    tab.keyboard.type("212 555 0177")
    tab.keyboard.press("Enter")
    tab.keyboard.press("2")
    expect(tab.get_by_label("Which tooth")).to_be_visible()
    tab.keyboard.press("Enter")
    tab.keyboard.type("lower left")
    tab.keyboard.press("Enter")
    tab.keyboard.type("It hurts since noon")
    expect(state(tab)).to_contain_text("Saved at")
    assert saved_answers()["tooth"] == "lower left"
    desk.leave(call)
    expect(tab.locator("#desk-done")).to_be_visible()
    expect(tab.get_by_label("Message", exact=True)).to_be_focused()
    tab.keyboard.press("ControlOrMeta+Enter")
    expect(tab.locator("#desk-taken")).to_contain_text("It hurts since noon")
    message = only_message()
    assert message.is_emergency
    assert (message.first_name, message.phone) == ("Ines", "+12125550177")
    assert message.answers["tooth"] == "lower left"
    assert message.agent_id == desk.receptionist.user_id
    tab.keyboard.press("Alt+w")
    expect(tab.locator("#desk-standing")).to_contain_text("Available")
    assert standing(desk) == Standing.AVAILABLE
    sign_in(other_window)
    expect(other_window.get_by_role("heading", name="Dashboard")).to_be_visible()
    other_window.goto("/messages/")
    other_window.locator(f"#ack-{message.pk}").focus()
    other_window.keyboard.press("Enter")
    expect(other_window.get_by_text("nobody else is called")).to_be_visible()
    assert only_message().status == MessageStatus.ACKNOWLEDGED


def test_keys_do_nothing_while_one_types(at_desk: Page, desk: Desk) -> None:
    tab = at_desk
    call = desk.answer()
    expect(tab.get_by_label("First name")).to_be_focused()
    tab.keyboard.type("ghx?a w")
    expect(tab.get_by_label("First name")).to_have_value("ghx?a w")
    expect(tab.locator("#desk-keys")).to_be_hidden()
    with system_scope("a test looks"):
        assert DeskCall.objects.get(pk=call.pk).state == DeskCallState.IN_HAND
    tab.keyboard.press("Alt+k")
    expect(tab.locator("#desk-keys")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.locator("#desk-keys")).to_be_hidden()
    expect(tab.get_by_label("First name")).to_be_focused()
    tab.keyboard.press("Alt+q")
    tab.keyboard.type("green")
    expect(tab.get_by_text("Where can I park?")).to_be_visible()
    expect(tab.get_by_text("Do you take children?")).to_be_hidden()


def test_a_call_that_rings_takes_no_focus(at_desk: Page, desk: Desk) -> None:
    tab = at_desk
    call = desk.answer()
    desk.leave(call)
    expect(tab.locator("#desk-done")).to_be_visible()
    tab.keyboard.press("Alt+w")
    expect(tab.locator("#desk-standing")).to_contain_text("Available")
    tab.keyboard.press("Alt+o")
    expect(tab.locator("#out-to")).to_be_focused()
    tab.keyboard.type("212")
    desk.ring()
    expect(tab.locator("#desk-answer")).to_be_attached()
    expect(tab).to_have_title("Call for Acme Dental")
    expect(tab.locator("#out-to")).to_be_focused()
    expect(tab.locator("#out-to")).to_have_value("212")


def test_what_is_typed_without_deskbell_is_kept_and_sent(
    at_desk: Page, desk: Desk, complaints: list[str]
) -> None:
    tab = at_desk
    desk.answer()
    expect(tab.get_by_label("First name")).to_be_focused()
    tab.context.set_offline(True)
    tab.keyboard.type("Ines")
    expect(state(tab)).to_contain_text("Not saved, will be sent")
    expect(tab.locator("#offline")).to_be_visible()
    type_in(tab, "Last name", "Vogel")
    assert saved_answers() == {}
    tab.context.set_offline(False)
    expect(state(tab)).to_contain_text("Saved at")
    assert saved_answers()["first_name"] == "Ines"
    assert saved_answers()["last_name"] == "Vogel"
    tab.context.set_offline(True)
    tab.get_by_role("radio", name="An appointment").focus()
    tab.keyboard.press("1")
    type_in(tab, "Message", "Call me")
    tab.keyboard.press("ControlOrMeta+Enter")
    expect(state(tab)).to_contain_text("Not sent. It is kept here")
    tab.context.set_offline(False)
    expect(tab.locator("#desk-taken")).to_contain_text("Call me")
    assert only_message().last_name == "Vogel"
    complaints.clear()


def test_a_page_that_was_closed_unsaved_sends_later(
    at_desk: Page, desk: Desk, complaints: list[str]
) -> None:
    tab = at_desk
    desk.answer()
    expect(tab.get_by_label("First name")).to_be_focused()
    tab.context.set_offline(True)
    tab.keyboard.type("Ines")
    expect(state(tab)).to_contain_text("Not saved")
    tab.goto("about:blank")
    tab.context.set_offline(False)
    complaints.clear()
    tab.goto("/desk/")
    expect(tab.get_by_label("First name")).to_have_value("Ines")
    expect(state(tab)).to_contain_text("Saved at")
    assert saved_answers()["first_name"] == "Ines"
    complaints.clear()


def test_two_windows_write_one_form(at_desk: Page, desk: Desk, complaints: list[str]) -> None:
    first = at_desk
    desk.answer()
    second = first.context.new_page()
    second.set_default_timeout(SOON)
    second.goto("/desk/")
    expect(first.get_by_label("First name")).to_be_visible()
    type_in(first, "First name", "Ines")
    expect(state(first)).to_contain_text("Saved at")
    type_in(second, "Last name", "Vogel")
    expect(state(second)).to_contain_text("Saved at")
    expect(second.get_by_label("First name")).to_have_value("Ines")
    assert saved_answers()["first_name"] == "Ines"
    assert saved_answers()["last_name"] == "Vogel"
    type_in(first, "Last name", "Vogt")
    expect(state(first)).to_contain_text("Saved at")
    until(lambda: saved_answers()["last_name"] == "Vogt", 5, "what is here stays")
    expect(first.locator(".desk-theirs")).to_contain_text("Another window has: “Vogel”")
    first.locator(".desk-theirs button").focus()
    first.keyboard.press("Enter")
    until(lambda: saved_answers()["last_name"] == "Vogel", 5, "the other's is taken")
    first.get_by_role("radio", name="An appointment").focus()
    first.keyboard.press("1")
    type_in(first, "Message", "Call me")
    first.keyboard.press("ControlOrMeta+Enter")
    expect(first.locator("#desk-taken")).to_contain_text("Call me")
    expect(second.locator("#desk-taken")).to_contain_text("Call me")
    assert only_message().last_name == "Vogel"
    complaints[:] = [each for each in complaints if "409" not in each and "410" not in each]


def test_a_form_stays_with_the_script_that_its_page_shows(at_desk: Page, desk: Desk) -> None:
    tab = at_desk
    desk.answer()
    expect(tab.get_by_label("First name")).to_be_focused()
    with system_scope("a test changes the script"):
        from deskbell.scripts.models import Script

        script = Script.objects.get()
    change_script(script, without_tooth())
    tab.keyboard.type("Ines")
    tab.get_by_role("radio", name="Pain").focus()
    tab.keyboard.press("2")
    type_in(tab, "Which tooth", "lower left")
    expect(state(tab)).to_contain_text("Saved at")
    tab.reload()
    expect(tab.get_by_label("Which tooth")).to_have_value("lower left")
    tab.get_by_label("Which tooth").focus()
    tab.keyboard.press("ControlOrMeta+Enter")
    expect(tab.locator("#desk-taken")).to_be_visible()
    assert only_message().answers["tooth"] == "lower left"


def test_markup_in_answers_is_text(at_desk: Page, desk: Desk) -> None:
    tab = at_desk
    desk.answer(name=HTML)
    expect(tab.get_by_label("First name")).to_be_focused()
    tab.keyboard.type(HTML[:60])
    tab.get_by_role("radio", name="An appointment").focus()
    tab.keyboard.press("1")
    type_in(tab, "Message", HTML)
    tab.keyboard.press("ControlOrMeta+Enter")
    expect(tab.locator("#desk-taken")).to_contain_text(HTML)
    expect(tab.locator("#desk-call")).to_contain_text("<img src=x")
    assert tab.locator(".desk img, .desk b").count() == 0
    assert only_message().content == HTML
    expect(tab).not_to_have_title("broken")


def test_missing_answers_are_said_beside_their_fields(
    at_desk: Page, desk: Desk, complaints: list[str]
) -> None:
    tab = at_desk
    desk.answer()
    sent: list[str] = []
    tab.on("request", lambda each: sent.append(each.url) if "/send/" in each.url else None)
    expect(tab.get_by_label("First name")).to_be_focused()
    tab.keyboard.type("Ines")
    tab.keyboard.press("ControlOrMeta+Enter")
    expect(tab.locator("#notices")).to_contain_text("some answers are missing")
    expect(tab.get_by_role("radio", name="An appointment")).to_be_focused()
    tab.keyboard.press("1")
    expect(tab.get_by_label("Which tooth")).to_be_hidden()
    assert len(sent) == 1, "what is on its way is not sent again"
    expect(tab.get_by_role("radiogroup", name="Reason")).to_have_attribute("aria-invalid", "true")
    expect(tab.get_by_label("First name")).to_have_value("Ines")
    with system_scope("a test looks"):
        assert not Message.objects.exists()
    assert all("422" in each for each in complaints)
    complaints.clear()


def test_a_form_that_was_refused_asks_what_it_asked_before(
    at_desk: Page, desk: Desk, complaints: list[str]
) -> None:
    tab = at_desk
    desk.answer()
    tab.get_by_role("radio", name="An appointment").focus()
    tab.keyboard.press("1")
    expect(tab.get_by_label("Which tooth")).to_be_hidden()
    type_in(tab, "Phone", "12")
    tab.keyboard.press("ControlOrMeta+Enter")
    expect(tab.get_by_label("Phone", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(tab.get_by_label("Phone", exact=True)).to_be_focused()
    expect(tab.get_by_label("Which tooth")).to_be_hidden()
    assert all("422" in each for each in complaints)
    complaints.clear()


def test_a_name_chooses_who_has_it_before_who_is_told_with_it(at_desk: Page, desk: Desk) -> None:
    tab = at_desk
    with account_scope(desk.account.pk):
        for name, number in (("Aunt of Bert", "+12125550166"), ("Bert", "+12125550167")):
            contact = add_contact(account_id=desk.account.pk, name=name, at=now())
            add_method(contact=contact, kind="call", address=number, at=now())
    desk.answer()
    expect(tab.get_by_label("First name")).to_be_focused()
    tab.keyboard.press("Alt+t")
    expect(tab.locator("#desk-number")).to_be_focused()
    tab.keyboard.type("bert")
    expect(tab.get_by_role("radio", name="Bert (212) 555-0167", exact=True)).to_be_checked()
    tab.keyboard.press("Escape")
