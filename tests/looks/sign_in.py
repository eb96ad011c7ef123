"""Looks at signing in."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse
from playwright.sync_api import Page, expect

from deskbell.accounts.models import User
from deskbell.demo.cast import BOB
from tests.browser import sign_in
from tests.looks.look import Demo, Look


def fail_to_sign_in(tab: Page) -> None:
    """Tries a wrong password."""
    sign_in(tab, password="wrong")
    expect(tab.get_by_role("alert")).to_be_visible()


def ask_for_nothing(tab: Page) -> None:
    """Sends the form for access as it is."""
    tab.get_by_role("button", name="Request access").click()
    expect(tab.locator("#name-error")).to_be_visible()


def open_question(tab: Page) -> None:
    """Asks to sign out everywhere."""
    tab.get_by_role("link", name="Sign out everywhere …").click()
    expect(tab.get_by_role("dialog")).to_be_visible()


def new_password() -> str:
    """The address of a link in bob's mail, where he chooses a new password."""
    bob = User.objects.get(email=BOB.email)
    key = default_token_generator.make_token(bob)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(bob), key])


def keep_nothing(tab: Page) -> None:
    """Sends the form of a new password empty."""
    tab.get_by_role("button", name="Keep the new password").click()
    expect(tab.locator(".field-error").first).to_be_visible()


def looks(demo: Demo) -> list[Look]:
    """The pages, and what they look like while somebody works with them."""
    return [
        Look("/sign-in/"),
        Look("/sign-in/", fail_to_sign_in),
        Look("/password/"),
        Look("/password/sent/"),
        Look("/sign-in/switched-off/"),
        Look(new_password(), keep_nothing),
        Look("/request-access/"),
        Look("/request-access/", ask_for_nothing),
        Look("/request-access/sent/"),
        Look("/profile/sessions/", person="alice"),
        Look("/profile/sessions/", open_question, person="alice"),
        Look("/profile/sessions/end-all/", person="alice"),
    ]
