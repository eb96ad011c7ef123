"""Pictures of messages."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .shot import Shot


def open_first_message(page: Page) -> None:
    """Opens the panel of the list's first message and waits until it is filled."""
    page.locator("a.open").first.click()
    expect(page.locator("#panel .panel-title")).to_be_visible()
    page.mouse.move(0, 0)


def open_with_recording(page: Page) -> None:
    """Opens the page of the newest message with a recording."""
    path = page.locator("tr:has(.has-audio) a.open").first.get_attribute("href")
    page.goto(page.url.split("/messages")[0] + (path or ""))
    expect(page.locator(".sound-toggle")).to_be_visible()
    page.wait_for_timeout(300)


def open_forwarding(page: Page) -> None:
    """Opens the form that forwards a message, in the panel of the list's first."""
    open_first_message(page)
    page.locator("#forward-open").click()
    page.locator("#forward-words").scroll_into_view_if_needed()


def tick_two(page: Page) -> None:
    """Ticks two rows, so that the bulk bar shows."""
    for index in range(2):
        page.locator("[data-tick]").nth(index).check()


def acknowledge_last(page: Page) -> None:
    """Acknowledges the last message of the list, so that the notice shows."""
    page.get_by_role("button", name="Acknowledge message").last.click()
    expect(page.locator(".notice")).to_be_visible()


def open_filters(page: Page) -> None:
    """Opens the filters of the messages."""
    page.locator("summary", has_text="Filters").click()


def keep_search(page: Page) -> None:
    """Saves a search, so that the menu of saved ones has it."""
    page.locator("summary", has_text="Saved").click()
    page.fill("#search-name", "Emergencies")
    page.locator("#save-search button").click()
    expect(page.locator(".notice")).to_be_visible()


def open_proof(page: Page) -> None:
    """Opens the proof of the newest acknowledged message."""
    path = page.locator("a.open").first.get_attribute("href")
    page.goto(page.url.split("/messages")[0] + f"{path}proof/")
    expect(page.get_by_role("heading", name="Proof of message")).to_be_visible()


SHOTS = (
    Shot("messages", "/messages/", person="alice"),
    Shot("messages-ticked", "/messages/", tick_two, person="alice"),
    Shot("messages-panel", "/messages/", open_first_message, person="alice", is_long=False),
    Shot("message-page", "/messages/", open_with_recording, person="alice"),
    Shot("message-forward", "/messages/", open_forwarding, person="alice", is_long=False),
    Shot("messages-acknowledged", "/messages/?tab=acknowledged", person="alice"),
    Shot("messages-nothing-found", "/messages/?q=zebra", person="alice"),
    Shot(
        "messages-filters", "/messages/?emergency=yes&from_date=2026-01-01", open_filters, "alice"
    ),
    Shot("messages-wrong-filters", "/messages/?from_date=never&number=9", person="alice"),
    Shot("messages-saved", "/messages/?emergency=yes", keep_search, "alice", is_long=False),
    Shot("activities", "/messages/activities/", person="alice"),
    Shot("message-proof", "/messages/?tab=acknowledged", open_proof, person="alice"),
    Shot("messages-done", "/messages/", acknowledge_last, person="alice", is_long=False),
)
