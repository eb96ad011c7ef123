"""Recordings are written down piece by piece, once, and only where that is switched on.

Google is met at the HTTP seam, with its documented requests and answers; PocketSphinx is the real
one.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from deskbell import speech
from deskbell.accounts.models import Account, PhoneNumber
from deskbell.calls import listening, transcripts
from deskbell.calls.actions import begin, keep_recording, remove_audio
from deskbell.calls.models import Recording, TranscriptState
from deskbell.foundation import http
from deskbell.foundation.errors import Unreachable
from deskbell.foundation.http import Answer
from deskbell.foundation.sids import new_sid
from deskbell.platform.changes import version_of
from deskbell.platform.jobs import run_job
from deskbell.platform.tenancy import account_scope
from deskbell.speech.providers.google.hearing import HEAR_URL

pytestmark = pytest.mark.django_db

SECOND = b"\x00\x10\x00\xf0" * 4000
Keep = Callable[..., Recording]


def heard(*texts: str) -> Answer:
    """Google's answer for stretches in which these words were understood."""
    results = [
        {"alternatives": [{"transcript": text, "confidence": 0.9}], "languageCode": "en-us"}
        for text in texts
    ]
    body = {"results": results, "totalBilledTime": "15s", "requestId": "1"}
    return Answer(200, {}, json.dumps(body).encode())


def refused(status: int) -> Answer:
    body = {"error": {"code": status, "message": "no", "status": "RESOURCE_EXHAUSTED"}}
    return Answer(status, {}, json.dumps(body).encode())


@pytest.fixture
def way(settings: Any) -> Callable[[str], None]:
    def choose(name: str) -> None:
        settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, transcripts=name)

    return choose


@pytest.fixture
def google(
    way: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> tuple[list[dict[str, Any]], list[Answer | Exception]]:
    """What Google was sent, and what it answers in turn."""
    sent: list[dict[str, Any]] = []
    answers: list[Answer | Exception] = []

    def request(
        _method: str, url: str, *, body: bytes, headers: Mapping[str, str], **_: object
    ) -> Answer:
        sent.append({"url": url, "key": headers["X-Goog-Api-Key"], **json.loads(body)})
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    way("google")
    monkeypatch.setenv("DESKBELL_GOOGLE_KEY", "a-key-nobody-may-read")
    monkeypatch.setattr(http, "request", request)
    return sent, answers


@pytest.fixture
def keep(acme: Account, acme_number: PhoneNumber, at: datetime) -> Keep:
    """Keeps a recording of PCM16."""

    def make(pcm: bytes = SECOND) -> Recording:
        with account_scope(acme.pk):
            call = begin(
                account_id=acme.pk,
                sid=new_sid("CA"),
                number=acme_number,
                caller_id="+12125550134",
                caller_name="",
                dialled=acme_number.number,
                at=at,
            )
            wav = speech.write_wav(pcm)
            return keep_recording(sid=new_sid("RE"), call_sid=call.sid, wav=wav, seconds=1, at=at)

    return make


def queued() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payload FROM pgqueuer WHERE entrypoint = 'calls.transcribe' ORDER BY id"
        )
        return [json.loads(bytes(row[0])) for row in cursor.fetchall()]


def work() -> int:
    """Runs what is queued, as a worker does; how many jobs that was."""
    waiting = queued()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pgqueuer WHERE entrypoint = 'calls.transcribe'")
    for payload in waiting:
        run_job("calls.transcribe", json.dumps(payload).encode())
    return len(waiting)


def now(recording: Recording) -> Recording:
    with account_scope(recording.account_id):
        return Recording.objects.get(pk=recording.pk)


def test_switched_off_nothing_waits(keep: Keep) -> None:
    assert now(keep()).transcript_state == TranscriptState.NONE
    assert queued() == []


def test_google_is_asked_as_it_documents(
    keep: Keep, google: tuple[list[dict[str, Any]], list[Answer | Exception]]
) -> None:
    sent, answers = google
    recording = keep()
    assert now(recording).transcript_state == TranscriptState.WAITING
    answers.append(heard("Hello, this is Priya.", " Please call me back."))
    before = version_of(recording.account_id)
    assert work() == 1
    found = now(recording)
    assert found.transcript == "Hello, this is Priya. Please call me back."
    assert found.transcript_state == TranscriptState.DONE
    assert found.heard_seconds == pytest.approx(1)
    assert version_of(recording.account_id) > before
    [asked] = sent
    assert asked["url"] == HEAR_URL
    assert asked["config"]["encoding"] == "LINEAR16"
    assert asked["config"]["sampleRateHertz"] == 8000
    assert base64.b64decode(asked["audio"]["content"]) == SECOND
    assert queued() == []


def test_a_long_one_goes_in_pieces_and_loses_nothing(
    keep: Keep, google: tuple[list[dict[str, Any]], list[Answer | Exception]]
) -> None:
    sent, answers = google
    recording = keep(SECOND * 130)
    answers += [heard(f"part {number}") for number in range(9)]
    rounds = 0
    while work():
        rounds += 1
        state = now(recording).transcript_state
        assert state == (TranscriptState.WAITING if queued() else TranscriptState.DONE)
    assert rounds > 2
    assert now(recording).transcript == " ".join(f"part {number}" for number in range(rounds))
    sizes = [len(base64.b64decode(each["audio"]["content"])) for each in sent]
    assert sum(sizes) == len(SECOND) * 130
    assert max(sizes) <= 50 * 16_000


def test_a_job_that_runs_twice_writes_once(
    keep: Keep, google: tuple[list[dict[str, Any]], list[Answer | Exception]]
) -> None:
    recording = keep(SECOND * 60)
    google[1].extend([heard("one"), heard("two"), heard("three")])
    [first] = queued()
    work()
    piece = transcripts.Piece(now(recording), b"", 0, 1, is_last=False)
    with account_scope(recording.account_id):
        assert not transcripts.keep(piece, "again")
    while work():
        pass
    run_job("calls.transcribe", json.dumps(first).encode())
    assert now(recording).transcript.startswith("one two")
    assert "again" not in now(recording).transcript
    assert queued() == []


@pytest.mark.parametrize(
    "answer",
    [
        refused(429),
        refused(403),
        Answer(200, {}, b"not json"),
        Answer(200, {}, json.dumps({"results": ["?"]}).encode()),
        Unreachable("it took too long"),
    ],
)
def test_a_failure_is_tried_again_then_given_up(
    keep: Keep,
    google: tuple[list[dict[str, Any]], list[Answer | Exception]],
    answer: Answer | Exception,
    caplog: pytest.LogCaptureFixture,
) -> None:
    recording = keep()
    with caplog.at_level(logging.DEBUG):
        for tries in range(len(listening.WAITS)):
            google[1].append(answer)
            work()
            assert [each["tries"] for each in queued()] == [tries + 1]
            assert now(recording).transcript_state == TranscriptState.WAITING
        google[1].append(answer)
        work()
    assert now(recording).transcript_state == TranscriptState.FAILED
    assert queued() == []
    assert "a-key-nobody-may-read" not in caplog.text


def test_it_goes_on_after_a_failure(
    keep: Keep, google: tuple[list[dict[str, Any]], list[Answer | Exception]]
) -> None:
    recording = keep()
    google[1].extend([refused(503), heard("Hello\0 again")])
    work()
    work()
    assert now(recording).transcript == "Hello again"


def test_nothing_understood_is_done(
    keep: Keep, google: tuple[list[dict[str, Any]], list[Answer | Exception]]
) -> None:
    understood, silent = keep(), keep(b"\0\0" * 8000)
    google[1].append(Answer(200, {}, b'{"totalBilledTime": "15s"}'))
    work()
    for each in (understood, silent):
        assert now(each).transcript_state == TranscriptState.DONE
        assert now(each).transcript == ""


def test_without_a_key_it_waits(
    keep: Keep, way: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DESKBELL_GOOGLE_KEY", raising=False)
    monkeypatch.delenv("DESKBELL_GOOGLE_ACCOUNT", raising=False)
    way("google")
    keep()
    work()
    assert [each["tries"] for each in queued()] == [1]


def test_removed_meanwhile_stays_without_words(
    keep: Keep, google: tuple[list[dict[str, Any]], list[Answer | Exception]], at: datetime
) -> None:
    recording = keep()
    with account_scope(recording.account_id):
        piece = transcripts.next_piece(recording.sid)
        assert piece is not None
        remove_audio(recordings=[recording], at=at)
        assert not transcripts.keep(piece, "heard too late")
    work()
    assert google[0] == []
    assert now(recording).transcript == ""
    assert now(recording).transcript_state == TranscriptState.NONE


def test_a_file_that_is_gone_is_given_up(
    keep: Keep, google: tuple[list[dict[str, Any]], list[Answer | Exception]]
) -> None:
    recording = keep()
    recording.audio.storage.delete(str(recording.audio.name))
    work()
    assert now(recording).transcript_state == TranscriptState.FAILED
    assert google[0] == []


def test_switched_off_meanwhile_nothing_is_sent(
    keep: Keep,
    google: tuple[list[dict[str, Any]], list[Answer | Exception]],
    way: Callable[[str], None],
) -> None:
    recording = keep()
    way("off")
    work()
    assert google[0] == []
    assert now(recording).transcript_state == TranscriptState.NONE


@pytest.mark.skipif(not speech.can_hear("en-US"), reason="PocketSphinx is not installed")
def test_here_it_is_understood_by_the_real_recogniser(
    keep: Keep, way: Callable[[str], None]
) -> None:
    way("here")
    said = speech.speak("Please call me back about the appointment on Thursday morning.")
    recording = keep(said)
    work()
    found = now(recording)
    assert found.transcript_state == TranscriptState.DONE
    words = set(found.transcript.split())
    assert len({"call", "me", "back", "appointment", "thursday", "morning"} & words) >= 2
