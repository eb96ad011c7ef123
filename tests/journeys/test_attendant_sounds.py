"""Menus and announcements in a real browser: what only shows when the pages' script runs."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from playwright.sync_api import FilePayload, Page, expect

from deskbell import speech
from deskbell.accounts.models import Account, User
from deskbell.attendant import actions
from deskbell.attendant.models import System
from deskbell.attendant.queries import planned
from deskbell.attendant.rules import Action, ActionType
from deskbell.platform.tenancy import account_scope
from deskbell.portal.attendant.announcements import listen
from tests.browser import SOON, sign_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]
HUM = (b"\x00\x10" * 20 + b"\x00\xf0" * 20) * 200


@pytest.fixture
def line(acme: Account, alice: User, at: datetime) -> System:
    """Acme's system with two menus, Day and Night, and a sound that both may play."""
    with account_scope(acme.pk):
        system = actions.add_system(account=acme, name="Main line", at=at)
        hum = actions.add_announcement(account=acme, name="Hum", type="play", at=at)
        actions.upload_audio(announcement=hum, wav=speech.write_wav(HUM), at=at)
        actions.add_menu(system=system, name="Day", announcement=hum, at=at)
        actions.add_menu(system=system, name="Night", at=at)
    return system


def sound_file(content: bytes) -> FilePayload:
    """A file to be chosen in a form."""
    return {"name": "sound.wav", "mimeType": "audio/wav", "buffer": content}


def signed_in_at(tab: Page, path: str) -> None:
    """Signs alice in and goes there."""
    sign_in(tab)
    expect(tab.get_by_role("heading", name="Dashboard")).to_be_visible()
    tab.goto(path)


def test_the_keypad_by_keyboard_with_a_live_check(tab: Page, acme: Account, line: System) -> None:
    signed_in_at(tab, "/attendant/menus/")
    tab.get_by_role("link", name="Day", exact=True).click()
    pad = tab.get_by_role("navigation", name="Keys of the telephone")
    pad.get_by_role("link", name="1 Free").focus()
    tab.keyboard.press("5")
    kind = tab.get_by_role("group", name="Key 5").get_by_role("combobox").first
    expect(kind).to_be_focused()
    kind.select_option("GO_TO_MENU")
    target = tab.get_by_role("group", name="Key 5").get_by_role("combobox").nth(1)
    expect(target).to_be_visible()
    target.select_option(label="Night")
    expect(pad.get_by_role("link", name="5 Go to Night")).to_be_visible(timeout=SOON)
    seconds = tab.get_by_label("Seconds of silence")
    seconds.fill("500")
    expect(tab.get_by_text("from 1 to 120")).to_be_visible(timeout=SOON)
    seconds.fill("9")
    expect(tab.get_by_text("from 1 to 120")).to_have_count(0, timeout=SOON)
    expect(seconds).to_be_focused()
    tab.get_by_role("button", name="Save to draft").click()
    expect(tab.get_by_role("region", name="Draft")).to_contain_text("1 change not published")
    with account_scope(acme.pk):
        [system] = planned(acme.pk).plan.systems
    assert dict(system.menus[0].keys) == {"5": Action(ActionType.GO_TO_MENU, system.menus[1].sid)}
    assert system.menus[0].timeout_seconds == 9


def test_a_menu_with_a_new_announcement(
    tab: Page, acme: Account, line: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    listen._spoken.cache_clear()
    monkeypatch.setattr(speech, "speak", lambda *_, **__: HUM)
    signed_in_at(tab, "/attendant/menus/new/")
    tab.get_by_label("Name").first.fill("Holiday")
    tab.get_by_label("Text", exact=True).fill("We are on holiday.")
    tab.get_by_role("button", name="Listen").click()
    expect(tab.get_by_text("as callers hear it")).to_be_visible(timeout=SOON)
    tab.get_by_role("button", name="Save to draft").click()
    expect(tab.get_by_role("link", name="Holiday", exact=True)).to_be_visible()
    with account_scope(acme.pk):
        said = planned(acme.pk).plan.announcements[-1]
    assert said.body == "We are on holiday."


def test_listening_says_why_it_cannot(tab: Page, line: System, complaints: list[str]) -> None:
    signed_in_at(tab, "/attendant/announcements/new/")
    tab.get_by_role("button", name="Listen").click()
    expect(tab.get_by_text("Type some words first")).to_be_visible(timeout=SOON)
    complaints.clear()  # the browser notes every 422


def test_an_upload_is_seen_heard_and_saved(
    tab: Page, acme: Account, line: System, complaints: list[str]
) -> None:
    signed_in_at(tab, "/attendant/announcements/new/")
    tab.get_by_label("Name").fill("Ringing")
    tab.get_by_text("Play a sound file").click()
    expect(tab.get_by_label("Text", exact=True)).to_be_hidden()
    field = tab.get_by_label("Sound file", exact=True)
    field.set_input_files([sound_file(b"not a sound")])
    expect(tab.get_by_text("This is not a WAV file")).to_be_visible(timeout=SOON)
    complaints.clear()
    # Longer than anybody looks for it to play: at its end a player stands at the start again.
    field.set_input_files([sound_file(speech.write_wav(HUM[:8000] * 30))])
    play = tab.get_by_role("button", name="Play what was uploaded")
    expect(play).to_be_visible(timeout=SOON)
    play.click()
    heard = tab.locator("[data-sound-played]").first
    expect(heard).not_to_have_attribute("width", "0", timeout=SOON)
    tab.get_by_role("button", name="Save to draft").click()
    row = tab.get_by_role("row", name=re.compile("Ringing"))
    expect(row).to_contain_text("Ready")
    row.get_by_role("link", name="Play “Ringing”").click()
    expect(tab.locator("a.play-row.is-playing, a.play-row:focus").first).to_be_visible()
