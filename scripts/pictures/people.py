"""Pictures of My Accounts, My Profile and API keys."""

from __future__ import annotations

import time

from playwright.sync_api import Page, expect

from .shot import Shot
from .steps import follow_invitation, open_first_row, open_then


def invite_somebody(page: Page) -> None:
    """Invites somebody, so that the list says who is invited."""
    page.get_by_label("Email").fill(f"rosa.{time.time():.0f}@acme.example")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("region", name="Invited")).to_be_visible()


def withdraw_invitation(page: Page) -> None:
    """Opens the dialog that withdraws an invitation."""
    page.get_by_role("link", name="Withdraw").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def remove_user(page: Page) -> None:
    """Opens the dialog that takes bob out of the account."""
    page.get_by_role("link", name="bob", exact=True).click()
    page.get_by_role("link", name="Remove …").click()
    expect(page.get_by_role("dialog")).to_be_visible()


SHOTS = (
    Shot("sessions", "/profile/sessions/", person="alice"),
    Shot("sign-out-everywhere", "/profile/sessions/end-all/", person="alice"),
    Shot("second-factors", "/profile/mfa/", person="alice"),
    Shot("confirm", "/profile/confirm/", person="alice"),
    Shot("my-accounts", "/accounts/", person="alice"),
    Shot("my-number", "/accounts/", open_first_row, person="alice"),
    Shot("company", "/accounts/company/", person="alice"),
    Shot("retention", "/accounts/retention/", person="alice"),
    Shot("users", "/accounts/users/", person="alice"),
    Shot("user", "/accounts/users/", open_first_row, person="alice"),
    Shot("user-access", "/accounts/users/", open_then("Access"), person="alice"),
    Shot("user-suspend", "/accounts/users/", open_then("Suspend …"), "alice", is_long=False),
    Shot("invite", "/accounts/users/invite/", person="alice"),
    Shot("users-invited", "/accounts/users/invite/", invite_somebody, "alice", is_once=True),
    Shot("invitation-of-another", "/demo/mailbox", follow_invitation, "alice"),
    Shot("invitation-withdraw", "/accounts/users/", withdraw_invitation, "alice", is_long=False),
    Shot("user-remove", "/accounts/users/", remove_user, "alice", is_long=False),
    Shot("leave", "/accounts/users/", open_then("Leave …"), "alice", is_long=False),
    Shot("leave-page", "/accounts/leave/", person="alice"),
    Shot("choose-account", "/account/choose/", person="olivia"),
    Shot("my-profile", "/profile/", person="alice"),
    Shot("api-keys", "/keys/", person="alice"),
    Shot("api-keys-look", "/keys/", person="bob"),
    Shot("api-key-new", "/keys/new/", person="alice"),
)
