"""The signed link to a recording: what it opens, for how long, and what it never does."""

from __future__ import annotations

import io
import wave
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.calls import links
from deskbell.calls.actions import begin, keep_recording, remove_audio
from deskbell.calls.models import Recording
from deskbell.foundation import clock
from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.sids import new_sid
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db


def second_of_sound() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(8000)
        writer.writeframes(b"\x00\x08\x00\xf8" * 4000)
    return file.getvalue()


SOUND = second_of_sound()


@pytest.fixture
def recording(acme: Account, acme_number: PhoneNumber, at: datetime) -> Recording:
    with account_scope(acme.pk):
        call = begin(
            account_id=acme.pk,
            sid=new_sid("CA"),
            number=acme_number,
            caller_id="+1 212-555-0134",
            caller_name="",
            dialled=acme_number.number,
            at=at,
        )
        sid = new_sid("RE")
        return keep_recording(sid=sid, call_sid=call.sid, wav=SOUND, seconds=1, at=at)


def path_of(recording: Recording, **options: Any) -> str:
    """A link's path, good from now on."""
    return links.audio_path(recording, at=clock.now(), **options)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_it_opens_exactly_what_was_recorded(client: Client, recording: Recording) -> None:
    answer = client.get(path_of(recording))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "audio/wav"
    assert body(answer) == SOUND
    assert "no-cache" in answer.headers["Cache-Control"]
    assert "Content-Disposition" not in answer.headers


def test_it_is_whole_and_names_the_public_address(recording: Recording, settings: Any) -> None:
    url = links.audio_url(recording, at=clock.now())
    assert url.startswith(f"{settings.ENVIRONMENT.public_url}/recordings/{recording.sid}.wav?")


def test_a_player_seeks(client: Client, recording: Recording) -> None:
    path = path_of(recording)
    part = client.get(path, headers={"Range": "bytes=100-199"})
    assert part.status_code == 206
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(SOUND)}"
    assert body(part) == SOUND[100:200]
    assert body(client.get(path, headers={"Range": "bytes=-44"})) == SOUND[-44:]
    old = client.get(path, headers={"Range": "bytes=0-9", "If-Range": '"another"'})
    assert old.status_code == 200
    same = client.get(path, headers={"Range": "bytes=0-9", "If-Range": part.headers["ETag"]})
    assert same.status_code == 206


@pytest.mark.parametrize(
    "asked", ["bytes=99999999-", "bytes=9-3", "bytes=-0", f"bytes={'9' * 5000}-"]
)
def test_ranges_that_make_no_sense(client: Client, recording: Recording, asked: str) -> None:
    answer = client.get(path_of(recording), headers={"Range": asked})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(SOUND)}"


@pytest.mark.parametrize(
    "asked", ["bytes=", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6", "-", "bytes"]
)
def test_what_is_no_range_gives_all(client: Client, recording: Recording, asked: str) -> None:
    answer = client.get(path_of(recording), headers={"Range": asked})
    assert answer.status_code == 200
    assert body(answer) == SOUND


def test_head_and_a_copy_that_is_still_good(client: Client, recording: Recording) -> None:
    path = path_of(recording)
    head = client.head(path)
    assert head.status_code == 200
    assert head.headers["Content-Length"] == str(len(SOUND))
    assert head.content == b""
    known = client.get(path, headers={"If-None-Match": head.headers["ETag"]})
    assert known.status_code == 304
    assert client.post(path).status_code == 405


def test_as_a_file_it_is_named_by_time_and_caller(client: Client, recording: Recording) -> None:
    answer = client.get(path_of(recording, as_file=True))
    name = "2026-03-04-100000-12125550134.wav"  # ten in the morning in New York
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_it_expires_to_the_second(recording: Recording, at: datetime) -> None:
    query = dict(
        part.split("=") for part in links.audio_path(recording, at=at).split("?")[1].split("&")
    )
    late = at + timedelta(seconds=3600)
    assert (
        links.opened(recording.sid, query, at=late - timedelta(seconds=1)) == recording.account_id
    )
    with pytest.raises(links.LinkRefused, match="expired"):
        links.opened(recording.sid, query, at=late)
    with pytest.raises(InvalidInput):
        links.audio_url(recording, at=at, seconds=0)


def test_expired_is_said(client: Client, recording: Recording) -> None:
    old = links.audio_path(recording, at=clock.now() - timedelta(hours=2))
    answer = client.get(old)
    assert answer.status_code == 403
    assert "expired" in answer.content.decode()


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("account={account}", "account=999999"),
        ("account={account}", "account=٣"),
        ("account={account}&", ""),
        ("until=", "until=9"),
        ("until=", "until=never"),
        ("&key=", "&key=0"),
        ("&key=", "&file=1&key="),
        ("&key=", "&word="),
        ("&key=", "&key=é"),
        ("RE", "RE0"),
    ],
)
def test_what_was_changed_opens_nothing(
    client: Client, recording: Recording, part: str, other: str
) -> None:
    path = path_of(recording)
    forged = path.replace(part.format(account=recording.account_id), other, 1)
    assert forged != path
    answer = client.get(forged)
    assert answer.status_code == 403
    assert "not one of ours" in answer.content.decode()


def test_it_opens_nothing_of_another_account(
    client: Client, recording: Recording, other: Account
) -> None:
    theirs = Recording(account=other, sid=recording.sid, started_at=recording.started_at)
    assert client.get(path_of(theirs)).status_code == 404


def test_removed_or_gone_is_404(client: Client, recording: Recording, at: datetime) -> None:
    path = path_of(recording)
    recording.audio.storage.delete(str(recording.audio.name))
    gone = client.get(path)
    assert gone.status_code == 404
    assert "no longer kept" in gone.content.decode()
    with account_scope(recording.account_id):
        remove_audio(recordings=[recording], at=at)
    assert client.get(path).status_code == 404
