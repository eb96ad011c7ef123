"""Looks at messages."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from deskbell.foundation.clock import now
from tests.looks.look import Demo, Look


def open_first(tab: Page) -> None:
    """Opens the first message beside the list."""
    tab.locator("a.open").first.click()
    expect(tab.get_by_role("complementary", name="Message")).to_be_visible()


def tick_first(tab: Page) -> None:
    """Ticks a message, so that the bulk bar has its button."""
    tab.locator("[data-tick]").first.check()


def open_forwarding(tab: Page) -> None:
    """Opens the form that forwards a message, and sends it empty."""
    open_first(tab)
    tab.get_by_role("link", name="Forward").click()
    expect(tab.get_by_label("What you say with it")).to_be_visible()
    tab.locator("#forward-send").click()
    expect(tab.get_by_text("Choose at least one way")).to_be_visible()


def write_notes(tab: Page) -> None:
    """Adds a long note, asks to remove it, and tries to add an empty one."""
    tab.get_by_label("New note").fill("Called her, and she comes at four. " * 60)
    for words in ("The note is added", "Write something"):
        tab.get_by_role("button", name="Add note").click()
        expect(tab.get_by_text(words).first).to_be_visible()
    tab.locator(".note-remove summary").first.click()


def acknowledge_first(tab: Page) -> None:
    """Acknowledges a message in the list, so that the notice shows."""
    tab.get_by_role("button", name="Acknowledge message").first.click()
    expect(tab.get_by_role("status").first).to_contain_text("is acknowledged")


def open_filters(tab: Page) -> None:
    """Opens the filters of the messages."""
    tab.locator("summary", has_text="Filters").click()
    expect(tab.get_by_label("Only emergencies")).to_be_visible()


def keep_search(tab: Page) -> None:
    """Saves a search, and tries to save another without a name."""
    tab.locator("summary", has_text="Saved").click()
    tab.get_by_label("Save what is shown now as").fill(f"Seen at {now():%H:%M:%S.%f}")
    for words in ("is saved as", "Give the search a name"):
        tab.locator("#save-search").get_by_role("button", name="Save").click()
        expect(tab.get_by_text(words).first).to_be_visible()


def looks(demo: Demo) -> list[Look]:
    """The pages, and what they look like while somebody works with them."""
    return [
        Look("/messages/", person="alice"),
        Look("/messages/", tick_first, person="alice"),
        Look("/messages/", open_first, person="alice"),
        Look("/messages/", open_forwarding, person="alice"),
        Look(f"/messages/{demo.recorded}/", write_notes, person="alice"),
        Look(f"/messages/{demo.recorded}/forward/", person="alice"),
        Look(f"/messages/{demo.recorded}/", person="alice"),
        Look("/messages/", acknowledge_first, person="alice"),
        Look("/messages/?tab=acknowledged", person="alice"),
        Look("/messages/?q=zebra", person="alice"),
        Look("/messages/?emergency=yes&from_date=2026-01-01", open_filters, person="alice"),
        Look("/messages/?from_date=never&number=9", person="alice"),
        Look("/messages/?emergency=yes", keep_search, person="alice"),
        Look("/messages/activities/", person="alice"),
    ]
