"""The portal in a real browser: what only shows when its script runs.

Signing in, a message that arrives while one works, the panel, acknowledging, the menu on a phone.
Every page must stay free of script errors and of refusals by the content policy.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from deskbell.accounts.models import Account, User
from deskbell.foundation.clock import now
from deskbell.messages import actions
from deskbell.messages.models import Message, MessageStatus
from deskbell.platform.tenancy import account_scope
from tests.browser import SOON, sign_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]
Take = Callable[..., Message]


def at_messages(tab: Page) -> None:
    """Signs alice in and goes to Messages; marks the page, so that a reload would show."""
    sign_in(tab)
    tab.get_by_role("link", name="Messages", exact=False).first.click()
    expect(tab.get_by_role("heading", name="Messages")).to_be_visible()
    tab.evaluate("window.stayed = true")


def never_reloaded(tab: Page) -> bool:
    """Whether the page is still the one that `at_messages` marked."""
    return tab.evaluate("window.stayed === true") is True


def test_signing_in_and_out(tab: Page, alice: User) -> None:
    sign_in(tab, password="wrong")
    expect(tab.get_by_role("alert")).to_contain_text("do not belong together")
    sign_in(tab)
    expect(tab.get_by_role("heading", name="Dashboard")).to_be_visible()
    tab.get_by_label("profile and sign out").click()
    tab.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_role("heading", name="User Sign In")).to_be_visible()


def test_a_message_arrives_while_one_works(tab: Page, alice: User, take: Take) -> None:
    first = take("The first one", first_name="Ines", age=timedelta(minutes=5))
    at_messages(tab)
    tab.locator(f"#tick-{first.pk}").check()
    tab.get_by_role("searchbox").focus()
    tab.keyboard.type("one", delay=20)
    expect(tab).to_have_url(re.compile(r"\?q=one$"))
    second = take("Another one", first_name="Otto")
    take("Not searched for")
    row = tab.locator(f"#m-{second.pk}")
    expect(row).to_contain_text("Another one", timeout=SOON)
    expect(tab.locator("#count-new")).to_have_text("3")
    expect(tab.locator("#new-count")).to_contain_text("3")
    expect(tab.locator("#activities")).to_contain_text(f"#{second.pk}")
    expect(tab.get_by_text("Not searched for")).to_have_count(0)
    assert tab.locator(f"#tick-{first.pk}").is_checked()
    expect(tab.locator("#bulk-count")).to_have_text("1 selected")
    expect(tab.get_by_role("searchbox")).to_be_focused()
    expect(tab.get_by_role("searchbox")).to_have_value("one")
    assert never_reloaded(tab)


def test_a_message_opens_beside_the_list_by_keyboard(
    tab: Page, acme: Account, alice: User, take: Take
) -> None:
    message = take("Please call back", first_name="Ines", answers={"urgent": "Yes"})
    at_messages(tab)
    opener = tab.locator(f"#open-{message.pk}")
    opener.focus()
    tab.keyboard.press("Enter")
    panel = tab.get_by_role("complementary", name="Message")
    expect(panel).to_be_focused()
    expect(panel).to_contain_text("Urgent")
    expect(panel).to_contain_text("Read by Alice")
    with account_scope(acme.pk):
        actions.place(
            message=message,
            level_id=None,
            attempt=3,
            next_at=now() + timedelta(minutes=4),
            at=now(),
        )
    expect(panel).to_contain_text("attempt 3", timeout=SOON)
    expect(panel).to_be_focused()
    tab.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(opener).to_be_focused()
    assert never_reloaded(tab)


def test_acknowledging_in_the_panel_stops_it_at_once(tab: Page, alice: User, take: Take) -> None:
    message = take("Please call back", first_name="Ines")
    at_messages(tab)
    tab.locator(f"#open-{message.pk}").click()
    panel = tab.get_by_role("complementary", name="Message")
    panel.get_by_role("button", name="Acknowledge").click()
    expect(panel).to_contain_text("Acknowledged by Alice")
    expect(tab.get_by_role("status").first).to_contain_text("nobody else is called")
    expect(tab.locator(f"#m-{message.pk}")).to_have_count(0, timeout=SOON)
    expect(tab.get_by_text("Every message is acknowledged")).to_be_visible()
    expect(panel).to_be_visible()
    with account_scope(message.account_id):
        assert Message.objects.get(pk=message.pk).status == MessageStatus.ACKNOWLEDGED
    assert never_reloaded(tab)


def test_somebody_else_was_first(tab: Page, acme: Account, alice: User, take: Take) -> None:
    message = take("Please call back")
    at_messages(tab)
    tab.route("**/messages/live/**", lambda route: route.abort())  # the page is behind
    with account_scope(acme.pk):
        actions.acknowledge(message=message, by="bob", at=now(), through="email")
    tab.get_by_role("button", name=f"Acknowledge message {message.pk}").click()
    expect(tab.get_by_role("status").first).to_contain_text("already acknowledged by bob")
    expect(tab.locator("#count-acknowledged")).to_have_text("1")
    tab.unroute_all()


def test_several_at_once(tab: Page, alice: User, take: Take) -> None:
    for number in range(3):
        take(f"no {number}")
    at_messages(tab)
    expect(tab.get_by_role("button", name="Acknowledge selected")).to_be_hidden()
    tab.get_by_label("Select all on this page").check()
    expect(tab.locator("#bulk-count")).to_have_text("3 selected")
    tab.get_by_role("button", name="Acknowledge selected").click()
    expect(tab.get_by_role("status").first).to_contain_text("3 messages are acknowledged")
    expect(tab.get_by_text("Every message is acknowledged")).to_be_visible()
    assert never_reloaded(tab)


def test_sorting_and_paging_need_no_reload(tab: Page, alice: User, take: Take) -> None:
    for number in range(27):
        take(f"no {number}", first_name=f"Caller{number:02d}", age=timedelta(minutes=number))
    at_messages(tab)
    tab.get_by_role("link", name="From", exact=True).click()
    expect(tab.get_by_role("columnheader", name="From")).to_have_attribute("aria-sort", "ascending")
    expect(tab.locator("tbody tr").first).to_contain_text("Caller00")
    tab.get_by_role("link", name="From", exact=True).click()
    expect(tab.locator("tbody tr").first).to_contain_text("Caller26")
    tab.get_by_role("link", name="Next").click()
    expect(tab.locator("tbody tr")).to_have_count(2)
    expect(tab).to_have_url(re.compile("sort=from&page=2$"))
    tab.get_by_role("link", name="Previous").click()
    expect(tab.locator("tbody tr")).to_have_count(25)
    assert never_reloaded(tab)


def test_on_a_phone(tab: Page, alice: User, take: Take) -> None:
    message = take("A long message " * 20, first_name="Ines", company_name="Harbor Foods")
    tab.set_viewport_size({"width": 390, "height": 844})
    sign_in(tab)
    side = tab.get_by_role("navigation", name="Pages")
    expect(side).to_be_hidden()
    tab.get_by_role("button", name="Menu").click()
    expect(side).to_be_visible()
    tab.keyboard.press("Escape")
    expect(side).to_be_hidden()
    for path in ("/", "/messages/", f"/messages/{message.pk}/", "/oncall/", "/attendant/"):
        tab.goto(path)
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390, path
    tab.goto("/messages/")
    tab.locator(f"#open-{message.pk}").click()
    tab.get_by_role("button", name="Close message").click()
    expect(tab.get_by_role("complementary", name="Message")).to_be_hidden()


def test_the_theme_follows_the_system(tab: Page) -> None:
    for theme in ("dark", "light"):
        tab.emulate_media(color_scheme=theme)
        tab.goto("/sign-in/")
        assert tab.locator("html").get_attribute("data-bs-theme") == theme
