"""Looks at the attendant."""

from __future__ import annotations

import re

from playwright.sync_api import FilePayload, Page, expect

from deskbell.foundation.clock import now
from deskbell.speech import write_wav
from tests.looks.look import Demo, Look
from tests.looks.steps import open_delete, open_first_row


def save_nothing(tab: Page) -> None:
    """Sends an empty form, so that errors stand beside fields."""
    tab.get_by_role("button", name="Save to draft").click()
    expect(tab.locator(".field-says").first).to_be_visible()


def describe_first(tab: Page) -> None:
    """Changes the first system, so that the draft's bar shows."""
    open_first_row(tab)
    tab.get_by_label("Description").fill(f"Seen at {now():%H:%M:%S.%f}")
    tab.get_by_role("button", name="Save to draft").click()
    expect(tab.get_by_role("region", name="Draft")).to_be_visible()


def publish_draft(tab: Page) -> None:
    """Publishes the draft through its dialog, and shows the history."""
    tab.get_by_role("link", name="Publish").click()
    tab.get_by_label("Note").fill("For the summer")
    tab.get_by_role("button", name="Publish").click()
    expect(tab.get_by_role("heading", name="History")).to_be_visible()


def press_a_key(tab: Page) -> None:
    """Has a free key of the first menu lead to nothing yet, and waits for the live check."""
    open_first_row(tab)
    tab.get_by_role("link", name=re.compile("^7")).click()
    tab.get_by_role("group", name="Key 7").locator("select").first.select_option("VOICEMAIL")
    expect(tab.get_by_role("link", name=re.compile("^7 Take a message"))).to_be_visible()


def upload_hum(tab: Page) -> None:
    """Uploads a sound, so that its picture and player show."""
    tab.get_by_text("Play a sound file").click()
    hum = write_wav((b"\x00\x10" * 20 + b"\x00\xf0" * 20) * 200)
    file: FilePayload = {"name": "hum.wav", "mimeType": "audio/wav", "buffer": hum}
    tab.get_by_label("Sound file", exact=True).set_input_files([file])
    expect(tab.get_by_role("button", name="Play what was uploaded")).to_be_visible()


def open_box(tab: Page) -> None:
    """Opens the panel about a menu; in the list, where the picture is too wide."""
    links = tab.locator("[data-flow]:visible")
    links.nth(min(4, links.count() - 1)).click()
    expect(tab.locator(".part-head")).to_be_visible()


def unfold_hours(tab: Page) -> None:
    """Shows the week as a table, and adds a row."""
    tab.locator("summary", has_text="Hours as a table").click()
    tab.get_by_role("button", name="Add hours").click()


def ask_for_emergency(tab: Page) -> None:
    """Opens the emergency switch's dialog."""
    tab.get_by_role("link", name="Emergency").click()
    expect(tab.get_by_role("dialog")).to_be_visible()


def looks(demo: Demo) -> list[Look]:
    """The pages, and what they look like while somebody works with them."""
    return [
        Look("/attendant/", person="alice"),
        Look("/attendant/", open_box, person="alice"),
        Look("/attendant/?as=list", person="alice"),
        Look("/attendant/schedules/", person="alice"),
        Look("/attendant/schedules/", unfold_hours, person="alice"),
        Look("/attendant/time-machine/?keys=1t2", person="alice"),
        Look("/attendant/time-machine/?date=never", person="alice"),
        Look("/attendant/test-call/", person="alice"),
        Look("/attendant/", ask_for_emergency, person="alice"),
        Look("/attendant/systems/", person="alice"),
        Look("/attendant/systems/", open_first_row, person="alice"),
        Look("/attendant/systems/new/", save_nothing, person="alice"),
        Look("/attendant/systems/?q=zebra", person="alice"),
        Look("/attendant/menus/", person="alice"),
        Look("/attendant/menus/", open_first_row, person="alice"),
        Look("/attendant/menus/", press_a_key, person="alice"),
        Look("/attendant/menus/new/", save_nothing, person="alice"),
        Look("/attendant/menus/", open_delete, person="alice"),
        Look("/attendant/announcements/", person="alice"),
        Look("/attendant/announcements/", open_first_row, person="alice"),
        Look("/attendant/announcements/new/", save_nothing, person="alice"),
        Look("/attendant/announcements/new/", upload_hum, person="alice"),
        Look("/attendant/announcements/?show=play", person="alice"),
        Look("/attendant/numbers/", person="alice"),
        Look("/attendant/numbers/", open_first_row, person="alice"),
        Look("/attendant/systems/", describe_first, person="alice"),
        Look("/attendant/history/draft/", person="alice"),
        Look("/attendant/history/draft/publish/", person="alice"),
        Look("/attendant/systems/", open_delete, person="alice"),
        Look("/attendant/systems/", publish_draft, person="alice"),
        Look("/attendant/history/", open_first_row, person="alice"),
    ]
