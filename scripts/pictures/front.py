"""Pictures of before anybody is signed in, the frame, and the dashboard."""

from __future__ import annotations

from playwright.sync_api import Page

from .shot import Shot


def try_wrong_password(page: Page) -> None:
    """Shows what a wrong password looks like."""
    page.fill("#login", "somebody@example.com")
    page.fill("#password", "wrong")
    page.click("button.btn-primary")


def open_menu(page: Page) -> None:
    """Opens the menu where the screen is narrow."""
    button = page.locator("[data-open-menu]")
    if button.is_visible():
        button.click()
        page.wait_for_timeout(300)


def open_accounts(page: Page) -> None:
    """Opens the list of accounts to change to."""
    page.locator("summary", has_text="Change account").or_(
        page.locator("summary[aria-label^='Change']")
    ).first.click()


def open_profile(page: Page) -> None:
    """Opens the menu with the person and sign-out."""
    page.locator("summary.avatar-button").click()


def tab_in(page: Page) -> None:
    """Goes to the first link by keyboard: the one that skips the menu."""
    page.keyboard.press("Tab")


SHOTS = (
    Shot("sign-in", "/sign-in/"),
    Shot("sign-in-wrong", "/sign-in/", try_wrong_password),
    Shot("forgotten", "/password/"),
    Shot("request-access", "/request-access/"),
    Shot("dashboard", "/", person="alice"),
    Shot("invitation-over", "/invitations/of-nobody/"),
    Shot("skip-link", "/", tab_in, person="alice", is_long=False),
    Shot("menu", "/", open_menu, person="alice", is_long=False),
    Shot("profile", "/", open_profile, person="alice", is_long=False),
    Shot("accounts", "/", open_accounts, person="olivia", is_long=False),
    Shot("not-found", "/no-such-page/", person="alice"),
)
