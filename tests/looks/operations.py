"""Looks at the operator's overview, health, failed deliveries, test messages, and acting."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from deskbell.demo.cast import STAFF
from tests.browser import authenticator
from tests.looks.look import Demo, Look
from tests.looks.mfa import confirm

OLIVIA = STAFF[0]


def ask_why(tab: Page) -> None:
    """Opens the dialog that asks why one acts as somebody."""
    tab.get_by_role("link", name="Bob", exact=False).first.click()
    tab.get_by_role("link", name="Act as").click()
    expect(tab.get_by_role("dialog")).to_be_visible()


def act_as_bob(tab: Page) -> None:
    """Acts as bob from now on, so that the banner shows."""
    ask_why(tab)
    tab.get_by_label("Why").fill("He called")
    tab.get_by_role("button", name="Act as").click()
    expect(tab.get_by_role("form", name="Acting as somebody")).to_be_visible()


def open_row(tab: Page) -> None:
    """Makes a passkey, without which there is no emergency admin, and opens a row there."""
    authenticator(tab)
    confirm(tab, OLIVIA.password)
    tab.get_by_role("button", name="Make the passkey").click()
    expect(tab.get_by_role("list", name="Recovery codes")).to_be_visible()
    tab.goto("/admin/accounts/user/")
    tab.locator("#result_list tbody a").first.click()
    expect(tab.locator("#content")).to_be_visible()


def send_nowhere(tab: Page) -> None:
    """Sends a test without an account."""
    tab.get_by_role("button", name="Send a test now").click()
    expect(tab.locator(".field-says p").first).to_be_visible()


def send_one(tab: Page) -> None:
    """Sends a test, and looks at what becomes of it."""
    tab.get_by_label("Account", exact=True).fill("W0411")
    tab.get_by_role("button", name="Send a test now").click()
    expect(tab.locator("#test-live")).to_be_visible()


def looks(demo: Demo) -> list[Look]:
    """The pages, and what they look like while somebody works with them."""
    return [
        Look("/operator/", person="olivia"),
        Look("/operator/health/", person="olivia"),
        Look("/operator/deliveries/", person="olivia"),
        Look("/operator/deliveries/?show=all", person="olivia"),
        Look("/operator/test-message/", send_nowhere, person="olivia"),
        Look("/operator/test-message/", send_one, person="olivia"),
        Look("/operator/test-message/by-the-clock/", person="olivia"),
        Look("/operator/people/?show=everyone", ask_why, person="olivia"),
        # the last of olivia's: from here on she has a passkey, and then she is bob
        Look("/profile/mfa/passkeys/add/", open_row, person="olivia"),
        Look("/admin/", person="olivia"),
        Look("/profile/mfa/", person="olivia"),
        Look("/operator/people/?show=everyone", act_as_bob, person="olivia"),
        Look("/profile/sessions/", person="olivia"),
    ]
