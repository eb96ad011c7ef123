"""The dashboard in a real browser: each widget leads to what it counts, and the page stands alone.

Source: seed 000, "Dashboard": the four widgets are shortcuts to important areas, and the graph
differentiates between standard usage and operator-assisted calls.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from playwright.sync_api import Page, expect

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.calls.actions import recount
from deskbell.calls.models import Call
from deskbell.contacts.actions import add_contact, add_method
from deskbell.foundation.clock import now
from deskbell.foundation.sids import new_sid
from deskbell.messages import actions
from deskbell.messages.models import Message
from deskbell.oncall.actions import add_event, add_level
from deskbell.platform.tenancy import account_scope
from tests.browser import SOON, sign_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]
Take = Callable[..., Message]


def used(account: Account, number: PhoneNumber, day: date, minutes: int, *, agent: int = 0) -> None:
    """A call of the day that took so many minutes, with a receptionist where one is named."""
    began = datetime.combine(day, time(15), now().tzinfo)
    seconds = minutes * 60
    Call(
        account=account,
        sid=new_sid("CA"),
        phone_number=number,
        number_dialed=number.number,
        started_at=began,
        ended_at=began + timedelta(seconds=seconds),
        connection_sec=seconds,
        talk_sec=seconds if agent else 0,
        agent_id=agent or None,
    ).save()


@pytest.fixture
def month(acme: Account, acme_number: PhoneNumber, rita: User) -> date:
    """A month and the one before it with minutes of both kinds; the first day of it."""
    first = now().date().replace(day=1)
    before = first - timedelta(days=1)
    with account_scope(acme.pk):
        used(acme, acme_number, first, 7)
        used(acme, acme_number, first, 5, agent=rita.pk)
        used(acme, acme_number, before.replace(day=1), 40)
        recount(account=acme, since=before.replace(day=1), until=now().date())
    return first


def somebody_on_call(account: Account) -> None:
    """Ines is on call today and tomorrow."""
    at = now()
    contact = add_contact(account_id=account.pk, name="Ines", at=at)
    method = add_method(contact=contact, kind="email", address="ines@example.com", at=at)
    level = add_level(account_id=account.pk, name="First line", at=at)
    starts = datetime.combine(at.date() - timedelta(days=1), time(0))
    add_event(level=level, methods=[method], starts=starts, ends=starts + timedelta(days=3), at=at)


def test_each_widget_leads_to_what_it_counts(
    tab: Page, alice: User, acme: Account, month: date, take: Take
) -> None:
    for number in range(3):
        take(f"Message {number}", first_name="Ines", age=timedelta(hours=2 * number + 1))
    done = take("It is done", first_name="Otto")
    with account_scope(acme.pk):
        actions.acknowledge(message=done, by="Alice", through="portal", at=now())
        somebody_on_call(acme)
    sign_in(tab)
    widgets = tab.locator(".widgets")

    new = widgets.get_by_role("link", name="New Messages")
    expect(new.locator(".widget-figure")).to_have_text("3")
    new.click()
    expect(tab.get_by_role("heading", name="Messages")).to_be_visible()
    expect(tab.locator("a.open")).to_have_count(3)

    tab.get_by_role("link", name="Dashboard").click()
    delivered = widgets.get_by_role("link", name="Delivered Messages")
    expect(delivered.locator(".widget-figure")).to_have_text("1")
    delivered.click()
    expect(tab).to_have_url(re.compile("tab=acknowledged"))
    expect(tab.locator("a.open")).to_have_count(1)

    tab.get_by_role("link", name="Dashboard").click()
    minutes = widgets.get_by_role("link", name="Monthly Usage")
    expect(minutes.locator(".widget-figure")).to_have_text("12 min")
    minutes.click()
    expect(tab).to_have_url(re.compile("#usage$"))
    usage = tab.locator("#usage")
    expect(usage.locator(".legend")).to_contain_text("Standard 7 min")
    expect(usage.locator(".legend")).to_contain_text("Operator-assisted 5 min")
    expect(usage.locator("rect.bar-before")).to_have_count(1)
    usage.locator("summary").click()
    first = usage.get_by_role("row").nth(1)
    expect(first).to_have_text(re.compile(r"1\s*7\.0\s*5\.0\s*40\.0"))

    expect(tab.locator(".duty")).to_contain_text("Ines")
    longest = tab.locator(".longest-list a").first
    longest.click()
    expect(tab.get_by_text("Message 2").first).to_be_visible()

    tab.get_by_role("link", name="Dashboard").click()
    widgets.get_by_role("link", name="Last Login").click()
    expect(tab).to_have_url(re.compile("/profile/sessions/"))


def test_staff_read_how_the_system_is_on_a_telephone_as_well(
    tab: Page, alice: User, olivia: User, acme: Account
) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    sign_in(tab, "olivia@example.com")
    health = tab.get_by_role("region", name="System health")
    expect(health.get_by_text("Not working").first).to_be_visible(timeout=2 * SOON)  # no worker
    width = tab.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    health.get_by_role("link", name="Each part, with its figures").click()
    expect(tab).to_have_url(re.compile("/operator/health/"))
