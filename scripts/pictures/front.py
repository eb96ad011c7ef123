"""Pictures of before anybody is signed in, the frame, and the dashboard."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .shot import Shot
from .steps import follow_invitation, follow_mail


def try_wrong_password(page: Page) -> None:
    """Shows what a wrong password looks like."""
    page.fill("#login", "somebody@example.com")
    page.fill("#password", "wrong")
    page.click("button.btn-primary")


def forget_password(page: Page) -> None:
    """Has a link sent, and follows it."""
    page.fill("#email", "bob@acme.example")
    page.locator("main button.btn-primary").click()
    follow_mail(page, "A new password", r"/password/[^\s\"<]+")
    expect(page.get_by_role("heading", name="Choose a new password")).to_be_visible()


def join_and_leave(page: Page) -> None:
    """Takes the newest invitation up, and leaves the account again."""
    follow_invitation(page)
    page.get_by_label("Full name").fill("Rosa Lind")
    page.get_by_label("Password", exact=True).fill("Rosa-rings-1")
    page.get_by_label("The same password again").fill("Rosa-rings-1")
    page.get_by_role("button", name="Join").click()
    page.goto("/accounts/leave/")
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", name="You belong to no account yet")).to_be_visible()
    page.context.clear_cookies()  # the next picture is of somebody else


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
    Shot("request-sent", "/request-access/sent/"),
    Shot("switched-off", "/sign-in/switched-off/"),
    Shot("password-sent", "/password/sent/"),
    Shot("password-new", "/password/", forget_password, is_once=True),
    Shot("password-link-over", "/password/1/none/"),
    Shot("password-set", "/password/set/"),
    Shot("invitation", "/demo/mailbox", follow_invitation),
    Shot("no-account", "/demo/mailbox", join_and_leave, is_once=True),
    Shot("dashboard", "/", person="alice"),
    Shot("system-health", "/system-health/", person="rita"),
    Shot("invitation-over", "/invitations/of-nobody/"),
    Shot("skip-link", "/", tab_in, person="alice", is_long=False),
    Shot("menu", "/", open_menu, person="alice", is_long=False),
    Shot("profile", "/", open_profile, person="alice", is_long=False),
    Shot("accounts", "/", open_accounts, person="olivia", is_long=False),
    Shot("not-found", "/no-such-page/", person="alice"),
)
