"""The list of messages in a real browser: filters, undo, saved searches, older activities; what
one does there survives the messages that arrive meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from deskbell.accounts.models import Account, User
from deskbell.messages.models import Message, MessageStatus
from deskbell.platform.tenancy import account_scope
from tests.browser import SOON, sign_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]
Take = Callable[..., Message]


@pytest.fixture
def at_list(tab: Page, alice: User) -> Page:
    """alice's list; the page is marked, so that a reload would show."""
    sign_in(tab)
    expect(tab.get_by_role("heading", name="Dashboard")).to_be_visible()
    return tab


def open_list(tab: Page, query: str = "") -> None:
    """Goes there and marks the page."""
    tab.goto(f"/messages/{query}")
    expect(tab.get_by_role("heading", name="Messages")).to_be_visible()
    tab.evaluate("window.stayed = true")


def never_reloaded(tab: Page) -> bool:
    """Whether the page is still the one that was marked."""
    return tab.evaluate("window.stayed === true") is True


def undo(tab: Page) -> Locator:
    """The button in the notice."""
    return tab.locator(".notice").get_by_role("button", name="Undo")


def is_open(message: Message) -> bool:
    """Whether nobody has acknowledged it, in the database."""
    with account_scope(message.account_id):
        return Message.objects.get(pk=message.pk).status != MessageStatus.ACKNOWLEDGED


def test_a_message_that_comes_disturbs_nothing(at_list: Page, take: Take) -> None:
    tab = at_list
    taken = [take(f"no {number}", age=timedelta(minutes=number)) for number in range(25)]
    open_list(tab)
    tab.locator(f"#open-{taken[0].pk}").click()
    panel = tab.get_by_role("complementary", name="Message")
    expect(panel).to_contain_text("no 0")
    tab.locator(f"#tick-{taken[20].pk}").check()
    tab.evaluate("scrollTo(0, 400)")
    before = tab.evaluate("scrollY")
    tab.locator(f"#ack-{taken[10].pk}").focus()
    fresh = take("I am new", first_name="Otto")
    expect(tab.locator(f"#m-{fresh.pk}")).to_be_attached(timeout=SOON)
    expect(tab.locator(f"#ack-{taken[10].pk}")).to_be_focused()
    assert tab.locator(f"#tick-{taken[20].pk}").is_checked()
    assert abs(tab.evaluate("scrollY") - before) < 120  # a row more above, nothing else
    expect(panel).to_contain_text("no 0")
    expect(tab.locator("#count-new")).to_have_text("26")
    assert never_reloaded(tab)


def test_undo_with_the_button_and_with_the_keyboard(at_list: Page, take: Take) -> None:
    tab = at_list
    message = take("Please call back")
    open_list(tab)
    tab.locator(f"#ack-{message.pk}").click()
    expect(tab.locator(".notice")).to_contain_text("nobody else is called")
    expect(tab.locator(f"#m-{message.pk}")).to_have_count(0)
    undo(tab).click()
    expect(tab.locator(".notice")).to_contain_text("waits for an acknowledgement again")
    expect(tab.locator(f"#m-{message.pk}")).to_be_visible(timeout=SOON)
    assert is_open(message)
    tab.locator(f"#ack-{message.pk}").focus()
    tab.keyboard.press("Enter")
    expect(undo(tab)).to_be_visible()
    tab.keyboard.press("Control+z")
    expect(tab.locator(f"#m-{message.pk}")).to_be_visible(timeout=SOON)
    assert is_open(message)
    assert never_reloaded(tab)


def test_undo_in_the_panel_of_many_and_after_ten_seconds(at_list: Page, take: Take) -> None:
    tab = at_list
    taken = [take(f"no {number}", age=timedelta(minutes=number)) for number in range(3)]
    tab.clock.install()
    open_list(tab)
    tab.locator(f"#open-{taken[0].pk}").click()
    panel = tab.get_by_role("complementary", name="Message")
    panel.get_by_role("button", name="Acknowledge").click()
    expect(panel).to_contain_text("Acknowledged by Alice")
    undo(tab).click()
    expect(tab.locator(".notice")).to_contain_text("again")
    assert is_open(taken[0])
    expect(panel.get_by_role("button", name="Acknowledge")).to_be_visible(timeout=SOON)
    tab.get_by_label("Select all on this page").check()
    tab.get_by_role("button", name="Acknowledge selected").click()
    notice = tab.locator(".notice", has_text="3 messages are acknowledged")
    expect(notice).to_be_visible()
    # nothing is asked any more: the clock that is turned would time it out
    tab.evaluate("for (const part of document.querySelectorAll('[data-live]')) part.remove()")
    tab.wait_for_load_state("networkidle")
    tab.clock.run_for(9_000)
    notice.hover()
    tab.clock.run_for(9_000)  # somebody is about to press it
    expect(notice).to_be_visible()
    tab.mouse.move(0, 0)
    tab.clock.run_for(9_000)
    expect(notice).to_be_visible()
    tab.clock.run_for(2_000)
    expect(notice).to_have_count(0)


def test_filters_and_their_chips(at_list: Page, take: Take) -> None:
    tab = at_list
    urgent = take("The pump leaks", is_emergency=True)
    plain = take("About the bill")
    old = take("Last month", is_emergency=True, age=timedelta(days=40))
    open_list(tab)
    tab.locator("summary", has_text="Filters").click()
    tab.get_by_label("Only emergencies").check()
    expect(tab.locator(f"#m-{plain.pk}")).to_have_count(0)
    day = (urgent.created_at - timedelta(days=3)).date().isoformat()
    tab.get_by_label("From", exact=True).fill(day)
    expect(tab.locator(f"#m-{old.pk}")).to_have_count(0)
    expect(tab.locator(f"#m-{urgent.pk}")).to_be_visible()
    expect(tab).to_have_url(re.compile(rf"from_date={day}&emergency=yes$"))
    expect(tab.locator("#filter-count")).to_contain_text("2")
    tab.get_by_label("To", exact=True).fill("2001-01-01")
    expect(tab.locator("#to_date-error")).to_contain_text("Ends before it begins")
    expect(tab.get_by_label("To", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(tab.get_by_label("To", exact=True)).to_have_value("2001-01-01")
    expect(tab.get_by_label("From", exact=True)).to_have_value(day)
    tab.get_by_label("To", exact=True).fill("")
    expect(tab.locator("#to_date-error p")).to_have_count(0)
    tab.keyboard.press("Escape")
    tab.get_by_role("link", name=re.compile("Take away the filter From")).click()
    expect(tab.locator(f"#m-{old.pk}")).to_be_visible()
    tab.get_by_role("link", name="Take away the filter Emergencies").click()
    expect(tab.locator(f"#m-{plain.pk}")).to_be_visible()
    tab.get_by_role("searchbox").fill("pump")
    expect(tab.locator("tbody tr")).to_have_count(1)
    assert not tab.locator("#emergency").is_checked()
    fresh = take("Another pump")
    expect(tab.locator(f"#m-{fresh.pk}")).to_be_visible(timeout=SOON)
    assert never_reloaded(tab)


def test_a_search_is_kept_and_comes_back(at_list: Page, take: Take) -> None:
    tab = at_list
    pump, bill = take("The pump leaks"), take("About the bill")
    open_list(tab)
    tab.get_by_role("searchbox").fill("pump")
    expect(tab.locator(f"#m-{bill.pk}")).to_have_count(0)
    tab.locator("summary", has_text="Saved").click()
    tab.locator("#save-search").get_by_role("button", name="Save").click()
    expect(tab.locator("#search-name-error")).to_contain_text("Give the search a name")
    tab.get_by_label("Save what is shown now as").fill("Pumps")
    tab.keyboard.press("Enter")
    expect(tab.locator("#saved").get_by_role("link", name="Pumps")).to_be_visible()
    assert never_reloaded(tab)
    open_list(tab)
    expect(tab.locator(f"#m-{bill.pk}")).to_be_visible()
    tab.locator("summary", has_text="Saved").click()
    tab.locator("#saved").get_by_role("link", name="Pumps").click()
    expect(tab.get_by_role("searchbox")).to_have_value("pump")
    expect(tab.locator(f"#m-{pump.pk}")).to_be_visible()
    expect(tab.locator(f"#m-{bill.pk}")).to_have_count(0)
    tab.locator("summary", has_text="Saved").click()
    tab.get_by_role("button", name="Delete the saved search Pumps").click()
    expect(tab.locator(".notice")).to_contain_text("no longer saved")
    expect(tab.locator("#saved").get_by_role("link", name="Pumps")).to_have_count(0)


def test_older_activities_come_as_one_scrolls(at_list: Page, take: Take) -> None:
    tab = at_list
    for number in range(70):
        take(f"no {number}")
    open_list(tab)
    items = tab.locator("#activities .feed-item")
    expect(items).to_have_count(30)
    tab.locator("#activities").evaluate("feed => { feed.scrollTop = feed.scrollHeight }")
    expect(items).to_have_count(60)
    take("one more")
    expect(tab.locator("#count-new")).to_have_text("71", timeout=SOON)
    assert items.count() >= 60  # those that were loaded stay, and so does the place
    assert tab.locator("#activities").evaluate("feed => feed.scrollTop") > 200
    assert never_reloaded(tab)


def test_all_of_it_without_a_script(
    browser: Browser, live_server: Any, alice: User, take: Take
) -> None:
    message, other = take("The pump leaks", is_emergency=True), take("About the bill")
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    tab = context.new_page()
    tab.set_default_timeout(SOON)
    sign_in(tab)
    tab.goto("/messages/")
    tab.get_by_role("searchbox").fill("pump")
    tab.keyboard.press("Enter")
    expect(tab.locator(f"#m-{other.pk}")).to_have_count(0)
    tab.locator("summary", has_text="Filters").click()
    tab.get_by_label("Only emergencies").check()
    tab.get_by_role("button", name="Show", exact=True).click()
    expect(tab).to_have_url(re.compile("emergency=yes"))
    expect(tab.locator(f"#m-{message.pk}")).to_be_visible()
    tab.locator("summary", has_text="Saved").click()
    tab.get_by_label("Save what is shown now as").fill("Pumps")
    tab.locator("#save-search").get_by_role("button", name="Save").click()
    expect(tab.locator(".notice")).to_contain_text("saved as")
    expect(tab).to_have_url(re.compile("q=pump"))
    tab.locator(f"#ack-{message.pk}").click()
    undo(tab).click()
    expect(tab.locator(".notice")).to_contain_text("again")
    expect(tab).to_have_url(re.compile("q=pump.*emergency=yes"))
    assert is_open(message)
    context.close()


def test_on_a_phone_one_filters_sorts_and_undoes(at_list: Page, take: Take) -> None:
    tab = at_list
    message = take("\u05e9\u05dc\u05d5\u05dd " + "wide" * 100, first_name="\u202eevil")
    take("Other", first_name="Abe")
    tab.set_viewport_size({"width": 390, "height": 844})
    query = "?from_date=2026-02-31&to_date=2001-01-01&emergency=yes&q=" + "w" * 200
    for path in ("/messages/", f"/messages/{query}", "/messages/activities/"):
        tab.goto(path)
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390, path
    open_list(tab)
    tab.get_by_role("link", name="From", exact=True).click()
    expect(tab.locator("tbody tr").first).to_contain_text("Abe")
    tab.locator(f"#ack-{message.pk}").click()
    undo(tab).click()
    expect(tab.locator(f"#m-{message.pk}")).to_be_visible(timeout=SOON)


def test_somebody_elses_account_sees_nothing_of_it(
    at_list: Page, charlie: User, other: Account, take: Take
) -> None:
    tab = at_list
    take("Only for Acme")
    tab.context.clear_cookies()
    sign_in(tab, charlie.email)
    expect(tab.get_by_role("heading", name="Dashboard")).to_be_visible()
    open_list(tab)
    expect(tab.get_by_text("Every message is acknowledged")).to_be_visible()
    expect(tab.get_by_text("Only for Acme")).to_have_count(0)
