"""Looks at the Export Scheduler."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.looks.look import Demo, Look


def schedule_one(tab: Page) -> None:
    """Schedules an export, so that the list has one."""
    tab.goto("/reports/schedules/new/")
    tab.get_by_label("Name", exact=True).fill("Messages of the week")
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("Every Monday at 7 AM").first).to_be_visible()


def save_wrongly(tab: Page) -> None:
    """Sends an address that is none, so that an error stands beside its field."""
    tab.get_by_label("Email to").fill("office")
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("Give it a name")).to_be_visible()


def looks(demo: Demo) -> list[Look]:
    """The pages, and what they look like while somebody works with them."""
    return [
        Look("/reports/schedules/", schedule_one, person="alice"),
        Look("/reports/schedules/new/", save_wrongly, person="alice"),
    ]
