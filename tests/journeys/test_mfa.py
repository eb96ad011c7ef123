"""Second factors as people use them, with an authenticator that Chromium plays."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from deskbell.accounts.models import Account, User
from deskbell.foundation.clock import now
from deskbell.portal.mfa.rules import code_of, step_at
from tests.browser import authenticator, sign_in
from tests.cast import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def confirm(tab: Page) -> None:
    """Types the password once more."""
    expect(tab.get_by_role("heading", name="Is it you?")).to_be_visible()
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Go on").click()


def sign_out(tab: Page) -> None:
    """By the menu at the top."""
    tab.goto("/sign-out/")
    tab.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_role("heading", name="User Sign In")).to_be_visible()


def connect(tab: Page) -> str:
    """Connects an app; gives its key. The first code is of a clock that is off by 90 seconds."""
    expect(tab.get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    tab.get_by_text("Type a key instead").click()
    key = tab.get_by_label("Key to type into the app").input_value().replace(" ", "")
    tab.get_by_label("Code", exact=True).fill(code_of(key, step_at(now()) - 3))
    tab.get_by_role("button", name="Connect").click()
    expect(tab.get_by_role("alert")).to_contain_text(
        re.compile("about (90 seconds|2 minutes) behind")
    )
    tab.get_by_label("Code", exact=True).fill(code_of(key, step_at(now())))
    tab.get_by_role("button", name="Connect").click()
    return key


def type_code(tab: Page, key: str, *, trust: bool = False) -> None:
    """The app's next code, which counts although the one before was used to connect it."""
    expect(tab.get_by_role("heading", name="Second step")).to_be_visible()
    tab.get_by_label("Code", exact=True).fill(code_of(key, step_at(now()) + 1))
    if trust:
        tab.get_by_label("Trust this device").check()
    tab.get_by_role("button", name="Sign in", exact=True).click()


def test_an_app_recovery_codes_and_a_trusted_device(
    tab: Page, acme: Account, alice: User, tmp_path: Path, complaints: list[str]
) -> None:
    sign_in(tab)
    tab.goto("/profile/")
    tab.get_by_role("link", name="Enable MFA").click()
    tab.get_by_role("link", name="Enable MFA").click()
    confirm(tab)
    key = connect(tab)
    complaints.clear()  # the browser notes every 422

    codes = tab.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    expect(codes).to_have_count(10)
    first = codes.first.inner_text()
    with tab.expect_download() as saved:
        tab.get_by_role("link", name="Download").click()
    saved.value.save_as(tmp_path / "codes.txt")
    assert first in (tmp_path / "codes.txt").read_text()
    tab.get_by_role("link", name="I have kept them").click()
    expect(tab.get_by_text("Enabled", exact=True)).to_be_visible()

    sign_out(tab)
    sign_in(tab)
    type_code(tab, key, trust=True)
    expect(tab.get_by_role("heading", name="Dashboard")).to_be_visible()
    sign_out(tab)
    sign_in(tab)
    expect(tab.get_by_role("heading", name="Dashboard")).to_be_visible()

    tab.goto("/profile/mfa/")
    tab.get_by_role("link", name="Forget all trusted devices").click()
    tab.get_by_role("dialog").get_by_role("button", name="Forget them").click()
    expect(tab.get_by_text("Every trusted device asks for a code")).to_be_visible()
    sign_out(tab)
    sign_in(tab)
    tab.get_by_label("Code", exact=True).fill(first)
    tab.get_by_role("button", name="Sign in", exact=True).click()
    expect(tab.get_by_role("heading", name="Dashboard")).to_be_visible()

    tab.goto("/profile/mfa/")
    expect(tab.get_by_text("9 of 10")).to_be_visible()
    tab.get_by_role("link", name="Disable MFA").click()
    confirm(tab)
    expect(tab.get_by_role("heading", name="Disable MFA?")).to_be_visible()
    tab.get_by_role("button", name="Disable MFA").click()
    expect(tab.get_by_text("Not enabled")).to_be_visible()
    sign_out(tab)
    sign_in(tab)
    expect(tab.get_by_role("heading", name="Dashboard")).to_be_visible()


def test_a_passkey_is_made_and_signs_in(tab: Page, acme: Account, alice: User) -> None:
    door, device = authenticator(tab)
    sign_in(tab)
    tab.goto("/profile/mfa/")
    tab.get_by_role("link", name="Add a passkey").click()
    confirm(tab)
    tab.get_by_label("Name").fill("Laptop")
    tab.get_by_role("button", name="Make the passkey").click()
    tab.get_by_role("link", name="I have kept them").click()
    expect(tab.get_by_text("Laptop")).to_be_visible()
    assert (
        len(door.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) == 1
    )

    tab.get_by_role("link", name="Add a passkey").click()
    tab.get_by_role("button", name="Make the passkey").click()
    expect(tab.get_by_role("alert")).to_contain_text("has a passkey for you here already")

    sign_out(tab)
    tab.get_by_role("button", name="Sign in with a passkey").click()
    expect(tab.get_by_role("heading", name="Dashboard")).to_be_visible()

    sign_out(tab)
    sign_in(tab)
    expect(tab.get_by_role("heading", name="Second step")).to_be_visible()
    tab.get_by_role("button", name="Use a passkey").click()
    expect(tab.get_by_role("heading", name="Dashboard")).to_be_visible()

    tab.goto("/profile/mfa/")
    tab.get_by_role("link", name="Rename Laptop").click()
    tab.get_by_role("button", name="Use a passkey").click()  # in place of the password
    tab.get_by_label("Name").fill("Old laptop")
    tab.get_by_role("button", name="Save").click()
    tab.get_by_role("link", name="Remove Old laptop").click()
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_contain_text("your password alone signs you in")
    dialog.get_by_role("button", name="Remove").click()
    expect(tab.get_by_text("Not enabled")).to_be_visible()

    sign_out(tab)
    tab.get_by_role("button", name="Sign in with a passkey").click()
    expect(tab.get_by_text("This passkey is not known here")).to_be_visible()


def test_an_account_begins_to_need_one_while_somebody_is_there(
    tab: Page, acme: Account, alice: User, complaints: list[str]
) -> None:
    sign_in(tab)
    expect(tab.get_by_role("heading", name="Dashboard")).to_be_visible()
    acme.requires_mfa = True
    acme.save()
    tab.get_by_role("link", name="To Dos").click()
    expect(tab.get_by_text("Acme Dental needs MFA")).to_be_visible()
    tab.get_by_role("link", name="Enable MFA").click()
    connect(tab)  # the password was typed a moment ago
    complaints.clear()  # the browser notes every 422
    tab.get_by_role("link", name="I have kept them").click()
    expect(tab).to_have_url(re.compile("/to-dos/$"))
    tab.goto("/profile/mfa/")
    expect(tab.get_by_text("so yours cannot be removed")).to_be_visible()
    expect(tab.get_by_role("link", name="Disable MFA")).to_have_count(0)
