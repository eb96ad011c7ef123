"""Pictures of what only oneself sees: profile, picture, passkeys, recovery codes, tokens.

charlie has these, of whom no other picture is. The operator's `operator-mfa-removed` lets him sign
in with his password alone again, for the next time that pictures are taken.
"""

from __future__ import annotations

from playwright.sync_api import FilePayload, Page, expect

from .shot import Shot
from .steps import CHARLIE, add_passkey, confirm


def open_key(page: Page) -> None:
    """Shows the picture that an authenticator app scans, and its key."""
    confirm(page, CHARLIE)
    page.get_by_text("Type a key instead").click()


def open_passkey(page: Page) -> None:
    """Shows the form of a new passkey."""
    confirm(page, CHARLIE)
    expect(page.get_by_role("button", name="Make the passkey")).to_be_visible()


def make_passkey(page: Page) -> None:
    """Makes the first passkey, so that recovery codes show."""
    add_passkey(page, CHARLIE)
    expect(page.get_by_role("list", name="Recovery codes")).to_be_visible()


def rename_passkey(page: Page) -> None:
    """Shows the form with a passkey's name."""
    page.get_by_role("link", name="Rename").click()
    expect(page.get_by_label("Name")).to_be_visible()


def remove_passkey(page: Page) -> None:
    """Opens the dialog that says what goes with the last passkey."""
    page.get_by_role("link", name="Remove My passkey").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def come_to_second_step(page: Page) -> None:
    """Signs out, and in again as far as the second step."""
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Email Address").fill("charlie@brook.example")
    page.get_by_label("Password").fill(CHARLIE)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()


def choose_picture(page: Page) -> None:
    """Chooses a picture of oneself, so that it can be cut."""
    sight: FilePayload = {"name": "me.png", "mimeType": "image/png", "buffer": page.screenshot()}
    page.locator("input[type=file]").set_input_files([sight])
    expect(page.locator("[data-crop-canvas]")).to_be_visible()


def remove_picture(page: Page) -> None:
    """Opens the dialog that takes one's picture away."""
    choose_picture(page)
    page.get_by_role("button", name="Save picture").click()
    page.locator("#information").get_by_role("link", name="Remove …").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def make_token(page: Page) -> None:
    """Makes a token, which is shown once."""
    page.get_by_label("Name").fill("Phone list import")
    page.get_by_role("button", name="Create it").click()
    expect(page.get_by_role("heading", name="Copy the token now")).to_be_visible()


SHOTS = (
    Shot("picture-chosen", "/profile/", choose_picture, "charlie", is_long=False),
    Shot("picture-remove", "/profile/", remove_picture, "charlie", is_long=False, is_once=True),
    Shot("token-shown", "/keys/own/new/", make_token, "charlie", is_once=True),
    Shot("second-factor-app", "/profile/mfa/app/", open_key, "charlie"),
    Shot("passkey-new", "/profile/mfa/passkeys/add/", open_passkey, "charlie"),
    Shot("recovery-codes", "/profile/mfa/passkeys/add/", make_passkey, "charlie", is_once=True),
    Shot("second-factors-on", "/profile/mfa/", person="charlie", is_once=True),
    Shot("passkey-name", "/profile/mfa/", rename_passkey, "charlie", is_once=True),
    Shot("passkey-remove", "/profile/mfa/", remove_passkey, "charlie", is_long=False, is_once=True),
    Shot("second-step", "/sign-out/", come_to_second_step, "charlie", is_once=True),
)
