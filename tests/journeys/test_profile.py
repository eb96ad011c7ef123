"""My Profile and API Keys in a browser: what people change of themselves, and tokens that work."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core import mail
from django.db import connection
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from deskbell.accounts.models import Account, User
from deskbell.contacts.actions import add_contact
from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.foundation.clock import now
from deskbell.platform.jobs import run_job
from deskbell.platform.tenancy import account_scope
from tests.browser import SOON, sign_in
from tests.cast import PASSWORD

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]
OTHER_PASSWORD = "Sing-the-song-2"


def said(tab: Page, words: str) -> None:
    expect(tab.get_by_role("status").first).to_contain_text(words)


def only_refusals(complaints: list[str]) -> None:
    """The browser notes every form that is refused, and nothing else may be noted."""
    assert all("422" in each for each in complaints), complaints
    complaints.clear()


def part(tab: Page, title: str) -> Any:
    """One of the page's parts, by its heading."""
    return tab.get_by_role("region", name=title)


def send_mails() -> None:
    """What a worker does."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pgqueuer WHERE entrypoint LIKE 'portal.send_%' RETURNING *")
        names = [column.name for column in cursor.description or ()]
        waiting = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for each in waiting:
        run_job(each["entrypoint"], bytes(each["payload"]))


def half_red(path: Path) -> Path:
    """A photograph that a telephone took lying: red at the left, blue at the right once upright."""
    image = Image.new("RGB", (1200, 600), (30, 30, 200))
    image.paste((200, 30, 30), (0, 0, 600, 600))
    exif = Image.Exif()
    exif[0x0112] = 6
    image.transpose(Image.Transpose.ROTATE_90).save(path, "JPEG", exif=exif)
    return path


def test_what_is_known_of_a_person(
    tab: Page, acme: Account, alice: User, tmp_path: Path, complaints: list[str]
) -> None:
    with account_scope(acme.pk):
        contact = add_contact(account_id=acme.pk, name="Dr. Archer", at=now())
        Contact.objects.filter(pk=contact.pk).update(user_id=alice.pk)
    sign_in(tab)
    tab.get_by_label("profile and sign out").click()
    tab.get_by_role("link", name="My Profile").click()
    expect(tab.get_by_role("heading", name="My Profile")).to_be_visible()
    change_picture(tab, alice, tmp_path)
    change_name(tab)
    take_numbers(tab, acme)
    live_by_another_zone(tab)
    only_refusals(complaints)


def test_how_a_person_signs_in(
    tab: Page, browser: Browser, acme: Account, alice: User, complaints: list[str]
) -> None:
    sign_in(tab)
    tab.goto("/profile/")
    change_address(tab)
    change_password(tab, browser)
    only_refusals(complaints)


def change_picture(tab: Page, alice: User, folder: Path) -> None:
    """Chosen by the placeholder, seen upright, moved to the left by a slider, saved and removed."""
    with tab.expect_file_chooser() as chooser:
        tab.locator("label", has_text="Choose a picture").click()
    chooser.value.set_files(half_red(folder / "me.jpg"))
    expect(tab.get_by_role("img", name="What will be seen")).to_be_visible()
    tab.get_by_label("Zoom").fill("200")
    tab.get_by_label("Left to right").fill("0")
    tab.get_by_role("button", name="Save picture").click()
    said(tab, "Your picture is saved.")
    expect(tab.locator("header img.avatar")).to_be_visible()
    alice.refresh_from_db()
    assert alice.picture is not None
    kept = Image.open(io.BytesIO(bytes(alice.picture.content))).convert("RGB")
    assert kept.size == (256, 256)
    for x in (10, 245):  # the left of the picture alone
        red, _, blue = kept.getpixel((x, 128))  # type: ignore[misc]  # it may be a number
        assert red > 150 > blue
    (folder / "bad.png").write_text("<svg><script>alert(1)</script></svg>")
    tab.get_by_label("Profile Picture", exact=True).set_input_files(folder / "bad.png")
    tab.get_by_role("button", name="Save picture").click()
    expect(part(tab, "Profile Information")).to_contain_text("cannot be read as a picture")
    tab.get_by_role("link", name="Remove …").click()
    tab.get_by_role("dialog").get_by_role("button", name="Remove").click()
    said(tab, "Your picture is removed.")
    expect(tab.locator("header span.avatar")).to_have_text("A")


def change_name(tab: Page) -> None:
    tab.get_by_label("Full Name").fill("Alice Archer")
    tab.get_by_role("button", name="Save name").click()
    said(tab, "Your name is saved.")
    expect(tab.locator("header span.avatar")).to_have_text("AA")


def take_numbers(tab: Page, acme: Account) -> None:
    """Refused beside the field, saved, and taken into the delivery methods with one click."""
    tab.get_by_label("Primary Contact Number").fill("hello")
    tab.get_by_role("button", name="Save numbers").click()
    expect(part(tab, "Contact Numbers")).to_contain_text("This is not a phone number")
    tab.get_by_label("Primary Contact Number").fill("212 555 0142")
    tab.get_by_label("Secondary Contact Number 1").fill("+44 20 7946 0958")
    tab.get_by_role("button", name="Save numbers").click()
    said(tab, "Your contact numbers are saved.")
    take = "Take (212) 555-0142 into my delivery methods: Text message"
    tab.get_by_role("button", name=take).click()
    said(tab, "Text message is among your delivery methods now.")
    with account_scope(acme.pk):
        assert DeliveryMethod.objects.get().address == "+12125550142"


def live_by_another_zone(tab: Page) -> None:
    tab.get_by_label("Time zone", exact=True).fill("Europe/London")
    tab.get_by_label("A message was taken").check()
    tab.get_by_role("button", name="Save time zone and emails").click()
    said(tab, "Your time zone and emails are saved.")
    expect(tab.locator(".top-facts")).to_contain_text("Europe/London")
    tab.get_by_role("link", name="Oncall Calendar").click()
    expect(tab.locator(".top-facts")).to_contain_text("America/New_York")
    tab.goto("/profile/")
    expect(tab.get_by_label("A message was taken")).to_be_checked()


def change_address(tab: Page) -> None:
    """A wrong password, then a link that is mailed and followed."""
    tab.get_by_text("Change the address").click()
    tab.get_by_label("New email address").fill("alice@new.example")
    information = part(tab, "Profile Information")
    information.get_by_label("Current password").fill("wrong")
    tab.get_by_role("button", name="Send the link").click()
    expect(information).to_contain_text("This is not your present password.")
    information.get_by_label("Current password").fill(PASSWORD)
    tab.get_by_role("button", name="Send the link").click()
    expect(information).to_contain_text("We sent a link to alice@new.example")
    send_mails()
    written = next(each for each in mail.outbox if each.to == ["alice@new.example"])
    link = re.search(r"/profile/email/\S+/", str(written.body))
    assert link
    tab.goto(link[0])
    tab.get_by_role("button", name="Use alice@new.example").click()
    said(tab, "Your email address is alice@new.example now.")
    send_mails()
    assert mail.outbox[-1].to == ["alice@example.com"]


def change_password(tab: Page, browser: Browser) -> None:
    """The rule is ticked off as it is met; other sessions end; the new one signs in."""
    address = tab.url
    other = browser.new_context(base_url=address.removesuffix("/profile/")).new_page()
    sign_in(other, "alice@new.example")
    expect(other.get_by_role("heading", level=1).first).to_be_visible()
    section = part(tab, "Password")
    section.get_by_label("Current password").fill(PASSWORD)
    section.get_by_label("New password", exact=True).fill("sing")
    expect(section.locator(".is-met")).to_have_text(["A lower-case letter"])
    section.get_by_label("New password", exact=True).fill(OTHER_PASSWORD)
    expect(section.locator(".is-met")).to_have_count(5)
    section.get_by_label("New password again").fill(OTHER_PASSWORD)
    section.get_by_role("button", name="Change Password").click()
    said(tab, "Your password is changed. You are signed out everywhere else.")
    other.reload()
    expect(other.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    sign_in(other, "alice@new.example", OTHER_PASSWORD)
    expect(other.get_by_label("profile and sign out")).to_be_visible()
    other.context.close()


def test_api_keys(
    tab: Page, acme: Account, alice: User, live_server: Any, complaints: list[str]
) -> None:
    def status(path: str, **options: Any) -> int:
        return httpx.get(f"{live_server.url}{path}", **options).status_code

    sign_in(tab)
    tab.get_by_role("link", name="API Keys").click()
    tab.get_by_role("link", name="Create API token").click()
    tab.get_by_role("button", name="Create it").click()
    expect(tab.get_by_text("Say what the token is for")).to_be_visible()
    tab.get_by_label("Name").fill("CRM")
    tab.get_by_label("Read messages and their activities").check()
    tab.get_by_role("button", name="Create it").click()
    token = tab.get_by_role("textbox", name="Token").input_value()
    tab.get_by_role("button", name="Copy the token").click()
    expect(tab.get_by_text(re.compile("^(Copied|Selected)$"))).to_be_visible()
    bearer = {"headers": {"Authorization": f"Bearer {token}"}}
    assert status("/api/v2/messages", **bearer) == 200
    tab.get_by_role("link", name="I have copied it").click()
    row = tab.get_by_role("row", name=re.compile("^CRM"))
    expect(row).to_contain_text("alice@example.com")
    expect(row.locator(".col-count")).to_have_text("1")
    assert token not in tab.content()
    row.get_by_role("link", name="Revoke CRM").click()
    asked = tab.get_by_role("dialog")
    expect(asked).to_contain_text("It may no longer: read messages")
    asked.get_by_role("button", name="Revoke").click()
    said(tab, "The token CRM works no more.")
    assert status("/api/v2/messages", **bearer) == 404

    tab.get_by_role("link", name="Create token", exact=True).click()
    tab.get_by_label("Name").fill("Import")
    tab.get_by_role("button", name="Create it").click()
    sid, _, half = tab.get_by_role("textbox", name="Sid and token").input_value().partition(":")
    assert sid == alice.sid
    assert status("/autoattendant/system/search", auth=(sid, half)) == 200
    tab.get_by_role("link", name="I have copied it").click()
    tab.get_by_role("link", name="Revoke Import").click()
    tab.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    said(tab, "The token Import works no more.")
    assert status("/autoattendant/system/search", auth=(sid, half)) == 401
    only_refusals(complaints)


def test_both_work_without_a_script(
    browser: Browser, live_server: Any, acme: Account, alice: User, tmp_path: Path
) -> None:
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    tab = context.new_page()
    tab.set_default_timeout(SOON)
    sign_in(tab)
    tab.goto("/profile/")
    tab.get_by_label("Profile Picture", exact=True).set_input_files(half_red(tmp_path / "me.jpg"))
    tab.get_by_role("button", name="Save picture").click()
    said(tab, "Your picture is saved.")
    tab.get_by_role("link", name="Remove …").click()
    expect(tab.get_by_role("heading", name="Remove your picture?")).to_be_visible()
    tab.goto("/keys/own/new/")
    tab.get_by_label("Name").fill("Import")
    tab.get_by_role("button", name="Create it").click()
    assert tab.get_by_role("textbox", name="Sid and token").input_value().startswith("RCS")
    context.close()
