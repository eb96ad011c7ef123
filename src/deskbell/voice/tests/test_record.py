"""Recordings: nothing that a caller said may get lost, and nothing unsaid may become a message."""

from __future__ import annotations

import asyncio
import errno
import io
import wave
from pathlib import Path

import pytest

from deskbell import speech
from deskbell.voice import recordings, spool
from deskbell.voice.media.g711 import to_linear
from deskbell.voice.tests.stage import (
    NUMBER,
    WebSide,
    free_port,
    noise,
    recordings_left,
    response,
    spoken,
    staged,
    until,
)
from deskbell.voice.verbs.transcribing import pieces

VOICE = noise("a caller", 0.8)


def sound_of(content: bytes) -> bytes:
    """The samples of a WAV file, which must be what the contract says."""
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 8000)
        samples: bytes = file.readframes(file.getnframes())
        return samples


def test_a_recording_is_uploaded_and_its_action_asked(tmp_path: Path) -> None:
    async def play() -> None:
        verbs = '<Record action="/done" finishOnKey="#" timeout="5"/>'
        async with staged(tmp_path, verbs) as stage:
            stage.web.pages["/done"] = response("<Say>Thank you</Say>")
            call = await stage.phone.call(NUMBER)
            await call.hears(stage.gateway.sounds.beep)
            call.speak(b"\xff" * 1600 + VOICE)
            await call.spoken()
            call.press("#")
            told = await stage.web.gets("/done")
            sid = told["RecordingSid"]
            assert told["Digits"] == "#"
            assert told["RecordingUrl"] == f"{stage.web.url}/voice/recordings/{sid}"
            assert told["RecordingDuration"] == "1"
            assert told["CallStatus"] == "in-progress"
            assert to_linear(VOICE, "PCMU") in sound_of(stage.web.recordings[sid])
            assert stage.web.of("/recording")[0]["CallSid"] == told["CallSid"]
            await call.hears(spoken("Thank you"))
            await call.ended()
            await stage.web.gets("/voice/status")
        assert recordings_left(tmp_path) == []

    asyncio.run(play())


def test_a_caller_who_hangs_up_while_recording(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, '<Record action="/done" playBeep="false"/>') as stage:
            stage.web.pages["/done"] = response("<Say>Never heard</Say>")
            call = await stage.phone.call(NUMBER)
            call.speak(VOICE)
            await call.spoken()
            call.hang_up()
            told = await stage.web.gets("/done")
            assert told["Digits"] == "hangup"
            assert told["CallStatus"] == "completed"
            assert told["RecordingSid"] in stage.web.recordings

    asyncio.run(play())


def test_silence_is_no_recording(tmp_path: Path) -> None:
    async def play() -> None:
        verbs = '<Record action="/done" timeout="1"/><Say>We heard nothing</Say>'
        async with staged(tmp_path, verbs) as stage:
            call = await stage.phone.call(NUMBER)
            await call.hears(spoken("We heard nothing"))
            await call.ended()
            await stage.web.gets("/voice/status")
            assert stage.web.of("/done") == []
            assert stage.web.recordings == {}
        assert recordings_left(tmp_path) == []

    asyncio.run(play())


def test_a_key_by_info_ends_the_recording(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, '<Record action="/done" playBeep="false"/>') as stage:
            stage.web.pages["/done"] = response("<Hangup/>")
            call = await stage.phone.call(NUMBER)
            call.speak(VOICE)
            await call.spoken()
            await call.send("INFO", body="1", kind="application/dtmf")
            assert (await stage.web.gets("/done"))["Digits"] == "1"

    asyncio.run(play())


def test_a_web_side_that_is_away_gets_it_later(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, '<Record action="/done" playBeep="false"/>') as stage:
            call = await stage.phone.call(NUMBER)
            call.speak(VOICE)
            await call.spoken()
            await stage.web.stop()
            call.hang_up()
            await until(lambda: stage.health["spooled"] >= 3)  # recording, action, status
            stage.web.pages["/done"] = 204
            await stage.web.start()
            told = await stage.web.gets("/done")
            assert told["Digits"] == "hangup"
            await stage.web.gets("/voice/status")
            await stage.web.gets("/recording")
            assert told["RecordingSid"] in stage.web.recordings

    asyncio.run(play())


def test_the_next_gateway_delivers_what_the_last_one_could_not(tmp_path: Path) -> None:
    async def play() -> None:
        web = WebSide(free_port())
        async with staged(tmp_path, '<Record action="/done" playBeep="false"/>', web=web) as stage:
            call = await stage.phone.call(NUMBER)
            call.speak(VOICE)
            await call.spoken()
            await web.stop()
            call.hang_up()
            await until(lambda: stage.health["spooled"] >= 3)  # recording, action, status
        web.pages["/done"] = 204
        async with staged(tmp_path, web=web):
            told = await web.gets("/done")
            await web.gets("/voice/status")
            await web.gets("/recording")
            assert web.recordings.keys() == {told["RecordingSid"]}

    asyncio.run(play())


def test_a_refused_recording_is_put_aside_and_not_sent_again(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, '<Record action="/done" playBeep="false"/>') as stage:
            stage.web.recordings_answer = 404
            stage.web.pages["/done"] = response("<Hangup/>")
            call = await stage.phone.call(NUMBER)
            call.speak(VOICE)
            await call.spoken()
            call.press("1")
            sid = (await stage.web.gets("/done"))["RecordingSid"]
            await call.ended()
            await stage.web.gets("/voice/status")
        assert recordings_left(tmp_path) == [f"{sid}.wav"]

    asyncio.run(play())


def test_the_recordings_own_callback_hears_of_begin_and_end(tmp_path: Path) -> None:
    async def play() -> None:
        verbs = (
            '<Record action="/done" playBeep="false" recordingStatusCallback="/kept"'
            ' recordingStatusCallbackEvent="in-progress completed absent"/>'
        )
        async with staged(tmp_path, verbs) as stage:
            stage.web.pages |= {"/done": response("<Hangup/>"), "/kept": 204}
            call = await stage.phone.call(NUMBER)
            await stage.web.gets("/kept")
            call.speak(VOICE)
            await call.spoken()
            call.press("1")
            sid = (await stage.web.gets("/done"))["RecordingSid"]
            done = await stage.web.gets("/kept", times=2)
            began = stage.web.of("/kept")[0]
            assert (began["RecordingStatus"], done["RecordingStatus"]) == (
                "in-progress",
                "completed",
            )
            assert began["RecordingSid"] == done["RecordingSid"] == sid
            assert done["RecordingDuration"] == "1"
            assert done["RecordingSource"] == "RecordVerb"
            assert sid in stage.web.recordings

    asyncio.run(play())


def test_silence_is_absent_and_what_is_refused_has_failed(tmp_path: Path) -> None:
    async def play() -> None:
        verbs = (
            '<Record action="/done" playBeep="false" timeout="1" recordingStatusCallback="/kept"'
            ' recordingStatusCallbackEvent="absent,failed"/>'
        )
        async with staged(tmp_path, verbs * 2) as stage:
            stage.web.pages |= {"/done": response("<Hangup/>"), "/kept": 204}
            stage.web.recordings_answer = 404
            call = await stage.phone.call(NUMBER)
            assert (await stage.web.gets("/kept"))["RecordingStatus"] == "absent"
            call.speak(VOICE)
            await call.spoken()
            call.press("1")
            assert (await stage.web.gets("/kept", times=2))["RecordingStatus"] == "failed"

    asyncio.run(play())


def test_silence_is_trimmed_where_that_is_asked_for(tmp_path: Path) -> None:
    async def play() -> None:
        verbs = '<Record action="/done" playBeep="false" trim="trim-silence"/>'
        async with staged(tmp_path, verbs) as stage:
            stage.web.pages["/done"] = response("<Hangup/>")
            call = await stage.phone.call(NUMBER)
            call.speak(b"\xff" * 8000 * 2 + VOICE)
            await call.spoken()
            call.press("1")
            sid = (await stage.web.gets("/done"))["RecordingSid"]
            assert len(sound_of(stage.web.recordings[sid])) < 2 * 8000 * 2

    asyncio.run(play())


@pytest.mark.timeout(180)
def test_what_was_said_is_told_as_text(tmp_path: Path) -> None:
    async def play() -> None:
        verbs = (
            '<Record action="/done" playBeep="false" transcribe="true" transcribeCallback="/text"/>'
        )
        voice = await asyncio.to_thread(
            speech.speak_mulaw, "please call me back tomorrow", language="en", voice="man"
        )
        async with staged(tmp_path, verbs) as stage:
            stage.web.pages |= {"/done": response("<Hangup/>"), "/text": 204}
            call = await stage.phone.call(NUMBER)
            call.speak(voice)
            await call.spoken()
            call.press("1")
            sid = (await stage.web.gets("/done", within=30))["RecordingSid"]
            told = await stage.web.gets("/text", within=90)
            assert told["RecordingSid"] == sid
            assert told["TranscriptionSid"].startswith("TR")
            assert told["TranscriptionStatus"] == "completed"
            assert "call me back" in told["TranscriptionText"]

    asyncio.run(play())


def test_a_long_recording_is_understood_in_pieces_that_end_where_it_is_quiet() -> None:
    loud, quiet = noise("loud", 1.0), b"\xff" * 800
    pcm = to_linear((loud * 8 + quiet) * 3, "PCMU")
    found = list(pieces(pcm))
    assert b"".join(found) == pcm
    assert [round(len(piece) / 16_000, 1) for piece in found] == [8.0, 8.1, 8.2]


def test_a_disk_without_room_for_notes_delivers_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _content: bytes) -> None:
        raise OSError(errno.ENOSPC, "the disk is full")

    async def play() -> None:
        async with staged(tmp_path, '<Record action="/done" playBeep="false"/>') as stage:
            monkeypatch.setattr(recordings, "write_whole", full)
            monkeypatch.setattr(spool, "write_whole", full)
            stage.web.pages["/done"] = response("<Say>Thank you</Say>")
            call = await stage.phone.call(NUMBER)
            call.speak(VOICE)
            await call.spoken()
            call.press("1")
            assert (await stage.web.gets("/done"))["RecordingSid"] in stage.web.recordings
            await call.hears(spoken("Thank you"))
            await call.ended()
            await stage.web.gets("/voice/status")
        assert recordings_left(tmp_path) == []

    asyncio.run(play())
