"""Looks at My Profile and API keys."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.looks.look import Demo, Look


def send_profile_wrong(tab: Page) -> None:
    """Sends forms with faults, so that errors stand beside their fields."""
    tab.get_by_label("Primary Contact Number").fill("hello")
    tab.get_by_role("button", name="Save numbers").click()
    expect(tab.get_by_text("This is not a phone number")).to_be_visible()
    tab.get_by_text("Change the address").click()


def type_password(tab: Page) -> None:
    """Types half of a password, so that some of the rule is met."""
    tab.get_by_label("New password", exact=True).fill("Half-way")


def make_token(tab: Page) -> None:
    """Makes a token, which is shown once."""
    tab.get_by_label("Name").fill("Phone list import")
    tab.get_by_role("button", name="Create it").click()
    expect(tab.get_by_role("heading", name="Copy the token now")).to_be_visible()


def choose_nothing(tab: Page) -> None:
    """Sends the form of a token empty."""
    tab.get_by_role("button", name="Create it").click()
    expect(tab.get_by_text("Say what the token is for")).to_be_visible()


def ask_to_revoke(tab: Page) -> None:
    """Opens the dialog that asks before a token ends."""
    tab.get_by_role("link", name="Revoke Demo").click()
    expect(tab.get_by_role("dialog")).to_be_visible()


def looks(demo: Demo) -> list[Look]:
    """The pages, and what they look like while somebody works with them."""
    return [
        Look("/profile/", type_password, person="alice"),
        Look("/profile/", send_profile_wrong, person="alice"),
        Look("/profile/email/guessed/", person="alice"),
        Look("/keys/", ask_to_revoke, person="alice"),
        Look("/keys/new/", choose_nothing, person="alice"),
        Look("/keys/own/new/", make_token, person="alice"),
        Look("/keys/", person="rita"),
    ]
