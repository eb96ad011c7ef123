"""Looks at the audit log."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.looks.look import Demo, Look


def change_something(tab: Page) -> None:
    """Saves a form, so that the log has an entry with changes, and unfolds them."""
    here = tab.url
    tab.goto(here.replace("/audit/", "/callers/new/"))
    tab.get_by_label("Caller's number").fill("+1 212 555 0155")
    tab.get_by_role("button", name="Block", exact=True).click()
    tab.goto(here)
    changes = tab.locator(".audit-changes summary").first
    changes.click()
    expect(tab.locator(".audit-change-rows").first).to_be_visible()


def looks(demo: Demo) -> list[Look]:
    """The pages, and what they look like while somebody works with them."""
    return [
        Look("/audit/", change_something, person="alice"),
        Look("/audit/?q=nothing+has+this", person="alice"),
        Look("/operator/audit/", person="olivia"),
    ]
