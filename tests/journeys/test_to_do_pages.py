"""To Dos in a browser: made, previewed, mended, run, paused and deleted; also without a script."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from deskbell.accounts.models import Account, User
from deskbell.foundation.clock import now
from deskbell.platform.tenancy import account_scope
from deskbell.todos import actions
from deskbell.todos.models import Run, RunState, ToDo
from tests.browser import SOON, sign_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]


def add(acme: Account, contact: str = "+1 212 555 0177", **fields: str) -> ToDo:
    """A text of every morning."""
    known = {"delivery_type": "sms", "message_text": "Please confirm Thursday", **fields}
    with account_scope(acme.pk):
        return actions.add_to_do(
            account_id=acme.pk,
            fields=actions.Fields(contact=contact, **known),
            when={"frequency": "daily", "times": ["9:00 AM"]},
            at=now(),
        )


def where_today_goes_on(acme: Account) -> None:
    """Moves the account to where no midnight is near."""
    ends_soon = now().astimezone(ZoneInfo(acme.time_zone)).hour > 20
    acme.time_zone = "Asia/Tokyo" if ends_soon else acme.time_zone
    acme.save(update_fields=["time_zone"])


def test_from_nothing_to_a_history(
    tab: Page, acme: Account, alice: User, complaints: list[str]
) -> None:
    sign_in(tab)
    tab.get_by_role("link", name="To Dos").click()
    tab.get_by_role("link", name="Make the first To Do").click()
    expect(tab.get_by_label("Subject")).to_be_hidden()
    tab.get_by_label("Email", exact=True).check()
    expect(tab.get_by_label("Subject")).to_be_visible()
    tab.get_by_label("Call", exact=True).check()
    expect(tab.get_by_label("Message", exact=True)).to_be_hidden()
    expect(tab.get_by_label("What the call says")).to_be_visible()
    tab.get_by_label("Text (SMS)").check()

    preview = tab.locator("#preview")
    tab.get_by_label("Repeats").select_option("weekly")
    tab.locator(".toggle", has_text="Tuesday").click()
    tab.locator(".toggle", has_text="Saturday").click()
    tab.get_by_label("Every", exact=True).fill("2")
    tab.get_by_label("At", exact=True).fill("9am, 15:00")
    expect(preview).to_contain_text(
        "Every 2 weeks on Tuesday and Saturday at 9:00 AM and 3:00 PM", timeout=SOON
    )
    expect(preview.get_by_role("listitem")).to_have_count(5)
    tab.get_by_label("At", exact=True).fill("25:00 PM")
    expect(preview).to_contain_text("is no time")

    tab.get_by_label("To", exact=True).fill("ines@example.com")
    tab.get_by_role("button", name="Save").click()
    expect(tab.locator(".field-says p")).to_have_count(2)  # the text, and the time
    tab.get_by_label("Message", exact=True).fill("See you 🦷")
    tab.get_by_label("At", exact=True).fill("9:00 AM")
    tab.get_by_role("button", name="Save").click()
    expect(tab.locator(".field-says p")).to_contain_text("goes to a phone number")
    tab.get_by_label("To", exact=True).fill("+1 212 555 0177")
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_role("heading", name="Text to (212) 555-0177")).to_be_visible()
    expect(tab.get_by_role("status").first).to_contain_text("Saved")
    complaints.clear()  # the browser notes every 422
    expect(tab.get_by_text("It has not run yet")).to_be_visible()

    tab.get_by_role("link", name="Run now").click()
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_contain_text("A text goes to (212) 555-0177 at once")
    dialog.get_by_role("button", name="Run now").click()
    runs = tab.get_by_role("region", name="Runs", exact=True)
    expect(runs).to_contain_text("Waiting")
    with account_scope(acme.pk):  # what a worker does to it shows without a reload
        Run.objects.update(state=RunState.FAILED, answer="The phone is switched off")
    expect(runs).to_contain_text("The phone is switched off")

    tab.get_by_role("button", name="Pause").click()
    expect(tab.get_by_text("Paused: it does not run")).to_be_visible()
    tab.get_by_role("button", name="Resume").click()
    expect(tab.get_by_role("button", name="Pause")).to_be_visible()

    tab.get_by_role("link", name="Edit").click()
    tab.get_by_label("Message", exact=True).fill("See you on Monday")
    tab.get_by_label("Later today").check()
    expect(tab.get_by_label("Repeats")).to_be_hidden()
    where_today_goes_on(acme)
    tab.get_by_label("At", exact=True).fill("11:59 PM")
    expect(preview).to_contain_text("11:59 PM")
    tab.get_by_label("Again and again").check()
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("See you on Monday")).to_be_visible()

    tab.get_by_role("link", name="Delete").click()
    expect(dialog).to_contain_text("The history of its one run")
    dialog.get_by_role("link", name="Cancel").click()
    expect(dialog).to_be_hidden()
    tab.get_by_role("link", name="Delete").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(tab.get_by_text("is deleted")).to_be_visible()
    expect(tab.get_by_role("link", name="Make the first To Do")).to_be_visible()


def test_the_list_is_searched_as_one_types(tab: Page, acme: Account, alice: User) -> None:
    first, mail = add(acme), add(acme, "ines@example.com", delivery_type="email")
    sign_in(tab)
    tab.goto("/to-dos/")
    expect(tab.locator("a.row-open")).to_have_count(2)
    tab.keyboard.press("/")
    tab.keyboard.type("ines@")
    expect(tab.locator("a.row-open")).to_have_count(1)
    expect(tab).to_have_url(re.compile(r"/to-dos/\?q=ines%40$"))
    tab.reload()
    expect(tab.locator("a.row-open")).to_have_attribute("href", f"/to-dos/{mail.pk}/")
    tab.get_by_label("Search To Dos").fill("")
    tab.get_by_label("Kind").select_option("sms")
    expect(tab.locator("a.row-open")).to_have_attribute("href", f"/to-dos/{first.pk}/")
    tab.get_by_label("State").select_option("paused")
    expect(tab.get_by_text("No To Do is of this kind and state")).to_be_visible()


def test_by_keyboard_alone(tab: Page, acme: Account, alice: User) -> None:
    made = add(acme)
    sign_in(tab)
    tab.goto("/to-dos/")
    tab.locator("a.row-open").focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="Text to")).to_be_visible()
    tab.get_by_role("link", name="Delete").focus()
    tab.keyboard.press("Enter")
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_be_visible()
    tab.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    tab.goto(f"/to-dos/{made.pk}/edit/")
    tab.get_by_label("Text (SMS)").focus()
    tab.keyboard.press("ArrowDown")
    expect(tab.get_by_label("Email", exact=True)).to_be_checked()
    tab.get_by_label("Repeats").select_option("weekly")
    tab.locator('[name="weekdays"]').first.focus()
    tab.keyboard.press("Space")
    expect(tab.locator("#preview")).to_contain_text("on Sunday")


def test_all_of_it_without_a_script_on_a_phone(
    browser: Browser, live_server: Any, acme: Account, alice: User
) -> None:
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, java_script_enabled=False
    )
    tab = context.new_page()
    tab.set_default_timeout(SOON)
    sign_in(tab)
    tab.goto("/to-dos/new/")
    tab.get_by_label("Email", exact=True).check()
    tab.get_by_label("To", exact=True).fill("ines@example.com")
    tab.get_by_label("Subject").fill("Report")
    tab.get_by_label("Message", exact=True).fill("It is due")
    tab.get_by_label("Repeats").select_option("monthly")
    tab.locator(".toggle", has_text="15").click()
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_role("heading", name="Email to ines@example.com")).to_be_visible()
    expect(tab.get_by_text("Every month on the 15th at 9:00 AM", exact=True)).to_be_visible()
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tab.get_by_role("button", name="Pause").click()
    tab.get_by_role("button", name="Resume").click()
    tab.get_by_role("link", name="Run now").click()
    tab.get_by_role("button", name="Run now").click()
    expect(tab.get_by_text("Waiting")).to_be_visible()
    tab.goto("/to-dos/")
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tab.get_by_label("Kind").select_option("sms")
    tab.get_by_role("button", name="Show").click()
    expect(tab.get_by_text("No To Do is of this kind and state")).to_be_visible()
    tab.get_by_role("link", name="see all To Dos").click()
    tab.locator("a.row-open").click()
    tab.get_by_role("link", name="Delete").click()
    tab.get_by_role("button", name="Delete").click()
    expect(tab.get_by_role("link", name="Make the first To Do")).to_be_visible()
    context.close()
