"""Looks at the dashboard and the frame."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.looks.look import Demo, Look


def open_drop(tab: Page) -> None:
    """Opens the first menu at the top right."""
    tab.locator("details[data-drop] summary").first.click()


def open_days(tab: Page) -> None:
    """Unfolds the table of the month's minutes."""
    tab.locator(".usage-days summary").click()
    expect(tab.get_by_role("table", name="Minutes by day")).to_be_visible()


def wait_for_health(tab: Page) -> None:
    """Waits for what the gateways say, which comes after the page."""
    expect(tab.locator(".health-parts, .health-well")).to_be_visible()


def looks(demo: Demo) -> list[Look]:
    """The pages, and what they look like while somebody works with them."""
    return [
        Look("/", person="alice"),
        Look("/", open_drop, person="alice"),
        Look("/", open_drop, person="olivia"),
        Look("/", open_days, person="alice"),
        Look("/", wait_for_health, person="olivia"),
        Look("/system-health/", person="rita"),
        Look("/reports/usage/", person="alice"),
        Look("/reports/usage/?from_date=2%2F31%2F2026", person="alice"),
    ]
