"""Looks at accounts."""

from __future__ import annotations

from django.urls import reverse
from playwright.sync_api import Page, expect

from deskbell.accounts.actions import invite, new_link
from deskbell.accounts.models import Account, User
from deskbell.demo.cast import ACME, ALICE
from deskbell.foundation.clock import now
from tests.looks.look import Demo, Look
from tests.looks.steps import open_first_row


def say_nonsense(tab: Page) -> None:
    """Sends a company's form with an error beside its field."""
    tab.get_by_label("Website").fill("nowhere")
    tab.get_by_role("button", name="Save").click()
    expect(tab.locator(".field-says p").first).to_be_visible()


def open_access(tab: Page) -> None:
    """Opens what the first user may do."""
    open_first_row(tab)
    tab.get_by_role("link", name="Access", exact=True).click()
    expect(tab.get_by_role("table", name="Access")).to_be_visible()


def ask_for_mfa(tab: Page) -> None:
    """Opens the question whether everybody needs a second factor."""
    tab.get_by_role("link", name="Require it …").click()
    expect(tab.get_by_role("dialog")).to_be_visible()


def invite_nobody(tab: Page) -> None:
    """Sends an invitation without an address, so that an error stands beside its field."""
    tab.get_by_role("button", name="Send the invitation").click()
    expect(tab.locator(".field-says p").first).to_be_visible()


def open_invitation() -> str:
    """The address of an invitation that nobody has taken up."""
    made = invite(
        email="invited@acme.example",
        name="Ines",
        by=User.objects.get(email=ALICE.email),
        at=now(),
        account=Account.objects.get(number=ACME.number),
    )
    found = new_link(invitation_id=made.pk)
    assert found is not None
    return reverse("invitation", args=[found[1]])


def join_unsaid(tab: Page) -> None:
    """Sends the form of a newcomer empty."""
    tab.get_by_role("button", name="Join").click()
    expect(tab.locator(".field-says p").first).to_be_visible()


def looks(demo: Demo) -> list[Look]:
    """The pages, and what they look like while somebody works with them."""
    return [
        Look("/accounts/", person="alice"),
        Look("/accounts/", open_first_row, person="alice"),
        Look("/accounts/company/", say_nonsense, person="alice"),
        Look("/accounts/retention/", person="alice"),
        Look("/accounts/users/", person="alice"),
        Look("/accounts/users/", open_first_row, person="alice"),
        Look("/accounts/users/", open_access, person="alice"),
        Look("/accounts/users/", ask_for_mfa, person="alice"),
        Look("/accounts/users/invite/", invite_nobody, person="alice"),
        Look("/account/choose/", person="olivia"),
        Look("/invitations/of-nobody/"),
        Look(open_invitation(), join_unsaid),
    ]
