"""Looks at the desk."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.looks.look import Demo, Look
from tests.looks.steps import open_first_row


def give_nobody(tab: Page) -> None:
    """Sends the form of a new receptionist empty, so that an error stands beside its field."""
    tab.get_by_role("button", name="Give them a desk").click()
    expect(tab.locator(".field-says p").first).to_be_visible()


def send_unfinished(tab: Page) -> None:
    """Sends the form of a call with nothing in it, so that the faults stand beside its fields."""
    tab.locator("[data-script-send]").click()
    expect(tab.locator(".script-fault").first).to_be_visible()


def open_transfer(tab: Page) -> None:
    """Opens the dialog that passes a call on, and sends it empty."""
    tab.get_by_role("link", name="Transfer").click()
    tab.get_by_role("button", name="Speak with them first").click()
    expect(tab.get_by_role("alert").filter(has_text="Choose somebody")).to_be_visible()


def open_keys(tab: Page) -> None:
    """Opens the desk's list of keys."""
    tab.keyboard.press("Alt+k")
    expect(tab.get_by_role("dialog", name="Keys")).to_be_visible()


def looks(demo: Demo) -> list[Look]:
    """The pages, and what they look like while somebody works with them."""
    return [
        Look("/desk/", person="rita"),
        Look("/desk/", send_unfinished, person="rita"),
        Look("/desk/", open_transfer, person="rita"),
        Look("/desk/", open_keys, person="rita"),
        Look("/desk/keys/", person="rita"),
        Look("/desk/call-out/", person="rita"),
        Look("/desk/performance/", person="olivia"),
        Look("/desk/floor/", person="olivia"),
        Look("/desk/floor/?q=zebra", person="olivia"),
        Look("/desk/receptionists/", person="olivia"),
        Look("/desk/receptionists/", open_first_row, person="olivia"),
        Look("/desk/receptionists/new/", give_nobody, person="olivia"),
        Look("/desk/skills/", person="olivia"),
        Look("/desk/skills/", open_first_row, person="olivia"),
        Look("/desk/answering/", person="olivia"),
        Look("/desk/answering/", open_first_row, person="olivia"),
    ]
