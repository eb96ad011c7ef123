"""From nobody to a proof: contacts, ways to reach them, levels, planning, feeds, what happened."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from deskbell.accounts.models import Account, User
from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.delivery.verification import carry_code
from deskbell.foundation.clock import now
from deskbell.messages.models import Message
from deskbell.oncall import actions
from deskbell.oncall.models import EscalationLevel, Event
from deskbell.platform.tenancy import account_scope
from tests.browser import SOON, sign_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]
Take = Callable[..., Message]
ROTA = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Rota//EN\r\nX-WR-CALNAME:Rota\r\n"
    "BEGIN:VEVENT\r\nUID:1@example.com\r\nDTSTART:{day}T000000\r\nDTEND:{after}T000000\r\n"
    "RRULE:FREQ=DAILY\r\nSUMMARY:Nina Field\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def rota() -> FilePayload:
    """A calendar in which Nina is on call every day, from yesterday on."""
    day = now().date() - timedelta(days=1)
    text = ROTA.format(day=f"{day:%Y%m%d}", after=f"{day + timedelta(days=1):%Y%m%d}")
    return {"name": "rota.ics", "mimeType": "text/calendar", "buffer": text.encode()}


@pytest.fixture
def plain(browser: Browser, live_server: Any) -> Iterator[Page]:
    """A narrow page in a browser without a script."""
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, java_script_enabled=False
    )
    page = context.new_page()
    page.set_default_timeout(SOON)
    yield page
    context.close()


def add_contact(tab: Page, name: str, address: str) -> None:
    """Adds a contact by its dialog, and an email to it."""
    tab.goto("/oncall/")
    tab.get_by_role("link", name="Add a contact").or_(
        tab.get_by_role("link", name="Add the first contact")
    ).first.click()
    dialog = tab.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("button", name="Save").click()
    expect(tab.get_by_role("heading", name=name, exact=True)).to_be_visible()
    tab.get_by_role("link", name="Email", exact=True).click()
    tab.get_by_label("Email address").fill("nobody")
    tab.get_by_role("button", name="Save").click()
    expect(tab.locator("#id_address_error")).not_to_be_empty()
    tab.get_by_label("Email address").fill(address)
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_role("region", name="Delivery methods")).to_contain_text(address)


def verify(tab: Page, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has a code sent to the contact that shows, and enters it."""
    tab.get_by_role("button", name="Send a code").click()
    expect(tab.get_by_label("Code that arrived")).to_be_visible()
    monkeypatch.setattr("secrets.randbelow", lambda _most: 271_828)
    with account_scope(account.pk):
        carry_code(method_id=DeliveryMethod.objects.get().pk, at=now())
    tab.get_by_label("Code that arrived").fill("314159")
    tab.get_by_role("button", name="Verify").click()
    expect(tab.get_by_text("That is not the code")).to_be_visible()
    tab.get_by_label("Code that arrived").fill("271828")
    tab.get_by_role("button", name="Verify").click()
    expect(tab.get_by_text("Verified", exact=True)).to_be_visible()


def add_level(tab: Page, name: str, following: str = "") -> None:
    """Adds a level that waits a minute, and then goes on or ends."""
    tab.goto("/oncall/levels/new/")
    tab.get_by_label("Name").fill(name)
    tab.get_by_label("Minutes to wait before leaving").fill("1")
    if following:
        tab.get_by_label("Next escalation level").select_option(label=following)
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_role("heading", name=name, exact=True)).to_be_visible()


def test_from_nobody_to_a_proof(
    tab: Page,
    acme: Account,
    alice: User,
    take: Take,
    monkeypatch: pytest.MonkeyPatch,
    complaints: list[str],
) -> None:
    sign_in(tab)
    expect(tab.get_by_role("heading", name="Dashboard")).to_be_visible()
    add_level(tab, "Manager")
    add_level(tab, "On call", following="Manager")
    add_contact(tab, "Nina Field", "nina@example.com")
    verify(tab, acme, monkeypatch)
    complaints[:] = [each for each in complaints if "422" not in each]  # the two wrong inputs

    tab.goto("/oncall/levels/")
    names = tab.locator(".level-name")
    expect(names).to_have_text(["Manager", "On call"])
    grip = tab.locator("[data-order-grip]").nth(1).bounding_box()
    target = tab.locator("[data-order-item]").first.bounding_box()
    assert grip
    assert target
    tab.mouse.move(grip["x"] + 5, grip["y"] + 10)
    tab.mouse.down()
    tab.mouse.move(target["x"] + 50, target["y"] + 5, steps=5)
    tab.mouse.up()
    expect(tab.get_by_role("status").first).to_contain_text("new order")
    expect(names).to_have_text(["On call", "Manager"])

    tab.goto("/oncall/plan/")
    expect(tab.get_by_text("Nobody is on call on this level in the next 90 days")).to_have_count(2)
    tab.goto("/oncall/feeds/import/")
    tab.get_by_label("File", exact=True).set_input_files([rota()])
    tab.get_by_role("button", name="Look at it").click()
    expect(tab.get_by_role("heading", name="Rota")).to_be_visible()
    expect(tab.get_by_label("Nina Field", exact=False).first).to_be_visible()
    tab.get_by_role("button", name="Import", exact=True).click()
    expect(tab.get_by_role("status").first).to_contain_text("1 event is on “On call” now")

    tab.get_by_role("link", name="Clone On call").click()
    dialog = tab.get_by_role("dialog")
    expect(dialog.get_by_text("CANNOT be undone")).to_be_visible()
    dialog.get_by_role("button", name="Clone").click()
    expect(tab.get_by_role("status").first).to_contain_text("is on “Manager” now")
    with account_scope(acme.pk):
        assert Event.objects.count() == 2

    tab.goto("/oncall/plan/")
    expect(tab.get_by_text("Exactly one contact is on call")).to_have_count(2)
    tab.get_by_role("link", name="What if a message came").click()
    tab.get_by_label("Time").fill("18:30")
    tab.get_by_role("button", name="Show").click()
    expect(tab.get_by_text("Attempt 1 on Manager: email to Nina Field")).to_be_visible()
    expect(tab.get_by_text(re.compile("6:31:00 PM")).first).to_be_visible()

    tab.goto("/oncall/feeds/")
    tab.get_by_role("link", name="How to use the link to On call").click()
    expect(tab.get_by_role("dialog").get_by_text("calendar.google.com")).to_be_visible()

    message = take("Burst pipe in the cellar", first_name="Ada", last_name="Byron")
    with account_scope(acme.pk):
        actions.run_due(now())
    tab.goto("/messages/")
    tab.locator("a.open").first.click()
    panel = tab.get_by_role("complementary", name="Message")
    panel.get_by_role("button", name="Pass on to the next level").click()
    expect(tab.locator("#notices")).to_contain_text("It went on to Manager")
    panel.get_by_role("link", name="Proof").click()
    expect(tab.get_by_role("heading", name=f"Proof of message {message.pk}")).to_be_visible()
    expect(tab.get_by_role("region", name="What happened")).to_contain_text("Alice")
    answer = tab.request.get(f"/messages/{message.pk}/proof.pdf")
    assert answer.body().startswith(b"%PDF-")


def test_the_same_without_a_script(plain: Page, acme: Account, alice: User) -> None:
    sign_in(plain)
    expect(plain.get_by_role("heading", name="Dashboard")).to_be_visible()
    for name in ("Nina Field", "N. Field"):
        plain.goto("/oncall/contacts/new/")
        plain.get_by_label("Name").fill(name)
        plain.get_by_role("button", name="Save").click()
        expect(plain.get_by_role("heading", name=name, exact=True)).to_be_visible()
    plain.goto("/oncall/contacts/merge/")
    for box in plain.get_by_role("checkbox").all():
        box.check()
    plain.get_by_label("New contact name").fill("Nina")
    plain.get_by_role("button", name="Merge …").click()
    expect(plain.get_by_text("CANNOT be undone")).to_be_visible()
    plain.get_by_role("button", name="Merge", exact=True).click()
    expect(plain.get_by_role("heading", name="Nina", exact=True)).to_be_visible()
    with account_scope(acme.pk):
        assert Contact.objects.get().name == "Nina"

    for name in ("First", "Second"):
        add_level(plain, name)
    plain.goto("/oncall/levels/")
    plain.get_by_role("button", name="Move Second up").click()
    expect(plain.locator(".level-name")).to_have_text(["Second", "First"])
    plain.get_by_role("link", name="Second", exact=True).first.click()
    plain.get_by_role("link", name="Delete …").click()
    expect(plain.get_by_text("CANNOT be undone")).to_be_visible()
    plain.get_by_role("button", name="Delete level").click()
    expect(plain.locator(".level-name")).to_have_text(["First"])
    with account_scope(acme.pk):
        assert EscalationLevel.objects.count() == 1
