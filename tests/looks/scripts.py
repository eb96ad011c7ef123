"""Looks at scripts."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.looks.look import Demo, Look
from tests.looks.steps import make_nothing, open_first_row


def open_script(tab: Page) -> None:
    """Opens the editor of the first script, as staff do."""
    tab.locator(".all-scripts a.row-open").first.click()
    expect(tab.locator("#script-editor")).to_be_visible()


def open_script_part(part: str) -> Callable[[Page], None]:
    """What opens one part of the first script in the editor's panel, and saves it."""

    def opened(tab: Page) -> None:
        open_script(tab)
        tab.locator(f"#add-{part}").click()
        tab.locator("#panel").get_by_role("button", name="Save to draft").click()
        expect(tab.locator("#panel .field-says p").first).to_be_visible()

    opened.__name__ = f"open_{part}"
    return opened


def edit_branch(tab: Page) -> None:
    """Opens a branch's form, or a new one where the script has none."""
    open_script(tab)
    tab.locator("#add-steps").click()
    tab.locator("#panel").get_by_label("Kind").select_option("branch")
    tab.locator("#panel").get_by_label("Which answer decides").select_option(index=1)


def publish_script(tab: Page) -> None:
    """Opens the dialog that publishes the first script."""
    open_script(tab)
    tab.get_by_role("link", name="Publish").click()
    expect(tab.get_by_role("dialog")).to_be_visible()


def try_script(tab: Page) -> None:
    """Sends an empty form in the preview."""
    open_script(tab)
    tab.get_by_role("link", name="Preview").click()
    tab.get_by_role("button", name="Try to send").click()
    expect(tab.locator(".script-sent, .form-alert").first).to_be_visible()


def open_publication(tab: Page) -> None:
    """Opens the newest publication of the first script."""
    open_script(tab)
    tab.get_by_role("link", name="Publications").click()
    tab.locator("a.row-open").first.click()
    expect(tab.locator(".script-reading")).to_be_visible()


def looks(demo: Demo) -> list[Look]:
    """The pages, and what they look like while somebody works with them."""
    return [
        Look("/scripts/", person="alice"),
        Look("/scripts/", open_first_row, person="alice"),
        Look("/scripts/?q=zebra", person="alice"),
        Look("/scripts/none/", person="alice"),
        Look("/scripts/", person="rita"),
        Look("/scripts/new/", make_nothing, person="rita"),
        Look("/scripts/", open_script, person="rita"),
        *(
            Look("/scripts/", open_script_part(part), person="rita")
            for part in ("steps", "closings", "relays", "faqs")
        ),
        Look("/scripts/", edit_branch, person="rita"),
        Look("/scripts/", publish_script, person="rita"),
        Look("/scripts/", try_script, person="rita"),
        Look("/scripts/", open_publication, person="rita"),
    ]
