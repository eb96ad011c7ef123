"""Steps that several rooms' looks take."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def open_first_row(tab: Page) -> None:
    """Opens what the first row of an attendant's list is about."""
    tab.locator("a.row-open").first.click()
    expect(tab.locator(".crumb")).to_be_visible()


def save_empty(tab: Page) -> None:
    """Sends an empty form of on call, so that errors stand beside fields."""
    tab.get_by_role("button", name="Save").click()
    expect(tab.locator(".field-says p").first).to_be_visible()


def make_nothing(tab: Page) -> None:
    """Sends an empty form of a webhook, so that errors stand beside fields."""
    tab.get_by_role("button", name="Make it").click()
    expect(tab.locator(".field-says p").first).to_be_visible()


def open_delete(tab: Page) -> None:
    """Opens the dialog that says what goes with a system."""
    open_first_row(tab)
    tab.get_by_role("link", name="Delete").click()
    expect(tab.get_by_role("dialog")).to_be_visible()
