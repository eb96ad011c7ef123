"""Pictures of on call."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .shot import Shot
from .steps import open_first_row


def open_event(page: Page) -> None:
    """Opens the panel about an event that comes back."""
    page.locator("a.block[data-event]").first.click()
    expect(page.locator("#panel .panel-title")).to_be_visible()


def open_new_event(page: Page) -> None:
    """Opens the panel of a new event, and sets a rule."""
    page.get_by_role("link", name="New Event", exact=True).click()
    page.get_by_label("Repeats").select_option("monthly")
    page.get_by_label("on weekdays of the month").check()
    page.locator(".toggle", has_text="1st Sunday").click()
    page.locator(".toggle", has_text="Last Friday").click()
    expect(page.locator(".preview-dates li")).to_have_count(5)


def create_nothing(page: Page) -> None:
    """Sends a new event without anybody, so that an error shows beside its field."""
    page.get_by_role("button", name="Create").click()
    expect(page.locator(".field-says p").first).to_be_visible()


def delete_event(page: Page) -> None:
    """Opens the dialog that asks which instances are deleted."""
    open_event(page)
    page.locator("#panel").get_by_role("link", name="Delete").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def move_event(page: Page) -> None:
    """Moves an event by keyboard, and is asked how far that goes."""
    page.locator("a.block[data-event]").first.focus()
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()


def open_cover(page: Page) -> None:
    """Opens the panel in which somebody is covered."""
    page.get_by_role("link", name="Cover").first.click()
    expect(page.locator("#panel .panel-title")).to_be_visible()


def open_first_level(page: Page) -> None:
    """Opens the first escalation level."""
    page.locator("a.level-name").first.click()
    expect(page.locator(".crumb")).to_be_visible()


def clone_level(page: Page) -> None:
    """Opens the dialog that clones a level."""
    open_first_level(page)
    page.get_by_role("link", name="Clone").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def delete_level(page: Page) -> None:
    """Opens the dialog that says what breaks where a level is deleted."""
    open_first_level(page)
    page.get_by_role("link", name="Delete").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def add_by_email(page: Page) -> None:
    """Opens the form of an email method, and sends it empty."""
    open_first_row(page)
    page.get_by_role("link", name="Email", exact=True).click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".field-says p").first).to_be_visible()


def delete_contact(page: Page) -> None:
    """Opens the dialog that says which events lose a contact."""
    open_first_row(page)
    page.get_by_role("link", name="Delete").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def open_feed_steps(page: Page) -> None:
    """Opens the dialog with a feed's link and the steps."""
    page.get_by_role("link", name="How to use").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


SHOTS = (
    Shot("oncall", "/oncall/", person="alice"),
    Shot("oncall-week", "/oncall/?view=week", person="alice"),
    Shot("oncall-day", "/oncall/?view=day", person="alice"),
    Shot("oncall-timeline", "/oncall/?view=timeline", person="alice"),
    Shot("oncall-event", "/oncall/?view=week", open_event, person="alice", is_long=False),
    Shot("oncall-event-new", "/oncall/", open_new_event, person="alice", is_long=False),
    Shot("oncall-event-page", "/oncall/events/new/", create_nothing, person="alice"),
    Shot("oncall-event-delete", "/oncall/?view=week", delete_event, person="alice", is_long=False),
    Shot("oncall-move", "/oncall/?view=day", move_event, person="alice", is_long=False),
    Shot("oncall-cover", "/oncall/", open_cover, person="alice", is_long=False),
    Shot("oncall-covers", "/oncall/covers/", person="alice"),
    Shot("oncall-contacts", "/oncall/contacts/", person="alice"),
    Shot("oncall-contact", "/oncall/contacts/", open_first_row, person="alice"),
    Shot("oncall-method-new", "/oncall/contacts/", add_by_email, person="alice"),
    Shot("oncall-contact-delete", "/oncall/contacts/", delete_contact, "alice", is_long=False),
    Shot("oncall-merge", "/oncall/contacts/merge/", person="alice"),
    Shot("oncall-levels", "/oncall/levels/", person="alice"),
    Shot("oncall-level", "/oncall/levels/", open_first_level, person="alice"),
    Shot("oncall-level-new", "/oncall/levels/new/", person="alice"),
    Shot("oncall-level-clone", "/oncall/levels/", clone_level, person="alice", is_long=False),
    Shot("oncall-level-delete", "/oncall/levels/", delete_level, person="alice", is_long=False),
    Shot("oncall-defaults", "/oncall/levels/defaults/", person="alice"),
    Shot("oncall-planning", "/oncall/plan/", person="alice"),
    Shot("oncall-what-if", "/oncall/plan/what-if/?time=18:30", person="alice"),
    Shot("oncall-feeds", "/oncall/feeds/", person="alice"),
    Shot("oncall-feed", "/oncall/feeds/", open_feed_steps, person="alice", is_long=False),
    Shot("oncall-import", "/oncall/feeds/import/", person="alice"),
)
