"""Pictures of blocked callers, recordings and the audit log."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .shot import Shot
from .steps import open_first_row


def open_changes(page: Page) -> None:
    """Unfolds what changed in the first entry of the audit log that has something."""
    changes = page.locator(".audit-changes summary")
    if changes.count():
        changes.first.click()


def block_nobody(page: Page) -> None:
    """Sends the form of a blocked caller empty, so that an error stands beside its field."""
    page.get_by_role("button", name="Block", exact=True).click()
    expect(page.locator(".field-says p").first).to_be_visible()


SHOTS = (
    Shot("blocked-callers", "/callers/", person="alice"),
    Shot("audit-log", "/audit/", open_changes, person="alice"),
    Shot("blocked-caller-new", "/callers/new/", block_nobody, person="alice"),
    Shot("recordings", "/recordings/", person="alice"),
    Shot("recordings-nothing-found", "/recordings/?q=zebra&to_date=tomorrow", person="alice"),
    Shot("recording", "/recordings/", open_first_row, person="alice"),
)
