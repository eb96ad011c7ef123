"""My Accounts in a browser: a company gets its logo, somebody is invited, joins, is given access,
and is suspended; the last administrator stays."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from deskbell.accounts.actions import add_user, join, open_account
from deskbell.accounts.models import Account, Invitation, PhoneNumber, User
from deskbell.accounts.queries import rights
from deskbell.accounts.rules import Right
from deskbell.foundation.clock import now
from deskbell.portal.accounts.jobs import send_invitation
from tests.browser import SOON, sign_in
from tests.cast import PASSWORD

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]
NEW = "dana@example.org"


def go(tab: Page, name: str = "Phone Numbers") -> None:
    """Opens one of the pages of My Accounts by the menu."""
    menu = tab.get_by_role("navigation", name="Pages")
    menu.get_by_role("link", name="My Accounts").click()
    menu.get_by_role("link", name=name, exact=True).click()


def said(tab: Page, words: str) -> None:
    """A notice says so."""
    expect(tab.get_by_role("status").first).to_contain_text(words)


def logo(folder: Path) -> str:
    """A picture file."""
    file = io.BytesIO()
    Image.new("RGB", (640, 200), "#1f7a5c").save(file, "PNG")
    path = folder / "logo.png"
    path.write_bytes(file.getvalue())
    return str(path)


def link_of(mails: list[EmailMessage]) -> str:
    """The path of the invitation's link in the newest mail."""
    [invitation] = Invitation.objects.filter(accepted_at=None)
    send_invitation.work(invitation_id=invitation.pk)
    found = re.search(r"/invitations/\S+/", str(mails[-1].body))
    assert found
    return found[0]


def test_a_number_gets_its_company(
    tab: Page, complaints: list[str], acme_number: PhoneNumber, alice: User, tmp_path: Path
) -> None:
    sign_in(tab)
    go(tab, "Company")
    tab.get_by_label("Company name").fill("Acme Dental Group")
    tab.get_by_label("Website").fill("acme")
    tab.get_by_label("Colour", exact=True).fill("#1f7a5c")
    tab.get_by_label("Logo", exact=True).set_input_files(logo(tmp_path))
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("This is no web address")).to_be_visible()
    assert all("status of 422" in each for each in complaints)
    complaints.clear()
    tab.get_by_label("Website").fill("https://acme.example")
    tab.get_by_label("Logo", exact=True).set_input_files(logo(tmp_path))
    tab.get_by_role("button", name="Save").click()
    said(tab, "Saved")
    width = tab.locator(".top-logo").evaluate(
        "picture => picture.decode().then(() => picture.naturalWidth)"
    )
    assert width == 480
    go(tab)
    tab.get_by_role("link", name="Acme Dental Group").click()
    expect(tab.get_by_label("Website")).to_have_attribute("placeholder", "https://acme.example")
    tab.get_by_label("Company name").fill("Acme Kids")
    tab.get_by_role("button", name="Save").click()
    row = tab.get_by_role("row", name=re.compile("Acme Kids"))
    expect(row).to_contain_text("(212) 555-0142")
    expect(row.locator("img")).to_be_visible()


def test_somebody_is_invited_and_comes_in(
    tab: Page, browser: Browser, live_server: object, acme: Account, alice: User,
    mailoutbox: list[EmailMessage],
) -> None:  # fmt: skip
    sign_in(tab)
    go(tab, "Users")
    tab.get_by_role("link", name="Invite somebody").click()
    tab.get_by_label("Email address").fill(NEW)
    tab.get_by_label("Full name").fill("Dana")
    tab.get_by_label("Call Recording").check()
    tab.get_by_label("Message Export").uncheck()
    tab.get_by_role("button", name="Send the invitation").click()
    said(tab, f"An invitation is on its way to {NEW}")
    path = link_of(mailoutbox)

    # alice looks at the link herself, and is told whom it is for
    tab.goto(path)
    expect(tab.get_by_text("who is somebody else")).to_be_visible()

    with browser.new_context(base_url=str(live_server)) as theirs:
        page = theirs.new_page()
        page.set_default_timeout(SOON)
        page.goto(path)
        expect(page.get_by_role("heading", name="You are invited to Acme Dental")).to_be_visible()
        page.get_by_label("Password", exact=True).fill("weak")
        page.get_by_label("The same password again").fill("weak")
        page.get_by_role("button", name="Join").click()
        expect(page.get_by_text("needs at least 8 characters").first).to_be_visible()
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("The same password again").fill(PASSWORD)
        page.get_by_role("button", name="Join").click()
        said(page, "Welcome to Acme Dental")
        dana = User.objects.get(email=NEW)
        assert rights(dana, acme) == {Right.CALL_RECORDING, Right.MESSAGE_HANDLING, Right.TO_DOS}
        page.goto(path)
        expect(page.get_by_text("was accepted already")).to_be_visible()

        # the seed's way: Users, edit a user, Access
        tab.goto("/accounts/users/")
        tab.get_by_role("link", name="Dana").click()
        tab.get_by_role("link", name="Access", exact=True).click()
        expect(tab.get_by_text("Edit access to the Oncall Calendar")).to_be_visible()
        tab.get_by_label("Oncall Calendar Management").check()
        tab.get_by_label("To Dos").uncheck()
        tab.get_by_role("button", name="Save").click()
        said(tab, "Saved what Dana may do")
        assert Right.ONCALL_CALENDAR in rights(dana, acme)
        assert Right.TO_DOS not in rights(dana, acme)

        # suspended by a dialog, and out at once
        tab.get_by_role("link", name="Suspend …").click()
        tab.get_by_role("dialog").get_by_role("button", name="Suspend").click()
        said(tab, "Dana is suspended and signed out everywhere")
        page.goto("/messages/")
        expect(page.get_by_label("Password")).to_be_visible()
        tab.get_by_role("link", name="Dana").click()
        tab.get_by_role("link", name="Reactivate …").click()
        tab.get_by_role("dialog").get_by_role("button", name="Reactivate").click()
        said(tab, "Dana can sign in again")

    # alice is the last administrator
    tab.get_by_role("link", name="Alice").click()
    tab.get_by_role("link", name="Suspend …").click()
    expect(tab.get_by_role("dialog")).to_contain_text("This is you")
    tab.get_by_role("dialog").get_by_role("button", name="Suspend").click()
    said(tab, "Alice is the last active administrator of Acme Dental")


def test_somebody_of_another_account_joins_and_leaves(
    tab: Page, acme: Account, alice: User, charlie: User, mailoutbox: list[EmailMessage]
) -> None:
    from deskbell.accounts.actions import invite

    invite(email=charlie.email, name="", by=alice, account=acme, at=now())
    tab.goto(link_of(mailoutbox))
    tab.get_by_role("link", name="Sign in and join").click()
    tab.get_by_label("Email Address").fill(charlie.email)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in", exact=True).click()
    tab.get_by_role("button", name="Join as charlie@example.com").click()
    said(tab, "Welcome to Acme Dental")
    expect(tab.locator(".top-name")).to_have_text("Acme Dental")
    go(tab)
    tab.get_by_role("link", name="Leave Acme Dental …").click()
    tab.get_by_role("dialog").get_by_role("button", name="Leave").click()
    expect(tab.locator(".top-name")).to_have_text("Brook Plumbing")


def test_one_of_many_accounts_is_searched_for(tab: Page, acme: Account) -> None:
    user = add_user(email="many@example.com", name="Many", password=PASSWORD, at=now())
    join(user=user, account=acme)
    for each in range(21):
        shop = open_account(number=f"X{each:03}", name=f"Shop {each}", time_zone="UTC", at=now())
        join(user=user, account=shop)
    sign_in(tab, user.email)
    tab.locator(".top summary").first.click()
    tab.get_by_label("Name or number of the account").fill("shop 17")
    tab.get_by_role("button", name="Search").click()
    tab.get_by_role("button", name="Shop 17").click()
    expect(tab.locator(".top-name")).to_have_text("Shop 17")
