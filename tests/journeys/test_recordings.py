"""Recordings in a real browser: found, played, sought in, saved byte for byte, and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from deskbell import speech
from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.calls.actions import begin, keep_recording
from deskbell.calls.models import Recording, TranscriptState
from deskbell.foundation.clock import now
from deskbell.foundation.sids import new_sid
from deskbell.messages.actions import Taken, take
from deskbell.platform.tenancy import account_scope
from tests.browser import sign_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]
RATE = 8000
Record = Callable[..., Recording]


def tones(seconds: int) -> bytes:
    """PCM16 whose pitch rises every second, so that each second is known again."""
    time = np.arange(RATE) / RATE
    parts = [9000 * np.sin(2 * np.pi * (300 + 100 * n) * time) for n in range(seconds)]
    return np.concatenate(parts).astype("<i2").tobytes()


@pytest.fixture
def record(acme: Account, acme_number: PhoneNumber, alice: User) -> Record:
    """Records a call of Acme, some minutes ago, with its message."""
    assert alice.pk

    def make(name: str, said: str, *, ago: int = 5, pcm: bytes = b"") -> Recording:
        at = now() - timedelta(minutes=ago)
        with account_scope(acme.pk):
            call = begin(
                account_id=acme.pk,
                sid=new_sid("CA"),
                number=acme_number,
                caller_id="+12125550134",
                caller_name=name,
                dialled=acme_number.number,
                at=at,
            )
            wav = speech.write_wav(pcm or tones(2))
            kept = keep_recording(sid=new_sid("RE"), call_sid=call.sid, wav=wav, seconds=1, at=at)
            rows = Recording.objects.filter(pk=kept.pk)
            rows.update(transcript=said, transcript_state=TranscriptState.DONE)
            take(account_id=acme.pk, taken=Taken(said, recording=kept, call=call), at=at)
        return kept

    return make


def open_list(tab: Page) -> None:
    sign_in(tab)
    expect(tab.get_by_role("heading", name="Dashboard")).to_be_visible()
    tab.get_by_role("link", name="Recordings").click()
    expect(tab.get_by_role("heading", name="Recordings")).to_be_visible()


def test_found_played_and_saved_as_it_was_recorded(
    tab: Page, record: Record, tmp_path: Path
) -> None:
    pcm = tones(6)
    record("Priya Raman", "Please send the invoice again", pcm=pcm)
    record("Noor Haddad", "The water heater is leaking", ago=60)
    open_list(tab)
    rows = tab.locator("tr.row-line")
    expect(rows).to_have_count(2)

    tab.get_by_label("Search").fill("invoice")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Priya Raman")
    tab.get_by_role("link", name="Play the recording of Priya Raman").click()
    expect(tab.locator("a.play-row.is-playing")).to_have_count(1)

    rows.locator("a.row-open").click()
    expect(tab.get_by_role("heading", name="Priya Raman")).to_be_visible()
    expect(tab.get_by_text("Please send the invoice again")).to_be_visible()
    expect(tab.get_by_text("words may be wrong")).to_be_visible()
    tab.get_by_role("button", name="Play the recording").click()
    expect(tab.locator(".sound.is-playing")).to_be_visible()
    seek = tab.get_by_role("slider", name="Where the recording plays")
    seek.focus()
    seek.fill("4")
    expect(tab.locator("[data-sound-time]")).to_have_text(re.compile(r"^0:0[456] / 0:06$"))

    with tab.expect_download() as saving:
        tab.get_by_role("link", name="Download").click()
    file = tmp_path / "saved.wav"
    saving.value.save_as(file)
    assert re.fullmatch(r"[0-9-]+-12125550134\.wav", saving.value.suggested_filename)
    assert speech.read_wav(file.read_bytes()) == pcm

    tab.get_by_role("link", name=re.compile("^Message")).first.click()
    expect(tab.get_by_role("heading", name=re.compile("Message"))).to_be_visible()


def test_what_plays_goes_on_while_one_looks_for_another(tab: Page, record: Record) -> None:
    record("Priya Raman", "Please send the invoice again", pcm=tones(60))
    record("Noor Haddad", "The water heater is leaking", ago=60)
    open_list(tab)
    rows, playing = tab.locator("tr.row-line"), tab.locator("a.play-row.is-playing")
    tab.get_by_role("link", name="Play the recording of Priya Raman").click()
    expect(playing).to_have_count(1)
    tab.get_by_label("Search").fill("heater")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Noor Haddad")
    expect(playing).to_have_count(0)
    tab.get_by_label("Search").fill("invoice")
    expect(rows).to_contain_text("Priya Raman")
    expect(playing).to_have_count(1)


def test_days_in_the_wrong_order_are_said_at_once(tab: Page, record: Record) -> None:
    record("Noor Haddad", "The water heater is leaking")
    open_list(tab)
    tab.get_by_label("From", exact=True).fill("2026-03-05")
    tab.get_by_label("To", exact=True).fill("2026-03-04")
    expect(tab.get_by_text("Ends before it begins")).to_be_visible()
    tab.get_by_label("To", exact=True).fill("")
    expect(tab.get_by_text("Ends before it begins")).to_have_count(0)


def test_by_keyboard_and_on_a_telephone(tab: Page, record: Record) -> None:
    record("Noor Haddad", "The water heater is leaking")
    tab.set_viewport_size({"width": 390, "height": 844})
    sign_in(tab)
    expect(tab.get_by_role("heading", name="Dashboard")).to_be_visible()
    tab.goto("/recordings/")
    wide = tab.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    tab.get_by_role("link", name="Play the recording of Noor Haddad").focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("a.play-row.is-playing")).to_have_count(1)
    tab.locator("a.row-open").focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="Noor Haddad")).to_be_visible()
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
