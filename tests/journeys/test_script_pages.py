"""Scripts as people work with them: written by keyboard, tried, published, read; by two at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.messages.models import Message
from deskbell.oncall.actions import add_level
from deskbell.oncall.models import EscalationLevel
from deskbell.platform.tenancy import account_scope
from deskbell.scripts import queries
from deskbell.scripts.models import Script
from deskbell.scripts.rules import Content, read
from tests.browser import SOON, sign_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def level(acme: Account, at: Any) -> EscalationLevel:
    with account_scope(acme.pk):
        return add_level(account_id=acme.pk, name="Dentist on call", at=at)


def enter(tab: Page, person: str) -> None:
    sign_in(tab, f"{person}@example.com")
    expect(tab.get_by_role("button", name="Sign in", exact=True)).to_have_count(0)


def new_script(tab: Page, name: str) -> None:
    tab.goto("/scripts/")
    tab.get_by_role("link", name="New script").click()
    tab.get_by_label("Name", exact=True).fill(name)
    tab.get_by_role("button", name="Make it").click()
    expect(tab.get_by_role("heading", name=name)).to_be_visible()


def draft_of(account: Account, name: str) -> Content:
    with account_scope(account.pk):
        return read(Script.objects.get(name=name).draft)


def keys_of(account: Account, name: str) -> list[str]:
    return [each.key for each in draft_of(account, name).steps]


def save(tab: Page) -> None:
    """Saves what stands in the panel, and waits until it is gone."""
    panel = tab.locator("#panel")
    panel.get_by_role("button", name="Save to draft").click()
    expect(panel).to_be_hidden()


def test_written_by_keyboard_tried_published_and_read(
    tab: Page,
    acme: Account,
    acme_number: PhoneNumber,
    level: EscalationLevel,
    alice: User,
    rita: User,
    complaints: list[str],
) -> None:
    enter(tab, "rita")
    new_script(tab, "Front desk")
    panel = tab.locator("#panel")

    words = tab.get_by_label("Greeting")
    words.fill("Hello, ")
    tab.get_by_role("button", name="{company}").first.click()
    expect(words).to_have_value("Hello, {company}")
    tab.get_by_role("button", name="Save the greeting").click()
    expect(tab.get_by_role("status").first).to_contain_text("The greeting is saved")

    tab.locator("#add-steps").focus()
    tab.keyboard.press("Enter")
    expect(panel).to_be_focused()
    panel.get_by_label("Kind").select_option("choice")
    panel.get_by_role("button", name="Save to draft").click()
    expect(panel.get_by_text("Name what is asked")).to_be_visible()
    complaints.clear()  # the browser notes every 422
    panel.get_by_label("Label").fill("Day")
    panel.get_by_label("Options").fill("Monday\nFriday")
    panel.get_by_label("What to say").fill("Which day?")
    save(tab)
    expect(tab.locator("#steps-day")).to_contain_text("Which day?")

    before = keys_of(acme, "Front desk")
    tab.locator("#open-steps-day").focus()
    for _ in range(2):
        tab.keyboard.press("Alt+ArrowUp")
        expect(tab.get_by_role("status").first).to_contain_text("The order is saved")
        tab.locator("#notices .btn-close").click()
        tab.locator("#open-steps-day").focus()
    assert keys_of(acme, "Front desk") == [*before[:-3], "day", *before[-3:-1]]

    tab.locator("#below-steps-day").click()
    panel.get_by_label("Kind").select_option("branch")
    expect(panel.get_by_label("Label")).to_be_hidden()
    panel.get_by_label("Which answer decides").select_option("day")
    panel.get_by_role("group", name="Where “Day” is").get_by_label("Friday").select_option("end")
    save(tab)
    expect(tab.locator("#steps-branch")).to_contain_text("“Friday”: close the call")

    tab.locator("#add-relays").click()
    panel.get_by_role("group", name="Day").get_by_label("Friday").check()
    panel.get_by_label("Send the message to").select_option("Dentist on call")
    save(tab)
    expect(tab.locator("#relays")).to_contain_text("Where “Day” is “Friday”")

    tab.get_by_role("link", name="Choose numbers").click()
    tab.get_by_role("dialog").get_by_label("(212) 555-0142").check()
    tab.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(tab.get_by_label("Of this script")).to_contain_text("(212) 555-0142")

    tab.get_by_role("link", name="Preview").click()
    try_by_keyboard(tab)
    with account_scope(acme.pk):
        assert not Message.objects.exists()

    tab.get_by_role("link", name="Front desk").click()
    tab.get_by_role("link", name="Publish").click()
    tab.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(tab.get_by_role("status").first).to_contain_text("publication 1 from now on")
    tab.context.clear_cookies()

    enter(tab, "alice")
    tab.goto("/scripts/")
    tab.get_by_role("link", name="(212) 555-0142").click()
    expect(tab.get_by_text("Hello, Acme Dental")).to_be_visible()
    expect(tab.get_by_text("published by rita@example.com")).to_be_visible()
    expect(tab.get_by_role("link", name="Edit")).to_have_count(0)
    tab.get_by_role("link", name="Dentist on call").last.click()
    expect(tab.get_by_role("heading", name="Dentist on call")).to_be_visible()


def try_by_keyboard(tab: Page) -> None:
    """Goes through the form without a mouse: only what is asked shows, and Ctrl+Enter sends."""
    tab.get_by_label("First name").focus()
    tab.keyboard.type("Ines")
    tab.keyboard.press("Enter")
    expect(tab.get_by_label("Last name")).to_be_focused()
    urgent = tab.get_by_role("radiogroup", name="Urgent")
    expect(urgent).to_be_visible()
    tab.get_by_role("textbox", name="Message").fill("It broke")
    tab.get_by_role("radiogroup", name="Day").get_by_label("Monday").focus()
    tab.keyboard.press("2")
    expect(tab.get_by_label("Friday")).to_be_checked()
    expect(urgent).to_be_hidden()
    expect(tab.get_by_text("The message goes to “Dentist on call”.")).to_be_visible()
    tab.keyboard.press("1")
    expect(urgent).to_be_visible()
    expect(tab.get_by_text("The message goes to “Dentist on call”.")).to_be_hidden()
    tab.keyboard.press("Control+Enter")
    expect(
        tab.get_by_role("heading", name="This is the message that would be made")
    ).to_be_visible()
    expect(tab.locator(".script-facts")).to_contain_text("Ines")


def test_dragged_into_order_and_removed(
    tab: Page, acme: Account, level: EscalationLevel, rita: User
) -> None:
    enter(tab, "rita")
    new_script(tab, "Front desk")
    before = keys_of(acme, "Front desk")
    grip = tab.locator("#steps [data-order-grip]").nth(1).bounding_box()
    first = tab.locator("#steps [data-order-item]").first.bounding_box()
    assert grip
    assert first
    tab.mouse.move(grip["x"] + 8, grip["y"] + 8)
    tab.mouse.down()
    tab.mouse.move(grip["x"] + 8, first["y"] + 4, steps=6)
    tab.mouse.up()
    expect(tab.get_by_role("status").first).to_contain_text("The order is saved")
    after = [before[1], before[0], *before[2:]]
    assert keys_of(acme, "Front desk") == after
    expect(tab.locator("#steps [data-order-item]").first).to_have_id(f"steps-{before[1]}")

    tab.locator("#remove-steps-urgent").click()
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_contain_text("A relay trigger on its answer goes too")
    dialog.get_by_role("button", name="Remove").click()
    expect(tab.locator("#steps-urgent")).to_have_count(0)
    assert not draft_of(acme, "Front desk").relays


def test_of_two_who_edit_one_step_the_second_is_told(
    browser: Browser,
    tab: Page,
    live_server: Any,
    acme: Account,
    rita: User,
    olivia: User,
    complaints: list[str],
) -> None:
    enter(tab, "rita")
    new_script(tab, "Front desk")
    address = tab.url
    context = browser.new_context(base_url=live_server.url)
    other = context.new_page()
    other.set_default_timeout(SOON)
    enter(other, "olivia")
    for each in (tab, other):
        each.goto(address)
        each.locator("#open-steps-phone").click()
        expect(each.locator("#panel form")).to_be_visible()
    other.locator("#panel").get_by_label("Label").fill("Callback number")
    save(other)
    other.get_by_label("Greeting").fill("Theirs")
    other.get_by_role("button", name="Save the greeting").click()
    expect(other.get_by_role("status").first).to_contain_text("The greeting is saved")
    context.close()
    tab.get_by_label("Greeting").fill("Mine")
    panel = tab.locator("#panel")
    panel.get_by_label("Label").fill("Their number")
    panel.get_by_role("button", name="Save to draft").click()
    expect(panel).to_contain_text("Somebody else saved this while you were editing")
    complaints.clear()  # the browser notes every 409
    expect(panel).to_contain_text("Callback number")
    expect(panel.get_by_label("Label")).to_have_value("Their number")
    save(tab)
    step = draft_of(acme, "Front desk").step("phone")
    assert step
    assert step.label == "Their number"
    expect(tab.get_by_label("Greeting")).to_have_value("Mine")
    tab.get_by_role("button", name="Save the greeting").click()
    expect(tab.get_by_text("Saved by somebody else: Theirs")).to_be_visible()
    complaints.clear()


def test_without_a_script_and_on_a_narrow_screen(
    browser: Browser,
    live_server: Any,
    acme: Account,
    acme_number: PhoneNumber,
    level: EscalationLevel,
    rita: User,
) -> None:
    context = browser.new_context(
        base_url=live_server.url,
        viewport={"width": 390, "height": 844},
        java_script_enabled=False,
    )
    tab = context.new_page()
    tab.set_default_timeout(SOON)
    enter(tab, "rita")
    new_script(tab, "Front desk")
    tab.get_by_role("link", name="New step", exact=True).click()
    tab.get_by_label("Kind").select_option("yes_no")
    tab.get_by_label("Label").fill("Is it raining")
    tab.get_by_role("button", name="Save to draft").click()
    row = tab.locator("#steps-is_it_raining")
    expect(row).to_be_visible()
    row.get_by_role("button", name=re.compile("up$")).click()
    assert keys_of(acme, "Front desk")[-2] == "is_it_raining"
    tab.get_by_role("link", name="New relay trigger").click()
    tab.get_by_role("group", name="Is it raining").get_by_label("Yes").check()
    tab.get_by_role("button", name="Save to draft").click()
    expect(tab.locator("#relays")).to_contain_text("Is it raining")
    tab.get_by_role("link", name="Preview").click()
    expect(tab.get_by_text("Where “Is it raining” is “Yes”")).to_be_visible()
    tab.get_by_role("button", name="Try to send").click()
    expect(tab.get_by_role("alert")).to_contain_text("It would not be sent yet")
    tab.get_by_role("textbox", name="Message").fill("It broke")
    tab.get_by_role("button", name="Try to send").click()
    expect(tab.get_by_text("This is the message that would be made")).to_be_visible()
    tab.get_by_role("link", name="Front desk").click()
    tab.get_by_role("link", name="Publish").click()
    tab.get_by_role("button", name="Publish").click()
    expect(tab.get_by_text("publication 1 from now on")).to_be_visible()
    with account_scope(acme.pk):
        assert queries.scripts()[0].active
    context.close()
