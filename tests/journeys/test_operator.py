"""The operator at work: an account is opened, gets a number, people and a plan, and loses them."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from deskbell.accounts.actions import ask_for_access
from deskbell.accounts.models import Account, Invitation, PhoneNumber, User
from deskbell.attendant.actions import add_system, set_numbers
from deskbell.foundation.clock import now
from deskbell.lines.models import Trunk
from deskbell.lines.vault import unseal
from deskbell.platform.tenancy import account_scope
from tests.browser import SOON, sign_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]


def go(tab: Page, name: str) -> None:
    """Opens one of the operator's pages by the menu."""
    tab.get_by_role("navigation", name="Pages").get_by_role("link", name="Operator").click()
    menu = tab.get_by_role("navigation", name="Pages")
    menu.get_by_role("link", name=name, exact=True).last.click()


def said(tab: Page, words: str) -> None:
    """A notice says so."""
    expect(tab.get_by_role("status").first).to_contain_text(words)


def only_refusals(complaints: list[str]) -> None:
    """The browser complains of forms that are refused, and of nothing else."""
    assert all("status of 422" in each for each in complaints)
    complaints.clear()


def test_an_account_from_its_plan_to_its_first_call(
    tab: Page, complaints: list[str], acme: Account, acme_number: PhoneNumber, olivia: User
) -> None:
    with account_scope(acme.pk):
        system = add_system(account=acme, name="Main line", at=now())
        set_numbers(system=system, numbers=[acme_number], at=now())
    sign_in(tab, "olivia@example.com")

    go(tab, "Plans")
    tab.get_by_role("link", name="Add a plan").click()
    tab.get_by_role("button", name="Add it").click()
    expect(tab.get_by_text("Give the plan a name")).to_be_visible()
    tab.get_by_label("Name", exact=True).fill("Standard 100")
    tab.get_by_label("Each month, in dollars").fill("49.999")
    tab.get_by_label("Minutes in it").fill("100")
    tab.get_by_label("Each minute above, in dollars").fill("0.95")
    tab.get_by_role("button", name="Add it").click()
    expect(tab.get_by_text("is no amount in dollars")).to_be_visible()
    tab.get_by_label("Each month, in dollars").fill("49.50")
    tab.get_by_role("button", name="Add it").click()
    expect(tab.get_by_role("row", name=re.compile("Standard 100"))).to_contain_text("$49.50")

    go(tab, "Accounts")
    tab.get_by_role("link", name="Open an account").click()
    tab.get_by_label("Name", exact=True).fill("Corner Bakery")
    tab.get_by_label("Number", exact=True).fill("W0411")
    tab.get_by_label("Time zone").fill("Europe/Berlin")
    tab.get_by_label("Plan").select_option("Standard 100")
    tab.get_by_label("Administrator's email address").fill("owner@bakery.example")
    tab.get_by_role("button", name="Open it").click()
    expect(tab.get_by_text("There is an account W0411 already")).to_be_visible()
    tab.get_by_label("Number", exact=True).fill("W0500")
    tab.get_by_role("button", name="Open it").click()
    said(tab, "Corner Bakery is open")
    expect(tab.get_by_text("Standard 100, $49.50 a month")).to_be_visible()
    assert Invitation.objects.get().email == "owner@bakery.example"

    # Acme's number goes to it, and one is told what that breaks
    go(tab, "Numbers")
    tab.get_by_label("Search numbers").fill("0142")
    tab.get_by_role("link", name="(212) 555-0142").click()
    tab.get_by_role("link", name="Move …", exact=True).click()
    expect(tab.get_by_text("The system “Main line” is not reached by it any more")).to_be_visible()
    tab.get_by_label("To account").fill("W0500")
    tab.get_by_role("button", name="Move it").click()
    said(tab, "is a number of Corner Bakery now")
    expect(tab.get_by_text("None: whoever calls it reaches nobody")).to_be_visible()

    tab.get_by_role("link", name="Corner Bakery").first.click()
    tab.get_by_role("button", name="Work in it").click()
    expect(tab.locator(".top-name")).to_have_text("Corner Bakery")

    go(tab, "Numbers")
    tab.get_by_role("link", name="(212) 555-0142").click()
    tab.get_by_role("link", name="Remove").click()
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_contain_text("Whoever calls it reaches nobody")
    dialog.get_by_role("button", name="Remove it").click()
    expect(tab.get_by_text("There is no phone number yet")).to_be_visible()
    only_refusals(complaints)


def test_a_trunk_whose_password_nobody_sees_again(
    tab: Page, complaints: list[str], acme: Account, olivia: User
) -> None:
    sign_in(tab, "olivia@example.com")
    go(tab, "Trunks")
    tab.get_by_role("link", name="Add a trunk").first.click()
    tab.get_by_label("Name", exact=True).fill("carrier")
    tab.get_by_label("Calls come from").fill("192.0.2.300")
    tab.get_by_label("Calls go to").fill("sip.example.com")
    tab.get_by_label("User name").fill("desk")
    tab.get_by_label("Password").fill("sesame")
    tab.get_by_role("button", name="Add it").click()
    expect(tab.get_by_text("is no address or network")).to_be_visible()
    expect(tab.get_by_label("Password")).to_have_value("")
    tab.get_by_label("Calls come from").fill("192.0.2.7, 198.51.100.0/24")
    tab.get_by_label("Password").fill("sesame")
    tab.get_by_role("button", name="Add it").click()
    tab.get_by_role("link", name="carrier").click()
    expect(tab.get_by_label("Password")).to_have_value("")
    expect(tab.get_by_text("One is kept, sealed, and cannot be shown")).to_be_visible()
    tab.get_by_label("Calls come from").fill("203.0.113.5")
    tab.get_by_role("button", name="Save").click()
    said(tab, "Saved")
    kept = Trunk.objects.get()
    assert (kept.addresses, unseal(kept.sealed_password)) == (["203.0.113.5"], "sesame")
    tab.get_by_role("link", name="carrier").click()
    tab.get_by_role("link", name="Remove").click()
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_contain_text("Calls from 203.0.113.5 are refused")
    dialog.get_by_role("button", name="Remove it").click()
    expect(tab.get_by_text("There is no trunk yet")).to_be_visible()
    only_refusals(complaints)


def test_people_without_a_script_on_a_narrow_screen(
    browser: Browser,
    live_server: object,
    acme: Account,
    olivia: User,
    rita: User,
    at: datetime,
) -> None:
    ask_for_access(
        name="New",
        email="new@example.com",
        company="Acme Dental",
        phone="",
        words="I work there.",
        address="192.0.2.9",
        at=now(),
    )
    context = browser.new_context(
        base_url=live_server.url,  # type: ignore[attr-defined]
        viewport={"width": 390, "height": 844},
        java_script_enabled=False,
    )
    tab = context.new_page()
    tab.set_default_timeout(SOON)
    sign_in(tab, "olivia@example.com")

    tab.goto("/operator/people/")
    tab.get_by_role("link", name="Olivia").click()
    tab.get_by_role("radio", name=re.compile("^Receptionist")).check()
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("the last active operator")).to_be_visible()
    tab.goto(f"/operator/people/{rita.pk}/")
    tab.get_by_role("link", name="Suspend").click()
    expect(tab.get_by_text("Calls do not ring at their desk any more")).to_be_visible()
    tab.get_by_role("button", name="Suspend").click()
    said(tab, "is suspended")
    tab.get_by_role("button", name="Make active again").click()
    said(tab, "may sign in again")

    tab.goto("/operator/people/invite/")
    tab.get_by_label("Email address").fill("second@example.com")
    tab.get_by_role("radio", name=re.compile("^Operator")).check()
    tab.get_by_role("button", name="Invite").click()
    said(tab, "second@example.com is invited")
    tab.get_by_role("link", name="Withdraw").click()
    tab.get_by_role("button", name="Withdraw it").click()
    said(tab, "is withdrawn")

    tab.goto("/operator/requests/")
    tab.get_by_role("link", name="New", exact=True).click()
    expect(tab.get_by_text("Nobody has checked any of it")).to_be_visible()
    tab.get_by_role("button", name="Invite them").click()
    expect(tab.get_by_text("Type the number of an account")).to_be_visible()
    tab.get_by_label("Account", exact=True).fill("W0411")
    tab.get_by_role("button", name="Invite them").click()
    said(tab, "new@example.com is invited to Acme Dental")
    expect(tab.get_by_text("Nobody waits for access")).to_be_visible()
    context.close()
