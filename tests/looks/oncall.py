"""Looks at on call."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from deskbell.foundation.clock import now
from tests.looks.look import Demo, Look
from tests.looks.steps import open_first_row, save_empty


def open_first_level(tab: Page) -> None:
    """Opens the first escalation level."""
    tab.locator("a.level-name").first.click()
    expect(tab.locator(".crumb")).to_be_visible()


def clone_first_level(tab: Page) -> None:
    """Opens the dialog that clones a level."""
    open_first_level(tab)
    tab.get_by_role("link", name="Clone").click()
    expect(tab.get_by_role("dialog")).to_be_visible()


def send_code(tab: Page) -> None:
    """Adds an email to the first contact and has a code sent there, so that its field shows."""
    open_first_row(tab)
    tab.get_by_role("link", name="Email", exact=True).click()
    tab.get_by_label("Email address").fill(f"{now():%H%M%S%f}@example.com")
    tab.get_by_role("button", name="Save").click()
    tab.get_by_role("button", name="Send a code").first.click()
    expect(tab.get_by_label("Code that arrived").first).to_be_visible()


def open_steps(tab: Page) -> None:
    """Opens the dialog with a feed's link and the steps."""
    tab.get_by_role("link", name="How to use").first.click()
    expect(tab.get_by_role("dialog")).to_be_visible()


def open_event(tab: Page) -> None:
    """Opens the panel of an event."""
    tab.locator("a.block[data-event]").first.click()
    expect(tab.locator("#panel .panel-title")).to_be_visible()


def delete_event(tab: Page) -> None:
    """Opens the dialog that asks which instances of an event are deleted."""
    open_event(tab)
    tab.locator("#panel").get_by_role("link", name="Delete").click()
    expect(tab.get_by_role("dialog")).to_be_visible()


def start_event(tab: Page) -> None:
    """Opens the panel of a new event and sets a rule."""
    tab.get_by_role("link", name="New Event", exact=True).click()
    tab.get_by_label("Repeats").select_option("monthly")
    tab.get_by_label("on weekdays of the month").check()


def looks(demo: Demo) -> list[Look]:
    """The pages, and what they look like while somebody works with them."""
    return [
        Look("/oncall/", person="alice"),
        Look("/oncall/?view=week", open_event, person="alice"),
        Look("/oncall/?view=week", delete_event, person="alice"),
        Look("/oncall/?view=day", person="alice"),
        Look("/oncall/?view=timeline", person="alice"),
        Look("/oncall/", start_event, person="alice"),
        Look("/oncall/covers/", person="alice"),
        Look("/oncall/covers/new/", person="alice"),
        Look("/oncall/contacts/", person="alice"),
        Look("/oncall/contacts/?q=zebra", person="alice"),
        Look("/oncall/contacts/", send_code, person="alice"),
        Look("/oncall/contacts/new/", save_empty, person="alice"),
        Look("/oncall/contacts/merge/", person="alice"),
        Look("/oncall/levels/", person="alice"),
        Look("/oncall/levels/", open_first_level, person="alice"),
        Look("/oncall/levels/", clone_first_level, person="alice"),
        Look("/oncall/levels/new/", save_empty, person="alice"),
        Look("/oncall/levels/defaults/", person="alice"),
        Look("/oncall/plan/", person="alice"),
        Look("/oncall/plan/what-if/", person="alice"),
        Look("/oncall/plan/what-if/?date=never", person="alice"),
        Look("/oncall/feeds/", person="alice"),
        Look("/oncall/feeds/", open_steps, person="alice"),
        Look("/oncall/feeds/import/", person="alice"),
        Look(f"/messages/{demo.recorded}/proof/", person="alice"),
    ]
