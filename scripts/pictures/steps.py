"""Steps that the pictures of several rooms take."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect


def open_first_row(page: Page) -> None:
    """Opens what a list's first row is about."""
    page.locator("a.row-open").first.click()
    expect(page.locator(".crumb")).to_be_visible()


def open_delete(page: Page) -> None:
    """Opens the dialog that says what goes with a system."""
    open_first_row(page)
    page.get_by_role("link", name="Delete").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def open_then(link: str) -> Callable[[Page], None]:
    """What opens the first row, and then follows a link on its page."""

    def opened(page: Page) -> None:
        open_first_row(page)
        page.get_by_role("link", name=link, exact=True).click()
        page.wait_for_timeout(300)

    return opened
