"""Calls begin, end and are given up; what the gateway contract tests do not reach."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from pytest_django import Settings

from deskbell import speech
from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.calls import actions, queries
from deskbell.calls.errors import OtherAudio, SidTaken, TooLarge
from deskbell.calls.models import Call, CallStatus, Recording
from deskbell.foundation.errors import InvalidInput, NotFound, OutOfScope
from deskbell.platform.changes import version_of
from deskbell.platform.tenancy import account_scope, system_scope

SID = "CA" + "1" * 32


def begin(account: Account, at: datetime, number: PhoneNumber | None = None) -> Call:
    return actions.begin(
        account_id=account.pk,
        sid=SID,
        number=number,
        caller_id="+1" * 60,
        caller_name="J" * 300,
        dialled="2" * 100,
        at=at,
    )


def end(at: datetime, **changes: object) -> None:
    values: dict[str, object] = {"status": "completed", "seconds": 30, "who": "caller"}
    actions.end(sid=SID, at=at, quality={}, **(values | changes))  # type: ignore[arg-type]


def test_a_call_begins_once(acme: Account, acme_number: PhoneNumber, at: datetime) -> None:
    with account_scope(acme.pk):
        first = begin(acme, at, acme_number)
        assert begin(acme, at + timedelta(seconds=5), acme_number) == first
        assert queries.one(SID).started_at == at
        assert queries.newest().get().phone_number == acme_number
        assert len(first.caller_id) == 64


def test_a_sid_is_one_accounts(acme: Account, other: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        begin(acme, at)
    with account_scope(other.pk):
        with pytest.raises(SidTaken):
            begin(other, at)
        with pytest.raises(NotFound):
            queries.one(SID)
        with pytest.raises(OutOfScope):
            begin(acme, at)
    assert queries.account_of(SID) == acme.pk


def test_the_end_raises_the_version_of_what_pages_show(acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        begin(acme, at)
        before = version_of(acme.pk)
        end(at + timedelta(seconds=30))
        assert version_of(acme.pk) > before
        end(at + timedelta(seconds=90), seconds=90)
        assert queries.one(SID).connection_sec == 30


def test_a_clock_that_is_behind_ends_no_call_before_its_start(acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        begin(acme, at)
        end(at - timedelta(minutes=1))
        assert queries.one(SID).ended_at == at


def test_calls_that_nobody_ends_are_given_up(acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        begin(acme, at)
    with system_scope("a test"):
        assert actions.close_orphans(at=at + timedelta(hours=5)) == 0
        assert actions.close_orphans(at=at + timedelta(hours=6)) == 1
        assert actions.close_orphans(at=at + timedelta(hours=7)) == 0
    with account_scope(acme.pk):
        call = queries.one(SID)
        assert (call.status, call.is_orphaned) == (CallStatus.FAILED, True)


def test_a_gateway_that_comes_back_has_the_last_word(acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        begin(acme, at)
        actions.close_orphans(at=at + timedelta(hours=6))
        end(at + timedelta(hours=7), seconds=7 * 3600)
        call = queries.one(SID)
        assert (call.status, call.is_orphaned) == (CallStatus.COMPLETED, False)
        assert (call.ended_at, call.connection_sec) == (at + timedelta(hours=7), 7 * 3600)
        end(at + timedelta(hours=8), seconds=8 * 3600)
        assert queries.one(SID).connection_sec == 7 * 3600


def test_each_recording_leaves_one_file(
    acme: Account, at: datetime, settings: Settings, tmp_path: Path
) -> None:
    storage = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    one, other = (speech.write_wav(level * 800) for level in (b"\x00\x10", b"\x00\x20"))
    first, second = "RE" + "1" * 32, "RE" + "2" * 32
    with account_scope(acme.pk):
        begin(acme, at)
        keep = partial(actions.keep_recording, call_sid=SID, seconds=9, at=at)
        for sid, wavs in ((first, (None, one, one)), (second, (one, None))):
            for wav in wavs:
                keep(sid=sid, wav=wav)
            assert (queries.recording(sid).seconds, queries.has_audio(sid, "")) == (0.1, False)
        with pytest.raises(OtherAudio):
            keep(sid=first, wav=other)
        with pytest.raises(InvalidInput):
            keep(sid="RE" + "3" * 32, wav=one[:50])
        files = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
        assert files == [f"{first}.wav", f"{second}.wav"]
        with queries.recording(first).audio.open() as audio:
            assert audio.read() == one


def test_what_was_removed_stays_removed_when_a_gateway_sends_it_again(
    acme: Account, at: datetime, settings: Settings, tmp_path: Path
) -> None:
    storage = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    wav, sid = speech.write_wav(b"\x00\x10" * 800), "RE" + "1" * 32
    with account_scope(acme.pk):
        begin(acme, at)
        keep = partial(actions.keep_recording, sid=sid, call_sid=SID, seconds=9, at=at)
        kept = keep(wav=wav)
        actions.keep_piece(sid=sid, call_sid=SID, offset=0, size=99, piece=b"RIFF", at=at)
        assert actions.remove_audio(recordings=[kept], at=at) == 1
        assert actions.remove_audio(recordings=[kept], at=at + timedelta(days=1)) == 0
        assert queries.received(sid) == 0
        again = keep(wav=wav)
        assert (again.audio.name, again.removed_at, again.seconds) == ("", at, 0.1)
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
        assert not queries.recordings().exists()


def test_recordings_have_a_limit_and_a_call(acme: Account, at: datetime) -> None:
    sid = "RE" + "1" * 32
    with account_scope(acme.pk):
        with pytest.raises(NotFound):
            actions.keep_recording(sid=sid, call_sid=SID, wav=None, seconds=1, at=at)
        begin(acme, at)
        with pytest.raises(TooLarge):
            large = bytes(actions.MAX_AUDIO_BYTES + 1)
            actions.keep_recording(sid=sid, call_sid=SID, wav=large, seconds=1, at=at)
        assert not Recording.objects.exists()
        kept = actions.keep_recording(sid=sid, call_sid=SID, wav=None, seconds=-1, at=at)
        assert kept.seconds == 0
        assert queries.recording(sid) == kept
        with pytest.raises(NotFound):
            queries.recording("RE" + "2" * 32)


def test_a_spans_calls_have_its_start_and_not_its_end(acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        call = begin(acme, at)
        assert list(queries.between(at, at + timedelta(days=1))) == [call]
        assert not queries.between(at - timedelta(days=1), at).exists()


def test_a_talk_that_is_over_began_when_its_audio_does(
    acme: Account, rita: User, at: datetime, settings: Settings, tmp_path: Path
) -> None:
    storage = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    wav = speech.write_wav(b"\x00\x10" * 8000 * 5)
    keep = partial(actions.keep_recording, call_sid=SID, wav=wav, seconds=0, is_over=True)
    with account_scope(acme.pk):
        call = begin(acme, at)
        answered = at + timedelta(seconds=10)
        actions.answered_by(call_id=call.pk, user=rita, skill=None, at=answered)
        talk = keep(sid="RE" + "1" * 32, at=at + timedelta(seconds=40))
        assert talk.started_at == at + timedelta(seconds=35)
        early = keep(sid="RE" + "2" * 32, at=at + timedelta(seconds=12))
        assert early.started_at == answered
