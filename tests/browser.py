"""What tests in a real browser share: where it is, how long they wait, how a person signs in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.cast import PASSWORD
from tests.patience import PATIENCE

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PATIENT_CHROMIUM = Path(__file__).with_name("patient_chromium")
SOON = 10_000 * PATIENCE


def sign_in(tab: Page, email: str = "alice@example.com", password: str = PASSWORD) -> None:
    """Fills in the form and sends it."""
    tab.goto("/sign-in/")
    tab.get_by_label("Email Address").fill(email)
    tab.get_by_label("Password").fill(password)
    tab.get_by_role("button", name="Sign in", exact=True).click()


def authenticator(tab: Page) -> tuple[Any, str]:
    """A device in the browser that knows its person; gives Chromium's door to it, and its id."""
    door = tab.context.new_cdp_session(tab)
    door.send("WebAuthn.enable")
    made = door.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return door, made["authenticatorId"]
