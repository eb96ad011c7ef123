"""Pictures of scripts."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .shot import Shot
from .steps import open_first_row


def open_script(page: Page) -> None:
    """Opens the editor of the first script, as staff do."""
    page.locator(".all-scripts a.row-open").first.click()
    expect(page.locator("#script-editor")).to_be_visible()


def edit_branch(page: Page) -> None:
    """Opens the form of a new branch beside the editor."""
    open_script(page)
    page.locator("#add-steps").click()
    page.locator("#panel").get_by_label("Kind").select_option("branch")
    page.locator("#panel").get_by_label("Which answer decides").select_option(index=1)


def try_script(page: Page) -> None:
    """Sends an empty form in the preview of the first script."""
    open_script(page)
    page.get_by_role("link", name="Preview").click()
    page.get_by_role("button", name="Try to send").click()
    expect(page.locator(".script-sent, .form-alert").first).to_be_visible()


def open_publication(page: Page) -> None:
    """Opens the newest publication of the first script."""
    open_script(page)
    page.get_by_role("link", name="Publications").click()
    page.locator("a.row-open").first.click()


SHOTS = (
    Shot("scripts", "/scripts/", person="alice"),
    Shot("script", "/scripts/", open_first_row, person="alice"),
    Shot("scripts-of-staff", "/scripts/", person="rita"),
    Shot("script-edit", "/scripts/", open_script, person="rita"),
    Shot("script-branch", "/scripts/", edit_branch, person="rita", is_long=False),
    Shot("script-preview", "/scripts/", try_script, person="rita"),
    Shot("script-publication", "/scripts/", open_publication, person="rita"),
)
