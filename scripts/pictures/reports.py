"""Pictures of reports and bills."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .shot import Shot
from .steps import open_first_row


def schedule_export(page: Page) -> None:
    """Schedules an export, where there is none."""
    if page.get_by_text("Nothing is scheduled yet").is_visible():
        page.goto("/reports/schedules/new/")
        page.get_by_label("Name", exact=True).fill("Messages of the week")
        page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Every Monday at 7 AM").first).to_be_visible()


def submit_no_card(page: Page) -> None:
    """Chooses to pay by card and types none, so that errors stand beside the fields."""
    page.get_by_label("Credit Card (1.5% convenience fee)").check()
    page.get_by_role("button", name="Submit Credit Card Info").click()
    expect(page.locator(".field-says p").first).to_be_visible()


def confirm_bank(page: Page) -> None:
    """Types a bank account of the sandbox's, and goes on to what is to be confirmed."""
    page.get_by_label("Amount, in dollars").fill("25.00")
    page.get_by_label("Name on the account").fill("Acme Dental")
    page.get_by_label("Bank Routing Number").fill("110000000")
    page.get_by_label("Bank Account Number", exact=True).fill("000123456789")
    page.get_by_label("Re-enter Bank Account Number").fill("000123456789")
    page.get_by_label("I agree to the terms and conditions").check()
    page.get_by_role("button", name="Submit Bank Info").click()
    expect(page.get_by_role("heading", name="Confirm Payment Info")).to_be_visible()


def pay_by_bank(page: Page) -> None:
    """Pays from a bank account, and sees the receipt."""
    confirm_bank(page)
    page.get_by_role("button", name="Pay $25.00").click()
    expect(page.get_by_role("heading", name="Receipt")).to_be_visible()


SHOTS = (
    Shot("usage", "/reports/usage/", person="alice"),
    Shot("exports", "/reports/exports/", person="alice"),
    Shot("export-new", "/reports/exports/new/", person="alice"),
    Shot("export-scheduler", "/reports/schedules/", schedule_export, person="alice"),
    Shot("export-scheduler-new", "/reports/schedules/new/", person="alice"),
    Shot("usage-wrong", "/reports/usage/?from_date=2%2F31%2F2026&number=5", person="alice"),
    Shot("pay-your-bill", "/billing/", person="alice"),
    Shot("pay-by-card", "/billing/", submit_no_card, person="alice"),
    Shot("pay-confirm", "/billing/", confirm_bank, person="alice"),
    Shot("pay-receipt", "/billing/", pay_by_bank, person="alice"),
    Shot("pay-history", "/billing/payments/", person="alice"),
    Shot("statements", "/billing/statements/", person="alice"),
    Shot("statement", "/billing/statements/", open_first_row, "alice"),
)
