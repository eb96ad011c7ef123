"""Looks at Pay Your Bill, and at the operator's payments."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.looks.look import Demo, Look
from tests.looks.steps import open_first_row


def submit_nothing(tab: Page) -> None:
    """Sends the form of a bank account empty, so that errors stand beside fields."""
    tab.get_by_role("button", name="Submit Bank Info").click()
    expect(tab.locator(".field-says p").first).to_be_visible()


def pay_by_bank(tab: Page) -> None:
    """Pays from a bank account of the sandbox's, and sees the receipt."""
    for label, value in {
        "Amount, in dollars": "25.00",
        "Name on the account": "Acme Dental",
        "Bank Routing Number": "110000000",
        "Bank Account Number": "000123456789",
        "Re-enter Bank Account Number": "000123456789",
    }.items():
        tab.get_by_label(label, exact=True).fill(value)
    tab.get_by_label("I agree to the terms and conditions").check()
    tab.get_by_role("button", name="Submit Bank Info").click()
    tab.get_by_role("button", name="Pay $25.00").click()
    expect(tab.get_by_role("heading", name="Receipt")).to_be_visible()


def looks(demo: Demo) -> list[Look]:
    """The pages, and what they look like while somebody works with them."""
    return [
        Look("/billing/", submit_nothing, person="alice"),
        Look("/billing/", pay_by_bank, person="alice"),
        Look("/billing/payments/", person="alice"),
        Look("/billing/statements/", open_first_row, person="alice"),
        Look("/operator/statements/", person="olivia"),
        Look("/operator/payments/", person="olivia"),
        Look("/operator/bank-files/returns/", person="olivia"),
    ]
