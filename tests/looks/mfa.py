"""Looks at second factors. The last of all: whoever has one is asked for it from then on."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from deskbell.demo.cast import ALICE
from deskbell.foundation.clock import now
from deskbell.portal.mfa.rules import code_of, step_at
from tests.browser import sign_in
from tests.looks.look import Demo, Look


def confirm(tab: Page, password: str = ALICE.password) -> None:
    """Types the password, where the page asks for it first."""
    if tab.get_by_role("heading", name="Is it you?").is_visible():
        tab.get_by_label("Password").fill(password)
        tab.get_by_role("button", name="Go on").click()


def fail_to_confirm(tab: Page) -> None:
    """Types a wrong password."""
    tab.get_by_label("Password").fill("wrong")
    tab.get_by_role("button", name="Go on").click()
    expect(tab.get_by_text("This is not your password")).to_be_visible()


def type_wrong_code(tab: Page) -> None:
    """Opens the key, and types a code that is none."""
    confirm(tab)
    tab.get_by_label("Code", exact=True).fill("1")
    tab.get_by_role("button", name="Connect").click()
    expect(tab.get_by_role("alert")).to_be_visible()
    tab.get_by_text("Type a key instead").click()


def connect(tab: Page) -> None:
    """Connects an app, so that recovery codes show."""
    confirm(tab)
    tab.get_by_text("Type a key instead").click()
    key = tab.get_by_label("Key to type into the app").input_value().replace(" ", "")
    tab.get_by_label("Code", exact=True).fill(code_of(key, step_at(now())))
    tab.get_by_role("button", name="Connect").click()
    expect(tab.get_by_role("list", name="Recovery codes")).to_be_visible()


def come_to_the_second_step(tab: Page) -> None:
    """Signs out and in again, and types a code that is none."""
    tab.goto("/sign-out/")
    tab.get_by_role("button", name="Sign out").click()
    sign_in(tab, ALICE.email, ALICE.password)
    expect(tab).to_have_url(re.compile("sign-in/code"))
    tab.get_by_label("Code", exact=True).fill("1")
    tab.get_by_role("button", name="Sign in", exact=True).click()
    expect(tab.get_by_role("alert")).to_be_visible()
    tab.get_by_text("No device at hand?").click()


def looks(demo: Demo) -> list[Look]:
    """The pages, and what they look like while somebody works with them."""
    alice = ALICE.name
    return [
        Look("/profile/mfa/", person=alice),
        Look("/profile/confirm/", fail_to_confirm, alice),
        Look("/profile/mfa/app/", type_wrong_code, alice),
        Look("/profile/mfa/passkeys/add/", confirm, alice),
        Look("/profile/mfa/app/", connect, alice),
        Look("/profile/mfa/", person=alice),
        Look("/profile/mfa/disable/", confirm, alice),
        Look("/profile/confirm/code/", person=alice),
        Look("/profile/mfa/", come_to_the_second_step, alice),
    ]
