"""Looks at blocked callers."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.looks.look import Demo, Look
from tests.looks.steps import open_first_row


def block_nobody(tab: Page) -> None:
    """Sends the form of a blocked caller empty, so that an error stands beside its field."""
    tab.get_by_role("button", name="Block", exact=True).click()
    expect(tab.locator(".field-says p").first).to_be_visible()


def looks(demo: Demo) -> list[Look]:
    """The pages, and what they look like while somebody works with them."""
    return [
        Look("/callers/", person="alice"),
        Look("/callers/", open_first_row, person="alice"),
        Look("/callers/new/", block_nobody, person="alice"),
    ]
