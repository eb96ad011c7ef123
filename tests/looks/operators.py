"""Looks at the operator's pages of accounts, numbers, trunks, people, plans and requests."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.looks.look import Demo, Look
from tests.looks.steps import open_first_row


def send_nothing(verb: str) -> Callable[[Page], None]:
    """What sends a form empty, so that errors stand beside fields."""

    def sent(tab: Page) -> None:
        tab.get_by_role("button", name=verb, exact=True).click()
        expect(tab.locator(".field-says p").first).to_be_visible()

    sent.__name__ = f"send_nothing_{verb}"
    return sent


def edit_first(tab: Page) -> None:
    """Opens the form of the first account."""
    open_first_row(tab)
    tab.get_by_role("link", name="Edit", exact=True).click()
    expect(tab.get_by_label("Time zone")).to_be_visible()


def change_plan(tab: Page) -> None:
    """Opens the plans of the first account."""
    open_first_row(tab)
    tab.get_by_role("link", name="Change the plan").click()
    expect(tab.get_by_label("From")).to_be_visible()


def move_first(tab: Page) -> None:
    """Opens the page that moves the first number."""
    open_first_row(tab)
    tab.get_by_role("link", name="Move …", exact=True).click()
    expect(tab.get_by_label("To account")).to_be_visible()


def remove_first(tab: Page) -> None:
    """Opens the dialog that says what breaks without the first number."""
    open_first_row(tab)
    tab.get_by_role("link", name="Remove").click()
    expect(tab.get_by_role("dialog")).to_be_visible()


def add_trunk(tab: Page) -> None:
    """Adds a trunk, so that the list has one."""
    tab.goto("/operator/trunks/new/")
    tab.get_by_label("Name", exact=True).fill("north")
    tab.get_by_label("Calls come from").fill("203.0.113.10")
    tab.get_by_role("button", name="Add it").click()
    expect(tab.get_by_role("table", name="Trunks")).to_be_visible()


def looks(demo: Demo) -> list[Look]:
    """The pages, and what they look like while somebody works with them."""
    paths: dict[str, list[Callable[[Page], object]]] = {
        "accounts/": [Page.title, open_first_row, edit_first, change_plan],
        "accounts/?q=zebra": [Page.title],
        "accounts/new/": [send_nothing("Open it")],
        "numbers/": [Page.title, open_first_row, move_first, remove_first],
        "numbers/new/": [send_nothing("Add it")],
        "trunks/": [Page.title, add_trunk, open_first_row],
        "trunks/new/": [send_nothing("Add it")],
        "people/": [Page.title, open_first_row],
        "people/?show=everyone": [Page.title],
        "people/invite/": [send_nothing("Invite")],
        "plans/": [Page.title, open_first_row],
        "plans/new/": [send_nothing("Add it")],
        "requests/": [Page.title, open_first_row],
        "requests/?show=decided": [Page.title],
    }
    return [
        Look(f"/operator/{path}", step, person="olivia")
        for path, steps in paths.items()
        for step in steps
    ]
