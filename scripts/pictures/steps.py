"""Steps that the pictures of several rooms take."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

CHARLIE = "Charlie-rings-1"
OLIVIA = "Olivia-rings-1"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def open_first_row(page: Page) -> None:
    """Opens what a list's first row is about."""
    page.locator("a.row-open").first.click()
    expect(page.locator(".crumb")).to_be_visible()


def open_delete(page: Page) -> None:
    """Opens the dialog that says what goes with a system."""
    open_first_row(page)
    page.get_by_role("link", name="Delete").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def open_then(link: str) -> Callable[[Page], None]:
    """What opens the first row, and then follows a link on its page."""

    def opened(page: Page) -> None:
        open_first_row(page)
        page.get_by_role("link", name=link, exact=True).click()
        page.wait_for_timeout(300)

    return opened


def follow_mail(page: Page, subject: str, link: str) -> None:
    """Goes where the newest mail with words in its subject leads; waits until it is there."""
    page.goto("/demo/mailbox")
    mail = page.locator("a.plain-line", has=page.locator("strong", has_text=subject)).first
    for _ in range(10):  # a job sends it
        if mail.is_visible():
            break
        page.wait_for_timeout(1_000)
        page.reload()
    mail.click()
    found = re.search(link, page.content())
    page.goto(found.group() if found else "/no-link-in-the-mail/")


def follow_invitation(page: Page) -> None:
    """Follows the newest invitation."""
    follow_mail(page, "invite", r"/invitations/[^\s\"<]+")


def confirm(page: Page, password: str) -> None:
    """Types the password, where the page asks for it first."""
    if page.get_by_role("heading", name="Is it you?").is_visible():
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Go on").click()


def add_passkey(page: Page, password: str) -> None:
    """Makes a passkey with a device that answers by itself; from a page that adds one."""
    door = page.context.new_cdp_session(page)
    door.send("WebAuthn.enable")
    door.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    confirm(page, password)
    page.get_by_role("button", name="Make the passkey").click()
