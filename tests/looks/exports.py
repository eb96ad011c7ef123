"""Looks at exports."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.looks.look import Demo, Look


def export_one_more(tab: Page) -> None:
    """Asks for an export, which waits in the list above one that is done."""
    tab.goto("/reports/exports/new/")
    tab.get_by_label("PDF", exact=False).check()
    tab.get_by_role("button", name="Export", exact=True).click()
    expect(tab.get_by_text("Waiting")).to_be_visible()
    expect(tab.get_by_text("Done")).to_be_visible()


def export_wrongly(tab: Page) -> None:
    """Sends a filter that is wrong, so that an error stands beside its field."""
    tab.get_by_label("From", exact=True).fill("2026-03-04")
    tab.get_by_label("To", exact=True).fill("2026-03-01")
    tab.get_by_role("button", name="Export", exact=True).click()
    expect(tab.get_by_text("Ends before it begins")).to_be_visible()


def looks(demo: Demo) -> list[Look]:
    """The pages, and what they look like while somebody works with them."""
    return [
        Look("/reports/exports/", export_one_more, person="alice"),
        Look("/reports/exports/new/", export_wrongly, person="alice"),
    ]
