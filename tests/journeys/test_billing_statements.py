"""A month is stated by the page, the client reads it, and the operator gives a credit."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from deskbell.accounts.models import Account, User
from deskbell.billing.actions import add_plan, subscribe
from deskbell.billing.jobs.statements import make_statements
from deskbell.billing.rules.months import newest_month
from deskbell.foundation.clock import now
from deskbell.platform.tenancy import account_scope
from tests.browser import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_from_the_operators_button_to_the_clients_pdf(
    tab: Page, complaints: list[str], acme: Account, alice: User, olivia: User
) -> None:
    at = now()
    month = newest_month(at, acme.time_zone)
    plan = add_plan(name="Standard", base_cents=12900, overage_cents=125, at=at)
    with account_scope(acme.pk):
        subscribe(account=acme, plan=plan, begins_on=month, by=olivia, at=at)

    sign_in(tab, olivia.email)
    tab.goto("/operator/statements/")
    tab.get_by_label("Month", exact=True).select_option(f"{month:%B %Y}")
    tab.get_by_role("button", name="Make them").click()
    expect(tab.get_by_role("status").first).to_contain_text("are being made")
    make_statements.work(month=str(month))
    tab.reload()
    expect(tab.get_by_role("row", name=f"{month:%B %Y}")).to_contain_text("$129.00")

    tab.goto(f"/operator/statements/accounts/{acme.pk}/")
    tab.get_by_role("radio", name="A credit").check()
    tab.get_by_label("Amount, in dollars").fill("-5")
    tab.get_by_label("What for").fill("An outage")
    tab.get_by_role("button", name="Give it").click()
    expect(tab.get_by_text("is no amount in dollars")).to_be_visible()
    tab.get_by_label("Amount, in dollars").fill("5.00")
    tab.get_by_role("button", name="Give it").click()
    expect(tab.get_by_role("row", name="An outage")).to_contain_text("-$5.00")
    tab.get_by_role("link", name="Take away An outage").click()
    tab.get_by_role("dialog").get_by_role("button", name="Take it away").click()
    expect(tab.get_by_text("No charges or credits beside its plan")).to_be_visible()

    tab.context.clear_cookies()
    sign_in(tab, alice.email)
    tab.goto("/billing/statements/")
    expect(tab.get_by_text("You owe $129.00 now")).to_be_visible()
    tab.get_by_role("link", name=f"{month:%B %Y}").click()
    expect(tab.get_by_role("row", name="Standard").first).to_contain_text("$129.00")
    due = (at.astimezone(ZoneInfo(acme.time_zone)) + timedelta(days=14)).date()
    expect(tab.get_by_text(f"Due {due:%b} {due.day}, {due.year}")).to_be_visible()
    paper = tab.request.get(str(tab.get_by_role("link", name="PDF").get_attribute("href")))
    assert "$129.00" in PdfReader(BytesIO(paper.body())).pages[0].extract_text()
    assert all("status of 422" in each for each in complaints)
    complaints.clear()
