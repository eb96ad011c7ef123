"""What callers meet changes when somebody publishes, not before, and comes back by rolling back."""

from __future__ import annotations

from datetime import datetime, time

import pytest
from playwright.sync_api import Page, expect

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.attendant import actions
from deskbell.attendant.queries import document_at
from deskbell.attendant.rules import WeekSpan
from deskbell.platform.tenancy import account_scope
from tests.browser import sign_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def line(acme: Account, acme_number: PhoneNumber, alice: User, at: datetime) -> PhoneNumber:
    """Acme's number, which leads to one menu at all hours."""
    with account_scope(acme.pk):
        system = actions.add_system(account=acme, name="Main line", at=at)
        day = actions.add_announcement(account=acme, name="Day", body="Good day.", at=at)
        actions.add_announcement(account=acme, name="Storm", body="There is a storm.", at=at)
        menu = actions.add_menu(system=system, name="Menu", announcement=day, at=at)
        week = [WeekSpan(menu.sid, each, time(0), time(0)) for each in range(1, 8)]
        actions.set_weekly_schedule(system=system, entries=week, at=at)
        actions.assign_number(system=system, phone_number=acme_number, at=at)
    return acme_number


def heard(line: PhoneNumber, at: datetime) -> str:
    """The document that a caller is given now."""
    with account_scope(line.account_id):
        return document_at(line, at).rcml


def test_an_edit_is_met_when_it_is_published_and_gone_when_it_is_rolled_back(
    tab: Page, line: PhoneNumber, at: datetime
) -> None:
    sign_in(tab)
    expect(tab.get_by_role("heading", name="Dashboard")).to_be_visible()
    tab.goto("/attendant/menus/")
    tab.get_by_role("link", name="Menu", exact=True).click()
    says = tab.get_by_role("region", name="What callers hear").get_by_label("Announcement")
    says.select_option(label="Storm")
    tab.get_by_role("button", name="Save to draft").click()
    bar = tab.get_by_role("region", name="Draft")
    expect(bar).to_contain_text("1 change not published")
    assert "Good day." in heard(line, at)

    bar.get_by_role("link", name="Publish").click()
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_contain_text("changes: announcement")
    dialog.get_by_label("Note").fill("The storm is here")
    dialog.get_by_role("button", name="Publish").click()
    expect(tab.get_by_role("heading", name="History")).to_be_visible()
    assert "There is a storm." in heard(line, at)

    tab.get_by_role("link", name="Publication 1", exact=True).click()
    tab.get_by_role("link", name="Roll back to this").click()
    tab.get_by_role("dialog").get_by_role("button", name="Roll back").click()
    expect(tab.get_by_role("heading", name="History")).to_be_visible()
    assert "Good day." in heard(line, at)
