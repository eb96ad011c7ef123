"""Pictures of the attendant."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .shot import Shot
from .steps import open_delete, open_first_row


def open_box(page: Page) -> None:
    """Opens the panel about a menu of the call flow."""
    links = page.locator("[data-flow]:visible")
    links.nth(min(5, links.count() - 1)).click()
    expect(page.locator(".part-head")).to_be_visible()


def open_emergency(page: Page) -> None:
    """Opens the emergency switch's dialog."""
    page.get_by_role("link", name="Emergency").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def save_nothing(page: Page) -> None:
    """Sends an empty form, so that errors show beside fields."""
    page.get_by_role("button", name="Save to draft").click()
    expect(page.locator(".field-says").first).to_be_visible()


def describe_first(page: Page) -> None:
    """Changes a system, so that the draft's bar shows."""
    open_first_row(page)
    page.get_by_label("Description").fill("Answers day and night")
    page.get_by_role("button", name="Save to draft").click()
    expect(page.get_by_role("region", name="Draft")).to_be_visible()


def open_publish(page: Page) -> None:
    """Opens the dialog that publishes the draft."""
    page.get_by_role("link", name="Publish").click()
    expect(page.get_by_role("dialog")).to_be_visible()


SHOTS = (
    Shot("attendant", "/attendant/", person="alice"),
    Shot("attendant-box", "/attendant/", open_box, person="alice", is_long=False),
    Shot("attendant-list", "/attendant/?as=list", person="alice"),
    Shot("attendant-emergency", "/attendant/", open_emergency, person="alice", is_long=False),
    Shot("attendant-schedule", "/attendant/schedules/", person="alice"),
    Shot("attendant-time-machine", "/attendant/time-machine/?keys=1t2", person="alice"),
    Shot("attendant-test-call", "/attendant/test-call/", person="alice"),
    Shot("attendant-systems", "/attendant/systems/", person="alice"),
    Shot("attendant-system", "/attendant/systems/", open_first_row, person="alice"),
    Shot("attendant-system-new", "/attendant/systems/new/", save_nothing, person="alice"),
    Shot("attendant-menus", "/attendant/menus/", person="alice"),
    Shot("attendant-menu", "/attendant/menus/", open_first_row, person="alice"),
    Shot("attendant-menu-new", "/attendant/menus/new/", save_nothing, person="alice"),
    Shot("attendant-announcements", "/attendant/announcements/", person="alice"),
    Shot("attendant-announcement", "/attendant/announcements/", open_first_row, person="alice"),
    Shot("attendant-numbers", "/attendant/numbers/", person="alice"),
    Shot("attendant-number", "/attendant/numbers/", open_first_row, person="alice"),
    Shot("attendant-edited", "/attendant/systems/", describe_first, person="alice"),
    Shot("attendant-changes", "/attendant/history/draft/", person="alice"),
    Shot("attendant-publish", "/attendant/systems/", open_publish, person="alice", is_long=False),
    Shot("attendant-delete", "/attendant/systems/", open_delete, person="alice", is_long=False),
    Shot("attendant-history", "/attendant/history/", person="alice"),
    Shot("attendant-publication", "/attendant/history/", open_first_row, person="alice"),
)
