"""A message's panel in a real browser: writing, forwarding and undoing while it asks for news."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from deskbell.accounts.models import Account, User
from deskbell.contacts.actions import add_contact, add_method
from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.delivery.actions import deliver
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.foundation.clock import now
from deskbell.messages import actions
from deskbell.messages.models import ActivityKind, Message
from deskbell.platform.tenancy import account_scope
from tests.browser import SOON, sign_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]
Take = Callable[..., Message]
WORDS = "Please call مرحبا 🔔 <b>=1+1</b>"


@pytest.fixture
def olivia(acme: Account, alice: User) -> Contact:
    with account_scope(acme.pk):
        contact = add_contact(account_id=acme.pk, name="Olivia", at=now())
        add_method(contact=contact, kind="email", address="olivia@example.com", at=now())
        other = add_contact(account_id=acme.pk, name="Dora", at=now())
        add_method(contact=other, kind="email", address="dora@example.com", at=now())
    return contact


def opened(tab: Page, message: Message) -> Locator:
    """Signs alice in and opens the message beside the list."""
    sign_in(tab)
    expect(tab.get_by_role("heading", name="Dashboard")).to_be_visible()
    tab.goto("/messages/")
    tab.locator(f"#open-{message.pk}").click()
    panel = tab.get_by_role("complementary", name="Message")
    expect(panel).to_be_focused()
    return panel


def news(message: Message, text: str) -> None:
    """Something happens to the message elsewhere."""
    with account_scope(message.account_id):
        actions.add_activity(message=message, kind=ActivityKind.READ, text=text, at=now())


def test_a_note_is_written_while_news_come_and_is_removed_again(
    tab: Page, alice: User, take: Take
) -> None:
    message = take("Please call back", first_name="Ines")
    panel = opened(tab, message)
    field = panel.get_by_label("New note")
    field.fill(WORDS)
    news(message, "Read by somebody")
    expect(panel).to_contain_text("Read by somebody", timeout=SOON)
    expect(field).to_have_value(WORDS)
    expect(field).to_be_focused()
    panel.get_by_role("button", name="Add note").click()
    expect(panel.locator(".note")).to_contain_text(WORDS)
    expect(panel.locator(".note")).to_contain_text("Alice")
    expect(field).to_have_value("")
    panel.get_by_role("button", name="Add note").click()
    expect(panel.locator("#note-error")).to_contain_text("Write something")
    panel.locator(".note-remove summary").focus()
    tab.keyboard.press("Enter")
    news(message, "Read by nobody")
    expect(panel).to_contain_text("Read by nobody", timeout=SOON)
    panel.get_by_role("button", name="Remove", exact=True).click()
    expect(panel.locator(".note")).to_have_count(0)
    expect(panel).to_contain_text("No notes yet")


def test_forwarding_by_keyboard_with_a_search(
    tab: Page, acme: Account, olivia: Contact, take: Take
) -> None:
    message = take("Please call back", first_name="Ines")
    panel = opened(tab, message)
    panel.get_by_role("link", name="Forward").focus()
    tab.keyboard.press("Enter")
    search = panel.get_by_label("Search contacts by name or address")
    expect(search).to_be_focused()
    panel.get_by_label("What you say with it").fill(WORDS)
    search.fill("olivia@")
    expect(panel.get_by_text("Dora")).to_have_count(0)
    expect(search).to_be_focused()
    way = panel.get_by_role("checkbox", name="olivia@example.com")
    way.focus()
    tab.keyboard.press("Space")
    search.fill("dora")
    expect(panel.get_by_text("dora@example.com")).to_be_visible()
    expect(panel.get_by_role("checkbox", name="Olivia")).to_be_checked()
    panel.get_by_role("button", name="Forward", exact=True).click()
    expect(panel.locator(".try-words")).to_have_text(WORDS)
    expect(panel.locator("#forward-form")).to_have_count(0)
    expect(panel).to_contain_text("Forwarded by Alice to Olivia (email)")
    with account_scope(acme.pk):
        assert Delivery.objects.get().contact_name == "Olivia"


def test_a_wrong_forward_stays_and_cancel_gives_the_keyboard_back(
    tab: Page, olivia: Contact, take: Take
) -> None:
    panel = opened(tab, take("Please call back"))
    panel.get_by_role("link", name="Forward").click()
    panel.get_by_label("What you say with it").fill("Look")
    panel.get_by_role("button", name="Forward", exact=True).click()
    expect(panel.get_by_text("Choose at least one way")).to_be_visible()
    expect(panel.get_by_label("What you say with it")).to_have_value("Look")
    panel.get_by_role("link", name="Cancel").click()
    expect(panel.locator("#forward-form")).to_have_count(0)
    expect(panel.get_by_role("link", name="Forward")).to_be_focused()


def test_what_failed_goes_again(tab: Page, acme: Account, olivia: Contact, take: Take) -> None:
    message = take("Please call back")
    with account_scope(acme.pk):
        methods = list(DeliveryMethod.objects.select_related("contact").filter(contact=olivia))
        [made] = deliver(
            message=message, methods=methods, level_id=None, level_name="", attempt=1, at=now()
        )
        Delivery.objects.update(state=DeliveryState.FAILED, answer="No such box")
    panel = opened(tab, message)
    panel.get_by_role("button", name="Send to Olivia by email again").click()
    expect(panel.locator(".try")).to_have_count(2)
    expect(panel.locator(f"#again-{made.pk}")).to_have_count(0)


def test_an_acknowledgement_is_undone_where_it_was_pressed(
    tab: Page, alice: User, take: Take
) -> None:
    message = take("Please call back")
    panel = opened(tab, message)
    panel.get_by_role("button", name="Acknowledge").click()
    expect(panel).to_contain_text("Acknowledged by Alice")
    panel.get_by_role("button", name="Undo").click()
    expect(panel.get_by_role("button", name="Acknowledge")).to_be_visible(timeout=SOON)
    expect(panel).to_contain_text("Acknowledgement undone by Alice")
    with account_scope(message.account_id):
        assert Message.objects.get(pk=message.pk).is_open


def test_a_long_text_unfolds_by_keyboard(tab: Page, alice: User, take: Take) -> None:
    message = take("A line of the message that goes on\n" * 60, age=timedelta(minutes=1))
    panel = opened(tab, message)
    words = panel.locator(".told .words").first
    low = words.evaluate("element => element.clientHeight")
    panel.get_by_label("Show all").focus()
    tab.keyboard.press("Space")
    high = words.evaluate("element => element.clientHeight")
    assert high > 3 * low
    news(message, "Read by somebody")
    expect(panel).to_contain_text("Read by somebody", timeout=SOON)
    assert words.evaluate("element => element.clientHeight") == high


def test_all_of_it_without_a_script_on_a_telephone(
    browser: Browser, live_server: object, olivia: Contact, take: Take
) -> None:
    message = take("Please call back")
    url = getattr(live_server, "url", "")
    context = browser.new_context(
        base_url=url, java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    sign_in(page)
    page.goto(f"/messages/{message.pk}/")
    page.get_by_label("New note").fill("Called her")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator(".note")).to_contain_text("Called her")
    page.locator(".note-remove summary").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator(".note")).to_have_count(0)
    page.get_by_role("link", name="Forward").click()
    page.get_by_label("Search contacts by name or address").fill("olivia")
    page.get_by_label("What you say with it").fill("Look")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("checkbox", name="olivia@example.com").check()
    page.get_by_role("button", name="Forward", exact=True).click()
    expect(page.locator(".try-words")).to_have_text("Look")
    page.get_by_role("button", name="Acknowledge").click()
    page.locator("#panel-undo-button").click()
    expect(page.get_by_role("button", name="Acknowledge")).to_be_visible()
    width = "document.documentElement.scrollWidth"
    for path in (f"/messages/{message.pk}/", f"/messages/{message.pk}/forward/"):
        page.goto(path)
        assert page.locator("html").evaluate(f"() => {width}") <= 390
    context.close()
