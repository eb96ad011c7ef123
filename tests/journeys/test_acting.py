"""The operator sees what is wrong, acts as somebody to help, tests a level, and looks at rows."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from deskbell.accounts.models import Account, User
from deskbell.audit.models import Entry
from deskbell.contacts.actions import add_contact
from deskbell.delivery.actions import add_checked_method
from deskbell.delivery.models import Delivery
from deskbell.foundation.clock import now
from deskbell.messages.actions import Taken, acknowledge, take
from deskbell.messages.models import SELF_TEST, Message
from deskbell.oncall.actions import add_level
from deskbell.platform.tenancy import account_scope
from tests.browser import sign_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]
REASON = "Call of 4 March: cannot find a message"


def only_refusals(complaints: list[str]) -> None:
    """The browser complains of what is refused, and of nothing else."""
    assert all(re.search("status of 4(03|22)", each) for each in complaints), complaints
    complaints.clear()


@pytest.fixture
def broken(acme: Account, at: datetime) -> Delivery:
    """A delivery of Acme that failed a moment ago."""
    with account_scope(acme.pk):
        message = take(account_id=acme.pk, taken=Taken("The pump leaks"), at=at)
        contact = add_contact(account_id=acme.pk, name="Grace Reyes", at=at)
        method = add_checked_method(
            contact=contact, kind="email", address="grace@example.com", at=at
        )
        return Delivery.objects.create(
            account=acme,
            message=message,
            method=method,
            kind="email",
            address="grace@example.com",
            contact_name="Grace Reyes",
            state="failed",
            answer="No such mailbox",
            created_at=now() - timedelta(minutes=1),
            finished_at=now(),
        )


def test_an_operator_acts_as_somebody_and_stops(
    tab: Page, complaints: list[str], acme: Account, alice: User, bob: User, olivia: User
) -> None:
    sign_in(tab, "olivia@example.com")
    tab.goto(f"/operator/people/{bob.pk}/")
    tab.get_by_role("link", name="Act as").click()
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_contain_text("for an hour at most")
    dialog.get_by_role("button", name="Act as Bob").click()
    expect(tab.get_by_text("Say in a few words why").first).to_be_visible()
    tab.get_by_label("Why").fill(REASON)
    tab.get_by_role("button", name="Act as Bob").click()

    banner = tab.get_by_role("form", name="Acting as somebody")
    expect(banner).to_contain_text("You act as Bob")
    expect(banner).to_contain_text(REASON)
    tab.goto("/messages/")
    expect(banner).to_be_visible()
    expect(tab.get_by_role("link", name="Operator")).to_have_count(0)
    tab.goto("/operator/accounts/")
    expect(tab.get_by_role("heading", name="This page is not for you")).to_be_visible()
    expect(banner).to_be_visible()
    tab.goto("/profile/sessions/")
    expect(tab.get_by_role("heading", name="This stays in their own hands")).to_be_visible()
    banner.get_by_role("button", name="Stop").click()
    expect(tab.get_by_role("heading", name="Overview")).to_be_visible()
    expect(banner).to_have_count(0)

    tab.goto(f"/operator/people/{bob.pk}/")
    tab.get_by_role("link", name="Act as").click()
    tab.get_by_label("Why").fill(REASON)
    tab.get_by_role("dialog").get_by_role("button", name="Act as Bob").click()
    expect(banner).to_be_visible()
    type(bob).objects.filter(pk=bob.pk).update(status="SUSPENDED")
    tab.goto("/messages/")
    expect(banner).to_have_count(0)
    expect(tab.get_by_role("status").first).to_contain_text("they cannot sign in any more")
    with account_scope(acme.pk):
        acts = [each.act for each in Entry.objects.filter(subject=bob.email).order_by("id")]
    assert acts == ["operator:act_as", "stop_acting", "operator:act_as", "acting_ended"]
    only_refusals(complaints)


def test_what_failed_is_sent_again_and_a_level_is_tested(
    tab: Page, complaints: list[str], acme: Account, broken: Delivery, olivia: User
) -> None:
    with account_scope(acme.pk):
        add_level(account_id=acme.pk, name="Weekdays", at=now())
    sign_in(tab, "olivia@example.com")
    tab.goto("/operator/")
    expect(tab.get_by_role("link", name="Failed deliveries 1")).to_be_visible()
    tab.get_by_role("link", name="Failed deliveries 1").click()
    row = tab.get_by_role("row", name=re.compile("Grace Reyes"))
    expect(row).to_contain_text("No such mailbox")
    row.get_by_role("checkbox").check()
    tab.get_by_role("button", name="Send the chosen again").click()
    expect(tab.get_by_role("status").first).to_contain_text("1 delivery is on the way again")
    expect(tab.get_by_text("Nothing that is still needed has failed")).to_be_visible()

    tab.goto("/operator/health/")
    expect(tab.get_by_text("No worker runs")).to_be_visible()
    tab.goto("/operator/test-message/")
    tab.get_by_label("Account", exact=True).fill("W0411")
    tab.get_by_role("button", name="Send a test now").click()
    expect(tab.get_by_text("nobody acknowledged it yet")).to_be_visible()
    with account_scope(acme.pk):
        message = Message.objects.get(origin=SELF_TEST)
        acknowledge(message=message, by="Grace Reyes", through="portal", at=now())
    # without anybody loading the page again
    expect(tab.locator("#test-live .badge").first).to_have_text("Acknowledged")
    expect(tab.locator("#test-live")).to_contain_text("Grace Reyes")
    only_refusals(complaints)
