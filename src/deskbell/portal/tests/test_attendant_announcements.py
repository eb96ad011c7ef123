"""Announcements: what is typed and uploaded, who may hear what, and two people at one of them."""

from __future__ import annotations

import io
import re
import wave
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from deskbell import speech
from deskbell.accounts.models import Account, Membership, User
from deskbell.attendant import actions
from deskbell.attendant.actions import drafts
from deskbell.attendant.models import Announcement, Draft, Prompt, System
from deskbell.attendant.queries import planned
from deskbell.attendant.rules.plans import AnnouncementPlan, Plan
from deskbell.platform.tenancy import account_scope
from deskbell.portal.attendant.announcements import listen
from deskbell.portal.attendant.announcements.sounds import kept_by, token_for
from deskbell.portal.attendant.announcements.speakers import language_choices

pytestmark = pytest.mark.django_db
LIST = "/attendant/announcements/"
NEW = "/attendant/announcements/new/"
FORM = {"type": "say", "language": "en-US", "voice": "Man", "description": ""}
HUM = (b"\x00\x10" * 20 + b"\x00\xf0" * 20) * 200


def wav(samples: bytes = HUM, rate: int = 8000) -> bytes:
    """A WAV file, 16-bit mono: a second of a hum."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(samples)
    return file.getvalue()


def named(content: bytes, name: str = "hum.wav") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content, content_type="audio/wav")


def drafted(account: Account) -> dict[str, AnnouncementPlan]:
    """The draft's announcements by name."""
    with account_scope(account.pk):
        return {each.name: each for each in planned(account.pk).plan.announcements}


def seen(page: Client, path: str) -> str:
    """What a form remembers of the part that it shows."""
    found = re.search(r'name="seen" value="([^"]*)"', page.get(path).content.decode())
    return found[1] if found else ""


def body(answer: Any) -> bytes:
    """All of a streamed answer."""
    return b"".join(answer.streaming_content)


@pytest.fixture
def hours(acme: Account, attendant: System, at: datetime) -> Announcement:
    """A text that callers hear, spoken already, which key 2 of Day plays."""
    with account_scope(acme.pk):
        made = actions.add_announcement(
            account=acme,
            name="Opening hours",
            body="We are open.",
            language="en",
            voice="Man",
            at=at,
        )
        Announcement.objects.filter(pk=made.pk).update(prompt=actions.keep_audio(wav()))
        plays = {"actionType": "ANNOUNCEMENT_RETURN", "actionData": made.sid}
        day = attendant.menus.get(name="Day")
        keys = [*day.keys, {"menuKey": "2", "menuAction": plays}]
        actions.edit_menu(menu=day, keys=keys, at=at)
    return made


def test_a_list_without_announcements_says_what_to_do(page: Client) -> None:
    text = page.get(LIST).content.decode()
    assert "There is no announcement yet" in text
    assert NEW in text


def test_the_list_says_what_is_heard_and_who_uses_it(page: Client, hours: Announcement) -> None:
    text = page.get(LIST).content.decode()
    assert "We are open." in text
    assert "English (United States), Man" in text
    assert "key 2" in text
    assert "0:01" in text
    assert "Ready" in text
    assert f"{LIST}sounds/{wav_name()}/" in text


def wav_name() -> str:
    """The name of the prompt of `wav()`."""
    import hashlib

    return hashlib.sha256(speech.to_mulaw(speech.read_wav(wav()))).hexdigest()


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ("?q=open", True),
        ("?q=nothing+like+it", False),
        ("?show=say", True),
        ("?show=play", False),
        ("?show=unused", False),
        ("?show=nonsense&sort=nonsense&page=99", True),
        ("?sort=length&dir=desc", True),
    ],
)
def test_finding_announcements(
    page: Client, hours: Announcement, query: str, is_there: bool
) -> None:
    assert ("We are open." in page.get(LIST + query).content.decode()) is is_there


def test_the_list_as_a_file(page: Client, hours: Announcement) -> None:
    answer = page.get(LIST, {"format": "csv"})
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "Opening hours" in answer.content.decode()


def test_a_new_text_waits_in_the_draft(page: Client, acme: Account) -> None:
    answer = page.post(NEW, FORM | {"name": "Closed", "body": "We are closed.\r\nGoodbye."})
    assert answer.status_code == 302
    made = drafted(acme)["Closed"]
    assert made.body == "We are closed.\nGoodbye."
    assert (made.type, made.language, made.voice) == ("say", "en-US", "Man")
    with account_scope(acme.pk):
        assert not Announcement.objects.exists()
    text = page.get(LIST).content.decode()
    assert "Spoken when published" in text
    assert "1 change not published" in text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "Give it a name"),
        ({"name": "x" * 201}, "up to 200"),
        ({"body": "…!"}, "no word to speak"),
        ({"body": "x" * 5001}, "up to 5000"),
        ({"language": "tlh"}, "languages in the list"),
        ({"voice": "Robot"}, "Choose Man or Woman"),
        ({"type": "sing"}, "Choose a text or a sound file"),
        ({"type": "play"}, "Choose a WAV file"),
        ({"name": "a\x00b"}, "cannot be kept"),
    ],
)
def test_bad_input_keeps_what_was_typed(
    page: Client, acme: Account, typed: dict[str, str], words: str
) -> None:
    sent = FORM | {"name": "Kept name", "body": "Kept words"} | typed
    answer = page.post(NEW, sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "Kept name" in text or "name" in typed
    assert "Kept words" in text or "body" in typed
    assert drafted(acme) == {}


def test_editing_changes_only_what_was_changed(
    page: Client, acme: Account, hours: Announcement
) -> None:
    path = f"{LIST}{hours.sid}/"
    sent = FORM | {"name": "Hours", "body": "We are open.", "seen": seen(page, path)}
    assert page.post(path, sent).status_code == 302
    made = drafted(acme)["Hours"]
    assert made.language == "en"  # as the API wrote it; it means what the form shows
    assert made.sid == hours.sid


def test_the_second_of_two_people_is_told(page: Client, acme: Account, hours: Announcement) -> None:
    path = f"{LIST}{hours.sid}/"
    before = seen(page, path)
    first = FORM | {"name": "Opening hours", "body": "Open until six.", "seen": before}
    assert page.post(path, first).status_code == 302
    second = FORM | {"name": "Opening hours", "body": "Open until noon.", "seen": before}
    answer = page.post(path, second)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Open until noon." in text
    assert "Open until six." in text
    assert drafted(acme)["Opening hours"].body == "Open until six."
    again = re.search(r'name="seen" value="([^"]+)"', text)
    assert again
    assert page.post(path, second | {"seen": again[1]}).status_code == 302
    assert drafted(acme)["Opening hours"].body == "Open until noon."


def test_what_was_deleted_meanwhile_is_said(page: Client, hours: Announcement) -> None:
    path = f"{LIST}{hours.sid}/"
    mark = seen(page, path)
    assert page.post(f"{path}delete/").status_code == 302
    assert page.get(path).status_code == 404
    assert page.post(path, FORM | {"name": "x", "body": "y", "seen": mark}).status_code == 404


def test_uploading_without_a_script(page: Client, acme: Account) -> None:
    sent = FORM | {"type": "play", "name": "Hum", "file": named(wav(rate=44100))}
    assert page.post(NEW, sent).status_code == 302
    made = drafted(acme)["Hum"]
    assert made.type == "play"
    assert Prompt.objects.get(pk=made.audio).seconds == pytest.approx(8000 / 44100, abs=0.01)


def test_an_upload_stays_when_the_rest_is_wrong(page: Client, acme: Account) -> None:
    answer = page.post(NEW, FORM | {"type": "play", "name": "", "file": named(wav())})
    text = answer.content.decode()
    assert answer.status_code == 422
    token = re.search(r'name="kept" value="([^"]+)"', text)
    assert token
    sound = re.search(rf'src="({LIST}sounds/[^"]+)"', text)
    assert sound
    assert page.get(sound[1].replace("&amp;", "&")).status_code == 200
    sent = FORM | {"type": "play", "name": "Hum", "kept": token[1]}
    assert page.post(NEW, sent).status_code == 302
    assert drafted(acme)["Hum"].audio == wav_name()


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"", 422, "WAV"),
        (b"ID3 not a wav file at all", 422, "not a WAV file"),
        (wav()[:-100], 422, "cut short"),
        (wav(b"\x00\x00" * 8000), 422, "silence"),
        (b"RIFF" + b"\x00" * (21 * 1024 * 1024), 413, "20 MiB"),
    ],
)
def test_bad_audio_is_refused_in_words(
    page: Client, content: bytes, status: int, words: str
) -> None:
    answer = page.post(f"{LIST}upload/", {"file": named(content)})
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert not Prompt.objects.exists()
    form = page.post(NEW, FORM | {"type": "play", "name": "Hum", "file": named(content)})
    assert form.status_code == 422
    assert words in form.content.decode()


def test_an_upload_by_script_shows_the_sound(page: Client, acme: Account) -> None:
    answer = page.post(f"{LIST}upload/", {"file": named(wav())})
    text = answer.content.decode()
    assert answer.status_code == 200
    token = re.search(r'name="kept" value="([^"]+)"', text)
    assert token
    assert kept_by(token[1], acme.pk) == wav_name()
    assert "wave.svg" in text


def test_a_token_is_good_for_one_account_only(acme: Account, other: Account) -> None:
    token = token_for(acme.pk, "ab")
    assert kept_by(token, acme.pk) == "ab"
    assert kept_by(token, other.pk) == ""
    assert kept_by(token + "x", acme.pk) == ""
    assert kept_by("ab", acme.pk) == ""


def test_a_sound_is_heard_in_parts_and_seen(page: Client, hours: Announcement) -> None:
    path = f"{LIST}sounds/{wav_name()}/"
    whole = page.get(path)
    assert whole.headers["Content-Type"] == "audio/wav"
    sound = body(whole)
    assert speech.read_wav(sound) == speech.from_mulaw(speech.to_mulaw(speech.read_wav(wav())))
    part = page.get(path, headers={"Range": "bytes=44-99"})
    assert part.status_code == 206
    assert body(part) == sound[44:100]
    assert page.get(path, headers={"Range": "bytes=999999999-"}).status_code == 416
    picture = page.get(f"{path}wave.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert "immutable" in picture.headers["Cache-Control"]
    kept = page.get(f"{path}wave.svg", headers={"If-None-Match": picture.headers["ETag"]})
    assert kept.status_code == 304


@pytest.mark.parametrize("file", ["", "wave.svg"])
def test_no_other_tenants_sound_by_any_door(
    signed_in: Callable[[User], Client],
    charlie: User,
    acme: Account,
    other: Account,
    hours: Announcement,
    file: str,
) -> None:
    theirs = signed_in(charlie)
    path = f"{LIST}sounds/{wav_name()}/{file}"
    token = token_for(acme.pk, wav_name())
    assert theirs.get(path).status_code == 404
    assert theirs.get(path, {"kept": token}).status_code == 404
    assert theirs.get(path, headers={"If-None-Match": f'"{wav_name()}"'}).status_code == 404
    for kept in (token, wav_name()):
        sent = FORM | {"type": "play", "name": "Stolen", "kept": kept}
        assert theirs.post(NEW, sent).status_code == 422
    assert drafted(other) == {}


def test_sounds_of_drafts_and_of_the_past_are_heard(
    page: Client, acme: Account, alice: User, at: datetime
) -> None:
    path = f"{LIST}sounds/{wav_name()}/"
    assert page.get(path).status_code == 404
    sent = FORM | {"type": "play", "name": "Hum", "file": named(wav())}
    page.post(NEW, sent)
    assert page.get(path).status_code == 200  # in the draft
    with account_scope(acme.pk):
        drafts.publish(account=acme, at=at, by=alice.email)
        sid = Announcement.objects.get().sid
    assert page.get(path).status_code == 200  # live
    page.post(f"{LIST}{sid}/delete/")
    with account_scope(acme.pk):
        drafts.publish(account=acme, at=at, by=alice.email)
        assert not Announcement.objects.exists()
        assert not Draft.objects.exists()
    assert page.get(path).status_code == 200  # in the history


def test_deleting_says_what_it_is_taken_out_of(
    page: Client, acme: Account, hours: Announcement
) -> None:
    path = f"{LIST}{hours.sid}/delete/"
    text = page.get(path).content.decode()
    assert "key 2" in text
    assert "Delete and take it out" in text
    assert page.post(path).status_code == 302
    with account_scope(acme.pk):
        plan = planned(acme.pk).plan
    assert plan.announcements == ()
    assert [key for menu in plan.systems[0].menus for key, _ in menu.keys] == ["1"]


def test_somebody_without_the_right_looks_only(
    signed_in: Callable[[User], Client], bob: User, acme: Account, hours: Announcement
) -> None:
    Membership.objects.filter(user=bob).update(role="")
    client = signed_in(bob)
    text = client.get(f"{LIST}{hours.sid}/").content.decode()
    assert "Save to draft" not in text
    assert "Listen" not in text
    for path in (NEW, f"{LIST}{hours.sid}/", f"{LIST}{hours.sid}/delete/"):
        assert client.post(path, FORM | {"name": "x", "body": "y"}).status_code == 403
    assert client.post(f"{LIST}upload/", {"file": named(wav())}).status_code == 403
    assert client.post(f"{LIST}listen/", {"body": "Hello"}).status_code == 403


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was spoken, by a voice that needs no engine."""
    said: list[str] = []

    def speak(text: str, *, language: str, voice: str) -> bytes:
        said.append(f"{text} {language} {voice}")
        return HUM

    cache.clear()
    listen._spoken.cache_clear()
    monkeypatch.setattr(speech, "speak", speak)
    return said


def test_listening_to_what_is_typed(page: Client, spoken: list[str]) -> None:
    typed = {"body": "Hello there", "language": "de-DE", "voice": "Woman"}
    answer = page.post(f"{LIST}listen/", typed)
    assert answer.headers["Content-Type"] == "audio/wav"
    assert speech.read_wav(answer.content) == HUM
    in_a_menu = {f"new_{name}": value for name, value in typed.items()} | {"listen": "new_"}
    assert page.post(f"{LIST}listen/", in_a_menu).status_code == 200
    assert spoken == ["Hello there de-DE Woman"]  # the same words are spoken once


@pytest.mark.parametrize(
    ("typed", "words"), [("", "Type some words"), ("x" * 1001, "up to 1000 characters")]
)
def test_what_cannot_be_listened_to(
    page: Client, spoken: list[str], typed: str, words: str
) -> None:
    answer = page.post(f"{LIST}listen/", {"body": typed})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert spoken == []


def test_listening_too_often(page: Client, spoken: list[str]) -> None:
    asked = [
        page.post(f"{LIST}listen/", {"body": f"Hello {turn}"})
        for turn in range(2 * listen.A_MINUTE + 1)
    ]
    refused = asked[-1]
    assert refused.status_code == 429
    assert refused.headers["Retry-After"]
    assert "times a minute" in refused.content.decode()


def test_without_an_engine_it_is_said(
    page: Client, spoken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def speak(*_: object, **__: object) -> bytes:
        raise speech.SpeechUnavailable("Nothing here can speak: install Piper")

    monkeypatch.setattr(speech, "speak", speak)
    answer = page.post(f"{LIST}listen/", {"body": "Hello"})
    assert answer.status_code == 503
    assert "install Piper" in answer.content.decode()


def test_languages_are_grouped_and_none_is_twice() -> None:
    groups = dict(language_choices(["de", "en-GB"]))
    assert [name for _, name in groups["Used here"]] == ["English (United Kingdom)", "German"]
    tags = [tag for found in groups.values() for tag, _ in found]
    assert sorted(tags) == sorted(speech.languages())


def test_a_plan_keeps_other_parts(page: Client, acme: Account, hours: Announcement) -> None:
    before = planned_plan(acme)
    page.post(NEW, FORM | {"name": "Closed", "body": "We are closed."})
    after = planned_plan(acme)
    assert after.systems == before.systems
    assert after.announcements[:-1] == before.announcements


def planned_plan(account: Account) -> Plan:
    """The draft's plan."""
    with account_scope(account.pk):
        return planned(account.pk).plan
