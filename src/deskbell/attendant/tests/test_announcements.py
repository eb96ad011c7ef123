"""Announcements: what can be said and uploaded, what is spoken anew, and what keeps one alive."""

from __future__ import annotations

import struct
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from deskbell import speech
from deskbell.accounts.models import Account
from deskbell.attendant import actions, queries
from deskbell.attendant.errors import (
    AnnouncementInAction,
    AnnouncementInMenu,
    AnnouncementNotFound,
    BadAudio,
    SayIncomplete,
    UnknownLanguage,
    UnknownType,
    UnknownVoice,
)
from deskbell.attendant.jobs import speak_announcement
from deskbell.attendant.models import Announcement, Prompt, Sentence, System
from deskbell.attendant.rules import Sentence as Words
from deskbell.attendant.rules.sentences import MUSIC, RINGING, spoken_ahead
from deskbell.foundation.errors import InvalidInput, OutOfScope
from deskbell.platform.tenancy import account_scope, system_scope


def tone(seconds: float = 0.1) -> bytes:
    """A WAV file with something to hear."""
    samples = (3000 if n % 16 < 8 else -3000 for n in range(int(8000 * seconds)))
    return speech.write_wav(b"".join(struct.pack("<h", value) for value in samples))


def stereo_24_bits() -> bytes:
    """A tenth of a second of a square wave at 44.1 kHz, as studios give it."""
    frame = struct.pack("<i", 2_000_000)[:3] * 2
    other = struct.pack("<i", -2_000_000)[:3] * 2
    data = b"".join(frame if n % 88 < 44 else other for n in range(4410))
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, 44_100, 264_600, 6, 24)
    body = b"WAVE" + head + struct.pack("<4sI", b"data", len(data)) + data
    return struct.pack("<4sI", b"RIFF", len(body)) + body


@pytest.fixture
def said(acme: Account, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Announcement:
    """A say announcement that was spoken (by a stand-in: the real engine loads for seconds)."""

    def spoken(text: str, **_options: str) -> bytes:
        return text.encode() * 8

    monkeypatch.setattr("deskbell.speech.speak_mulaw", spoken)
    with account_scope(acme.pk):
        made = actions.add_announcement(account=acme, name="Hours", body="Nine to five", at=at)
        actions.speak(announcement=made, at=at)
        made.refresh_from_db()
    assert made.prompt_id
    return made


def jobs_waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pgqueuer WHERE entrypoint = 'attendant.speak_announcement'"
        )
        return int(cursor.fetchone()[0])


def version_of(system: System) -> object:
    return System.objects.values_list("version", flat=True).get(pk=system.pk)


SAY = {"type": "say", "body": "Nine to five", "language": "en", "voice": "woman"}


@pytest.mark.parametrize(
    ("changed", "error", "field"),
    [
        ({"body": ""}, SayIncomplete, "body"),
        ({"body": " \n"}, SayIncomplete, "body"),
        ({"language": ""}, SayIncomplete, "language"),
        ({"language": "klingon"}, UnknownLanguage, "language"),
        ({"voice": "Robot"}, UnknownVoice, "voice"),
        ({"type": "sing"}, UnknownType, "type"),
        ({"type": ""}, UnknownType, "type"),
        ({"body": "…!"}, InvalidInput, "body"),
        ({"body": "a" * 5001}, InvalidInput, "body"),
        ({"name": "x" * 201}, InvalidInput, "name"),
        ({"name": "\ud800"}, InvalidInput, "name"),
        ({"description": "x" * 1001}, InvalidInput, "description"),
        ({"type": "play", "voice": "Robot"}, UnknownVoice, "voice"),
        ({"sid": "AN1"}, InvalidInput, "sid"),
        ({"sid": "MN" + "0" * 32}, InvalidInput, "sid"),
    ],
)
def test_announcements_that_cannot_be(
    acme: Account, at: datetime, changed: Any, error: type[InvalidInput], field: str
) -> None:
    with account_scope(acme.pk):
        with pytest.raises(error) as caught:
            actions.add_announcement(account=acme, at=at, **({"name": "Hours"} | SAY | changed))
        assert not Announcement.objects.exists()
        if "sid" not in changed:
            made = actions.add_announcement(account=acme, at=at, name="Hours", **SAY)
            with pytest.raises(error):
                actions.edit_announcement(announcement=made, at=at, **changed)
    assert type(caught.value) is error
    assert caught.value.field == field


@pytest.mark.parametrize(
    "written",
    [
        {"language": "google.en-GB-Wavenet-A", "voice": "woman"},
        {"language": "bf", "voice": "MAN"},
        {"voice": ""},
        {"type": "SAY"},
        {"type": "play", "body": "", "language": "", "voice": ""},
    ],
)
def test_announcements_as_the_api_writes_them(acme: Account, at: datetime, written: Any) -> None:
    with account_scope(acme.pk):
        made = actions.add_announcement(account=acme, name="Hours", at=at, **(SAY | written))
        kept = Announcement.objects.get()
    assert made == kept
    assert kept.type == written.get("type", "say").lower()
    assert (kept.language, kept.voice) == tuple(
        (SAY | written)[key] for key in ("language", "voice")
    )


def test_a_sid_comes_back_once(acme: Account, other: Account, at: datetime) -> None:
    sid = "AN" + "0" * 32
    with account_scope(acme.pk):
        made = actions.add_announcement(account=acme, name="Hours", at=at, sid=sid, **SAY)
    assert made.sid == sid
    for account in (acme, other):
        with account_scope(account.pk), pytest.raises(InvalidInput) as caught:
            actions.add_announcement(account=account, name="Hours", at=at, sid=sid, **SAY)
        assert caught.value.field == "sid"


@pytest.mark.parametrize(
    ("fields", "anew"),
    [
        ({"body": "Eight to six"}, True),
        ({"language": "fr"}, True),
        ({"voice": "Woman"}, True),
        ({"name": "Opening hours", "description": "All week"}, False),
        ({"body": "Nine to five"}, False),
        ({"type": "say"}, False),
    ],
)
def test_what_sounds_the_same_is_not_spoken_again(
    said: Announcement, system: System, at: datetime, fields: Any, anew: bool
) -> None:
    later = at + timedelta(hours=1)
    with account_scope(said.account_id):
        before, waiting = version_of(system), jobs_waiting()
        actions.edit_announcement(announcement=said, at=later, **fields)
        assert (version_of(system) != before) is anew
        assert jobs_waiting() - waiting == anew
        kept = Announcement.objects.get()
    assert (kept.prompt_id is None) is anew
    assert (kept.prompt_at is None) is anew
    assert kept.updated_at == later


def test_what_was_edited_while_it_was_spoken_waits_for_its_own_job(
    said: Announcement, at: datetime
) -> None:
    with account_scope(said.account_id):
        actions.edit_announcement(announcement=said, at=at, body="First")
        being_spoken = Announcement.objects.get()
        actions.edit_announcement(announcement=said, at=at, body="Second")
        actions.speak(announcement=being_spoken, at=at)
        assert Announcement.objects.get().prompt is None
        actions.speak(announcement=said, at=at)
        kept = Announcement.objects.select_related("prompt").get()
        assert kept.prompt is not None
        assert bytes(kept.prompt.audio) == b"Second" * 8
        assert kept.prompt_at == at


def test_two_edits_keep_each_others_fields(said: Announcement, at: datetime) -> None:
    with account_scope(said.account_id):
        stale = Announcement.objects.get()
        actions.edit_announcement(announcement=said, at=at, name="Opening")
        actions.edit_announcement(announcement=stale, at=at, description="All week")
        kept = Announcement.objects.get()
    assert (kept.name, kept.description) == ("Opening", "All week")
    assert stale.name == "Opening"


def test_from_say_to_play_and_back(said: Announcement, at: datetime) -> None:
    with account_scope(said.account_id):
        spoken = said.prompt_id
        actions.edit_announcement(announcement=said, at=at, type="play")
        assert said.prompt_id == spoken  # nobody hears silence until a file is there
        actions.upload_audio(announcement=said, wav=tone(), at=at)
        waiting = jobs_waiting()
        actions.edit_announcement(announcement=said, at=at, type="say")
        assert (said.prompt_id, said.body) == (None, "Nine to five")
        assert jobs_waiting() == waiting + 1
        played = actions.add_announcement(account=said.account, name="Jingle", type="play", at=at)
        with pytest.raises(SayIncomplete):
            actions.edit_announcement(announcement=played, at=at, type="say")


def test_an_upload_is_what_callers_hear(said: Announcement, system: System, at: datetime) -> None:
    later = at + timedelta(hours=1)
    with account_scope(said.account_id):
        before = version_of(system)
        actions.upload_audio(announcement=said, wav=stereo_24_bits(), at=later)
        assert version_of(system) != before
        kept = Announcement.objects.select_related("prompt").get()
        actions.speak(announcement=kept, at=later)
    assert (kept.type, kept.prompt_at, kept.updated_at) == ("play", later, later)
    assert kept.prompt is not None
    assert len(bytes(kept.prompt.audio)) == 800
    assert kept.prompt.seconds == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("wav", "words"),
    [
        (b"", "not a WAV file"),
        (b"ID3 an MP3", "not a WAV file"),
        (tone()[:-1], "cut short"),
        (tone() + b"more than it says", "goes on after its end"),
        (tone()[:40] + b"\xff\xff\xff\xff" + tone()[44:], "cut short"),
        (speech.write_wav(b""), "no sound"),
        (speech.write_wav(bytes(16_000)), "only silence"),
        (tone() + bytes(20 * 1024 * 1024), "20 MiB"),
    ],
    ids=["empty", "mp3", "short", "long", "lying", "no sound", "silent", "too large"],
)
def test_audio_that_cannot_be_kept(
    said: Announcement, at: datetime, wav: bytes, words: str
) -> None:
    prompts = Prompt.objects.count()
    with account_scope(said.account_id):
        with pytest.raises(BadAudio, match=words) as caught:
            actions.upload_audio(announcement=said, wav=wav, at=at)
        kept = Announcement.objects.get()
    assert caught.value.field == "file"
    assert (kept.type, kept.prompt_id) == ("say", said.prompt_id)
    assert Prompt.objects.count() == prompts


def hangup_with(sid: str) -> dict[str, str]:
    return {"actionType": "ANNOUNCEMENT_HANGUP", "actionData": sid}


@pytest.mark.parametrize(
    ("use", "error", "words"),
    [
        ("announcement", AnnouncementInMenu, 'Menu "Night" plays it'),
        ("ringback_tone", AnnouncementInMenu, 'Menu "Night" rings with it'),
        ("keys", AnnouncementInAction, 'Menu "Night", key 2, plays it'),
        ("timeout_action", AnnouncementInAction, 'Menu "Night", when nothing is pressed, plays'),
        ("system timeout_action", AnnouncementInAction, 'System "Front desk", when nothing is'),
        ("system invalid_input_action", AnnouncementInAction, "after wrong keys"),
        ("system invalid_extension_action", AnnouncementInAction, "after wrong extensions"),
        ("system no_answer_action", AnnouncementInAction, "when nobody answers"),
        ("system apology", AnnouncementInAction, 'System "Front desk" apologises with it'),
    ],
)
def test_what_is_in_use_stays(
    said: Announcement, system: System, at: datetime, use: str, error: Any, words: str
) -> None:
    key = {"menuKey": "2", "menuAction": hangup_with(said.sid)}
    where, _, field = use.rpartition(" ")
    value: Any = {"keys": [key], "apology": said, "announcement": said, "ringback_tone": said}.get(
        field, hangup_with(said.sid)
    )
    with account_scope(said.account_id):
        fields: Any = {field: value}
        menu = actions.add_menu(system=system, name="Night", at=at, **({} if where else fields))
        if where:
            actions.edit_system(system=system, at=at, **fields)
        with pytest.raises(error, match=words) as caught:
            actions.delete_announcement(announcement=said, at=at)
        assert caught.value.sid == said.sid
        cleared: Any = {field: [] if field == "keys" else None}
        if where:
            actions.edit_system(system=system, at=at, **cleared)
        else:
            actions.edit_menu(menu=menu, at=at, **cleared)
        actions.delete_announcement(announcement=said, at=at)
        assert not Announcement.objects.exists()


def test_what_is_gone_cannot_be_edited(said: Announcement, other: Account, at: datetime) -> None:
    with account_scope(other.pk), pytest.raises(OutOfScope):
        actions.delete_announcement(announcement=said, at=at)
    with account_scope(said.account_id):
        gone = Announcement.objects.get()
        actions.delete_announcement(announcement=said, at=at)
        assert said.name == "Hours"
        for attempt in (
            lambda: actions.edit_announcement(announcement=gone, at=at, name="Back"),
            lambda: actions.upload_audio(announcement=gone, wav=tone(), at=at),
            lambda: actions.delete_announcement(announcement=gone, at=at),
        ):
            with pytest.raises(AnnouncementNotFound) as caught:
                attempt()
            assert caught.value.sid == gone.sid
        actions.speak(announcement=gone, at=at)


def test_an_announcement_is_spoken_by_a_job_of_its_transaction(
    acme: Account, system: System, at: datetime
) -> None:
    before = jobs_waiting()
    with account_scope(acme.pk):
        made = actions.add_announcement(
            account=acme, name="Hours", body="Bonjour", language="fr-FR", at=at
        )
    assert jobs_waiting() == before + 1
    for _ in range(2):
        speak_announcement.work(account_id=acme.pk, announcement_id=made.pk)
    with account_scope(acme.pk):
        made.refresh_from_db()
        assert made.prompt is not None
        assert 0.2 < made.prompt.seconds < 5
        audio = queries.prompt_audio(made.prompt.sha256)
        assert audio is not None
        assert len(audio) == round(made.prompt.seconds * 8000)
        old = system.version
        system.refresh_from_db()
        assert system.version != old
        assert queries.configuration_for(system).announcements[made.sid].prompt
    speak_announcement.work(account_id=acme.pk, announcement_id=0)


def test_an_announcement_that_cannot_be_spoken_does_not_come_back_as_a_job(
    acme: Account, at: datetime
) -> None:
    with account_scope(acme.pk):
        made = actions.add_announcement(account=acme, name="One", body="One", at=at)
        made.language = "klingon"
        made.save()
    speak_announcement.work(account_id=acme.pk, announcement_id=made.pk)
    with account_scope(acme.pk):
        made.refresh_from_db()
        assert made.prompt is None


def test_what_is_not_spoken_yet_is_prepared_once(
    system: System, acme: Account, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoken(text: str, **_options: str) -> bytes:
        return text.encode()  # the real one loads for seconds; above it speaks

    monkeypatch.setattr("deskbell.speech.speak_mulaw", spoken)
    with account_scope(acme.pk):
        actions.add_announcement(account=acme, name="Hours", body="Nine to five", at=at)
    told: list[tuple[int, int, str]] = []
    actions.prepare_prompts(lambda done, total, text: told.append((done, total, text)))
    ahead = {*spoken_ahead(), MUSIC, RINGING}
    total = len(ahead) + 1
    assert [each[:2] for each in told] == [(n, total) for n in range(total)]
    assert told[-1][2] == "Nine to five"
    actions.prepare_prompts(lambda *_told: pytest.fail("nothing is left to do"))
    with system_scope("a test"):
        assert set(Sentence.objects.values_list("text", flat=True)) == ahead
        assert len(queries.prompts_in_use()) == total
        system.refresh_from_db()
        found = queries.configuration_for(system)
    assert all(found.sentence(name).prompt for name in Words)


def test_the_same_audio_is_kept_once(db: None) -> None:
    assert actions.keep_prompt(b"ab") == actions.keep_prompt(b"ab")
    assert Prompt.objects.count() == 1
