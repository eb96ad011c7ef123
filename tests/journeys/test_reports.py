"""Usage in a real browser: somebody finds what a receptionist used, and takes it out."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

import pytest
from playwright.sync_api import Page, expect

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.calls import actions
from deskbell.calls.models import Stage
from deskbell.foundation.clock import now
from deskbell.foundation.sids import new_sid
from deskbell.platform.tenancy import account_scope
from deskbell.reports.models import Export
from tests.browser import sign_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]


def call(account: Account, number: PhoneNumber, day: date, seconds: int, user: User | None) -> None:
    """A call of the day, with a receptionist from its tenth second on where one is named."""
    began = datetime.combine(day, time(15), now().tzinfo)
    made = actions.begin(
        account_id=account.pk,
        sid=new_sid("CA"),
        number=number,
        caller_id="+16465550123",
        caller_name="",
        dialled=number.number,
        at=began,
    )
    if user is not None:
        answered = began + timedelta(seconds=10)
        actions.enter_stage(call_id=made.pk, stage=Stage.TALK, at=answered)
        actions.answered_by(call_id=made.pk, user=user, skill=None, at=answered)
    actions.end(
        sid=made.sid,
        status="completed",
        at=began + timedelta(seconds=seconds),
        seconds=seconds,
        who="caller",
        quality={},
    )


def test_what_a_receptionist_used_last_month_is_found_and_exported(
    tab: Page, alice: User, rita: User, acme: Account, acme_number: PhoneNumber
) -> None:
    last_month = now().date().replace(day=1) - timedelta(days=1)
    day = last_month.replace(day=4)
    with account_scope(acme.pk):
        call(acme, acme_number, day, 70, rita)
        call(acme, acme_number, day, 30, None)
    sign_in(tab)
    tab.get_by_role("link", name="Reports").click()
    expect(tab.get_by_text("Nothing was used")).to_be_visible()
    tab.get_by_role("link", name="Last month").click()
    rows = tab.locator(".usage-rows tbody tr")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text(re.compile(r"2\s*1\s*0\.7\s*1\.0\s*1\.7"))
    tab.get_by_label("A line for each").select_option("Receptionist")
    tab.get_by_role("button", name="Show").click()
    expect(rows).to_have_count(2)
    rows.first.get_by_role("link", name="Rita").click()
    expect(tab.get_by_label("Receptionist", exact=True)).to_have_value(str(rita.pk))
    expect(tab.locator(".usage-sums")).to_contain_text(re.compile(r"Calls\s*1"))
    expect(tab.locator("rect.bar-assisted").first).to_be_attached()

    tab.get_by_label("From", exact=True).fill(f"{now().date() + timedelta(days=1)}")
    tab.get_by_role("button", name="Show").click()
    expect(tab.locator("#to_date-error")).to_contain_text("Ends before it begins")
    tab.go_back()

    tab.get_by_role("link", name="Export", exact=True).click()
    tab.get_by_role("button", name="Export", exact=True).click()
    expect(tab.get_by_text("The export is under way.")).to_be_visible()
    with account_scope(acme.pk):
        export = Export.objects.get()
    assert export.kind == "usage"
    assert export.asked["receptionist"] == str(rita.pk)
    assert export.asked["from_date"] == f"{last_month.replace(day=1)}"
