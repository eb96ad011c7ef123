"""Pictures of the desk, for those at it and for who runs it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .shot import Shot
from .steps import open_first_row


def open_desk_keys(page: Page) -> None:
    """Opens the list of the desk's keys."""
    page.keyboard.press("Alt+k")
    expect(page.locator("#desk-keys")).to_be_visible()


SHOTS = (
    Shot("performance", "/desk/performance/", person="olivia"),
    Shot("desk-floor", "/desk/floor/", person="olivia"),
    Shot("desk-receptionists", "/desk/receptionists/", person="olivia"),
    Shot("desk-receptionist", "/desk/receptionists/", open_first_row, person="olivia"),
    Shot("desk-skills", "/desk/skills/", person="olivia"),
    Shot("desk-answering", "/desk/answering/", person="olivia"),
    Shot("desk-terms", "/desk/answering/", open_first_row, person="olivia"),
    Shot("desk", "/desk/", person="rita"),
    Shot("desk-keys", "/desk/", open_desk_keys, person="rita", is_long=False),
    Shot("desk-call-out", "/desk/call-out/", person="rita"),
)
