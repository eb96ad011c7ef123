"""Announcements and their files over the API. Source: seed 002, "Announcement"."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from deskbell import speech
from deskbell.accounts.models import Account
from deskbell.api.autoattendant import announcements
from deskbell.attendant.actions import keep_prompt
from deskbell.attendant.models import Announcement, Prompt
from deskbell.platform.tenancy import system_scope
from tests.autoattendant import ANY_TIME, Answer, Api, Like, any_sid, sound

GONE = "ANd28fddd7f6184a67aacb2dd6c3c00e28"
MESSAGES = {
    "490": "AutoAttendant System not found",
    "519": "Say Required Parameters Missing",
    "520": "Announcement Type Not Found",
    "521": "Announcement Language Not Found",
    "522": "Announcement Voice Not Found",
}
SAY = {"name": "Hours", "type": "say", "body": "We open at nine.", "language": "en-US"}


def record(sid: str, acme: Account, **more: Any) -> dict[str, Any]:
    """An announcement as alice made it."""
    return {
        "sid": sid,
        "dateUpdated": ANY_TIME,
        "dateCreated": ANY_TIME,
        "accountEmail": "alice@example.com",
        "uri": f"/autoattendant/announcement/search/{sid}",
        "enterpriseSid": acme.sid,
        "type": "play",
    } | more


def file_uri(sid: str) -> Like:
    # The seed has it with and without /internal; both work, the shorter is shown.
    return Like(f"/autoattendant/announcement/file/{sid}_[0-9]{{13}}\\.wav")


def test_example_of_creating(as_alice: Api, acme: Account) -> None:
    answer = as_alice.post(
        "announcement",
        {
            "name": "Welcome announcement",
            "description": "Announcement made during working hours",
            "enterpriseSid": acme.sid,
        },
    )
    assert answer.body == {
        "data": record(
            answer.sid,
            acme,
            name="Welcome announcement",
            description="Announcement made during working hours",
        ),
        "code": 200,
        "message": "OK",
    }
    assert answer.sid == any_sid("AN")


def test_example_body_with_a_file_and_blanks(as_alice: Api, acme: Account) -> None:
    answer = as_alice.post(
        "announcement",
        {"name": "Welcome announcement", "file": "……..", "enterpriseSid": f" {acme.sid}"},
    )
    assert answer.data["enterpriseSid"] == acme.sid


@pytest.mark.parametrize("method", ["post", "put"])
def test_example_of_an_enterprise_that_is_none(as_alice: Api, acme: Account, method: str) -> None:
    made = as_alice.post("announcement", {"name": "Welcome"}).sid
    path = "announcement" if method == "post" else f"announcement/{made}"
    body = {"name": "x", "enterpriseSid": "EN838bcdf35f9d421fad3ab516195b873"}
    answer = as_alice.send(method, path, body)
    assert answer.status == 409
    assert answer.body == {
        "errorCode": "467",
        "message": "Enterprise not found",
        "data": {"sid": "EN838bcdf35f9d421fad3ab516195b873"},
    }


def test_example_of_uploading(as_alice: Api, acme: Account) -> None:
    sid = as_alice.post("announcement", {"name": "test api upload"}).sid
    answer = as_alice.upload(sid, sound())
    assert answer.body == {
        "data": record(sid, acme, name="test api upload", fileUri=file_uri(sid)),
        "code": 200,
        "message": "OK",
    }


@pytest.mark.parametrize("call", ["upload", "get", "put", "delete"])
def test_example_of_one_that_is_none(as_alice: Api, call: str) -> None:
    answers = {
        "upload": lambda: as_alice.upload(GONE, sound()),
        "get": lambda: as_alice.get(f"announcement/search/{GONE}"),
        "put": lambda: as_alice.put(f"announcement/{GONE}", {"name": "Working Hours"}),
        "delete": lambda: as_alice.delete(f"announcement/{GONE}"),
    }
    answer = answers[call]()
    assert answer.status == 409
    assert answer.body == {
        "errorCode": "500",
        "message": "Announcement not found",
        "data": {"sid": GONE},
    }


def test_example_of_the_list_and_of_one(as_alice: Api, acme: Account) -> None:
    sid = as_alice.post(
        "announcement",
        {
            "name": "Welcome announcement",
            "description": "Announcement made during working hours",
        },
    ).sid
    as_alice.post("announcement", {"name": "Another"})
    as_alice.upload(sid, sound())
    # The example leaves out type, which the table names.
    found = record(
        sid,
        acme,
        name="Welcome announcement",
        description="Announcement made during working hours",
        fileUri=file_uri(sid),
    )
    # The page prints /user/search for this list; the example below it has the right path.
    query = f"enterpriseSid={acme.sid}&name=Welcome announcement"
    here = (
        f"/autoattendant/announcement/search/?enterpriseSid={acme.sid}"
        "&name=Welcome%20announcement&pageSize=10&page=0"
    )
    assert as_alice.get(f"announcement/search?{query}").body == {
        "data": {
            "result": [found],
            "pageSize": 10,
            "total": 1,
            "page": 0,
            "numPages": 1,
            "start": 0,
            "end": 0,
            "firstPageUri": here,
            "uri": here,
        },
        "code": 200,
        "message": "OK",
    }
    assert as_alice.get(f"announcement/search/{sid}").body == {
        "data": found,
        "code": 200,
        "message": "OK",
    }


def test_example_of_changing(as_alice: Api, acme: Account) -> None:
    said = {
        "type": "say",
        "body": "Welcome to Bob's Car Services. To reach to desired extension, please press 1."
        " Press 2 to know the direction to store. ",
        "language": "google.en-GB-Wavenet-A",
        "voice": "woman",
    }
    sid = as_alice.post("announcement", {"name": "Before"} | said).sid
    keep(sid)
    answer = as_alice.put(
        f"announcement/{sid}",
        {
            "name": "Working Hours",
            "description": "Working Hours Announcement",
            "enterpriseSid": acme.sid,
        },
    )
    assert answer.body == {
        "data": record(
            sid,
            acme,
            name="Working Hours",
            description="Working Hours Announcement",
            fileUri=file_uri(sid),
            **said,
        ),
        "code": 200,
        "message": "OK",
    }


def test_example_of_deleting(as_alice: Api, acme: Account) -> None:
    sid = as_alice.post("announcement", {"name": "test", "description": "testannouncement"}).sid
    as_alice.upload(sid, sound())
    answer = as_alice.delete(f"announcement/{sid}")
    assert answer.body == {
        "data": record(
            sid, acme, name="test", description="testannouncement", fileUri=file_uri(sid)
        ),
        "code": 200,
        "message": "OK",
    }
    assert as_alice.get(f"announcement/search/{sid}").code == "500"


def test_example_of_deleting_one_that_a_menu_plays(as_alice: Api, setup: Any) -> None:
    answer = as_alice.delete(f"announcement/{setup.announcement}")
    assert answer.status == 409
    # details are ours: which menu it is
    assert answer.body == {
        "errorCode": "507",
        "message": "This Announcement cannot be deleted as it is being used in a menu.",
        "data": {"sid": setup.announcement},
        "details": answer.body["details"],
    }
    assert '"Monday"' in answer.body["details"]


def test_deleting_one_that_an_action_plays(as_alice: Api, setup: Any) -> None:
    action = {"actionType": "ANNOUNCEMENT_HANGUP", "actionData": setup.announcement}
    as_alice.put(
        f"menu/{setup.menu}",
        {"announcementSid": None, "keys": [{"menuKey": "1", "menuAction": action}]},
    )
    answer = as_alice.delete(f"announcement/{setup.announcement}")
    assert (answer.status, answer.code) == (409, "523")
    assert answer.body["message"] == (
        "Announcement cannot be deleted as it is assigned to an action in a menu."
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"type": "sing"}, "520"),
        ({"type": "say"}, "519"),
        (SAY, "519"),  # no voice
        (SAY | {"voice": "Man", "body": ""}, "519"),
        (SAY | {"voice": "Man", "body": None}, "519"),
        (SAY | {"voice": "Man", "language": ""}, "519"),
        (SAY | {"voice": "Man", "language": "tlh"}, "521"),
        (SAY | {"voice": "Parrot"}, "522"),
        ({"autoAttendantSid": "AA9fc6143123d048579f7d5b5d76572e1d"}, "490"),
    ],
)
def test_codes(as_alice: Api, body: dict[str, Any], code: str) -> None:
    answer = as_alice.post("announcement", {"name": "Hours"} | body)
    assert (answer.status, answer.code) == (409, code)
    assert answer.body["message"] == MESSAGES[code]
    made = as_alice.post("announcement", {"name": "Hours"}).sid
    assert as_alice.put(f"announcement/{made}", body).code == code


def test_a_system_of_the_enterprise_may_be_named(as_alice: Api, setup: Any) -> None:
    body = {"name": "For it", "autoAttendantSid": setup.system}
    assert as_alice.post("announcement", body).status == 200


def test_say_is_prepared_and_then_there(as_alice: Api) -> None:
    answer = as_alice.post("announcement", SAY | {"voice": ""})
    assert answer.data["status"] == "PREPARING"
    assert "fileUri" not in answer.data
    keep(answer.sid)
    after = as_alice.get(f"announcement/search/{answer.sid}").data
    assert "status" not in after
    assert after["fileUri"] == file_uri(answer.sid)


def test_the_answer_waits_for_the_voice(as_alice: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """The job that speaks runs elsewhere; here it does so while the answer waits."""

    def speak_meanwhile(_seconds: float) -> None:
        with system_scope("test"):
            keep(Announcement.objects.get().sid)

    monkeypatch.setattr(announcements, "PATIENCE", 60.0)
    monkeypatch.setattr("deskbell.api.autoattendant.announcements.time.sleep", speak_meanwhile)
    answer = as_alice.post("announcement", SAY | {"voice": "Woman"})
    assert "status" not in answer.data
    assert answer.data["fileUri"] == file_uri(answer.sid)


def test_what_is_deleted_while_the_answer_waits(
    as_alice: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def delete_meanwhile(_seconds: float) -> None:
        with system_scope("test"):
            Announcement.objects.all().delete()

    monkeypatch.setattr(announcements, "PATIENCE", 60.0)
    monkeypatch.setattr("deskbell.api.autoattendant.announcements.time.sleep", delete_meanwhile)
    answer = as_alice.post("announcement", SAY | {"voice": ""})
    assert answer.data["status"] == "PREPARING"


def keep(sid: str) -> None:
    """Gives an announcement its audio, as the job does that speaks it."""
    with system_scope("test"):
        row = Announcement.objects.get(sid=sid)
        row.prompt, row.prompt_at = keep_prompt(b"\x00\xff" * 800), row.updated_at
        row.save()


def test_null_clears(as_alice: Api) -> None:
    sid = as_alice.post("announcement", {"name": "Hours", "description": "Old"}).sid
    assert "description" not in as_alice.put(f"announcement/{sid}", {"description": None}).data
    assert as_alice.put(f"announcement/{sid}", {"name": None}).code == "453"


# Files


def test_a_file_comes_back_as_callers_hear_it(as_alice: Api, as_charlie: Api) -> None:
    sid = as_alice.post("announcement", {"name": "Music"}).sid
    uri = as_alice.upload(sid, sound(rate=44100, channels=2)).data["fileUri"]
    for path in (uri, uri.replace("/announcement/", "/internal/announcement/")):
        answer = as_alice.client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "audio/wav"
        heard = speech.read_wav(answer.content)
        assert 0.15 < len(heard) / 16000 < 0.25
        assert not speech.is_silent(heard)
    assert as_charlie.client.get(uri).status_code == 409
    assert Api(None, datetime.now()).client.get(uri).status_code == 401  # noqa: DTZ005 unused


def test_another_file_has_another_name(as_alice: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    sid = as_alice.post("announcement", {"name": "Music"}).sid
    before = as_alice.upload(sid, sound()).data["fileUri"]
    after = as_alice.upload(sid, sound(loud=4000)).data["fileUri"]
    assert before != after
    old = as_alice.client.get(before)
    assert (old.status_code, old.json()["errorCode"]) == (409, "500")


def cut(wav: bytes) -> bytes:
    return wav[: len(wav) // 2]


def lying(wav: bytes) -> bytes:
    """Says that it has four gigabytes of sound."""
    return wav[:40] + b"\xff\xff\xff\xff" + wav[44:]


@pytest.mark.parametrize(
    "wav",
    [
        b"",
        b"ID3\x04\x00" + b"\xff\xfb\x90" * 500,
        sound()[:30],
        cut(sound()),
        lying(sound()),
        sound(loud=0),
        sound(0),
        sound()[:24] + b"\x01\x00\x00\x00" + sound()[28:],
    ],
    ids=["empty", "mp3", "header", "cut", "lying", "silent", "no sound", "1 Hz"],
)
def test_files_that_cannot_be_played(as_alice: Api, tmp_path: Path, wav: bytes) -> None:
    sid = as_alice.post("announcement", {"name": "Music"}).sid
    answer = refused(as_alice, tmp_path, sid, wav)
    assert (answer.status, answer.code) == (409, "504")
    assert answer.body["message"] == "Error in uploading audio file"
    assert answer.body["details"]


def test_files_that_are_too_large(as_alice: Api, tmp_path: Path) -> None:
    sid = as_alice.post("announcement", {"name": "Music"}).sid
    megabyte = 1024 * 1024
    small = sound()
    large = small + bytes(20 * megabyte + 1 - len(small))
    assert refused(as_alice, tmp_path, sid, large).code == "504"
    answer = refused(as_alice, tmp_path, sid, bytes(21 * megabyte))
    assert (answer.status, answer.code) == (413, "413")


def refused(api: Api, folder: Path, sid: str, wav: bytes) -> Answer:
    """Uploads what is refused, and looks at what is left."""
    with (
        override_settings(FILE_UPLOAD_TEMP_DIR=str(folder), MEDIA_ROOT=str(folder)),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(tempfile, "tempdir", str(folder))
        answer = api.upload(sid, wav)
    assert not list(folder.iterdir())
    assert not Prompt.objects.exists()
    assert "fileUri" not in api.get(f"announcement/search/{sid}").data
    return answer


def test_a_call_without_a_file(as_alice: Api) -> None:
    sid = as_alice.post("announcement", {"name": "Music"}).sid
    empty = as_alice.client.post(f"/autoattendant/file/announcement/{sid}", {"other": "x"})
    assert (empty.status_code, empty.json()["errorCode"]) == (400, "453")
    assert empty.json()["message"] == "Mandatory parameter missing: file"
    text = as_alice.post(f"file/announcement/{sid}", {"file": "x"})
    assert (text.status, text.code) == (415, "415")
    # The seed's own curl sends this: a multipart header without a boundary, around JSON.
    broken = as_alice.client.generic(
        "POST", f"/autoattendant/file/announcement/{sid}", b"{}", content_type="multipart/form-data"
    )
    assert (broken.status_code, broken.json()["errorCode"]) == (400, "400")
