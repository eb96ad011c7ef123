"""Pictures of To Dos and webhooks."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .shot import Shot
from .steps import open_delete, open_first_row


def plan_to_do(page: Page) -> None:
    """Sets a To Do's schedule, so that the next runs show."""
    page.get_by_label("Repeats").select_option("weekly")
    page.locator(".toggle", has_text="Tuesday").click()
    page.get_by_label("At", exact=True).fill("9am, 15:00")
    expect(page.locator("#preview")).to_contain_text("Tuesday at 9:00 AM and 3:00 PM")


def make_nothing(page: Page) -> None:
    """Sends the form of a webhook empty, so that an error shows beside its field."""
    page.get_by_role("button", name="Make it").click()
    expect(page.locator(".field-says p").first).to_be_visible()


def send_empty_email(page: Page) -> None:
    """Sends a To Do by email without anything, so that errors show beside fields."""
    page.get_by_label("Email", exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".field-says p").first).to_be_visible()


SHOTS = (
    Shot("to-dos", "/to-dos/", person="alice"),
    Shot("to-do", "/to-dos/", open_first_row, person="alice"),
    Shot("to-do-delete", "/to-dos/", open_delete, person="alice", is_long=False),
    Shot("to-do-new", "/to-dos/new/", plan_to_do, person="alice"),
    Shot("to-do-wrong", "/to-dos/new/", send_empty_email, person="alice"),
    Shot("webhooks", "/webhooks/", person="alice"),
    Shot("webhook", "/webhooks/", open_first_row, person="alice"),
    Shot("webhook-new", "/webhooks/new/", make_nothing, person="alice"),
)
