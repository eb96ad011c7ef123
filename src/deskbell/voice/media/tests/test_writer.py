"""WAV files that any player reads, under their name only when whole."""

from __future__ import annotations

import queue
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskbell.voice.media.g711 import to_linear
from deskbell.voice.media.writer import Writer, wav_header


@pytest.fixture
def writer() -> Iterator[Writer]:
    running = Writer()
    running.start()
    yield running
    running.stop()


def finish(writer: Writer, path: Path, *blocks: bytes) -> int:
    done: queue.SimpleQueue[int] = queue.SimpleQueue()
    file = writer.open(path, "PCMU")
    for block in blocks:
        file.write(block)
    file.finish(done.put)
    return done.get(timeout=5)


def test_a_file_is_whole_when_it_is_reported(writer: Writer, tmp_path: Path) -> None:
    path = tmp_path / "message.wav"
    every = bytes(range(256))
    assert finish(writer, path, every, b"\xff" * 144) == 400
    audio = to_linear(every + b"\xff" * 144, "PCMU")
    assert path.read_bytes() == wav_header(400) + audio
    assert list(tmp_path.iterdir()) == [path]


def test_a_recording_of_nothing_is_a_file_of_no_length(writer: Writer, tmp_path: Path) -> None:
    assert finish(writer, tmp_path / "empty.wav") == 0
    assert (tmp_path / "empty.wav").read_bytes() == wav_header(0)


def test_a_disk_that_fails_is_reported_and_others_go_on(writer: Writer, tmp_path: Path) -> None:
    assert finish(writer, tmp_path / "no such folder" / "lost.wav", b"\0" * 160) == 0
    assert finish(writer, tmp_path / "kept.wav", b"\0" * 160) == 160


def test_a_disk_that_fills_up_keeps_what_was_said_before(writer: Writer, tmp_path: Path) -> None:
    path = tmp_path / "message.wav"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, hard))
    try:
        assert finish(writer, path, *[b"\0" * 8000] * 3) == 16_000
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == wav_header(16_000) + to_linear(b"\0" * 16_000, "PCMU")


def test_a_full_disk_leaves_nothing_behind(writer: Writer, tmp_path: Path) -> None:
    (tmp_path / "message.wav.part").symlink_to("/dev/full")
    assert finish(writer, tmp_path / "message.wav", b"\0" * 160) == 0
    assert list(tmp_path.iterdir()) == []


def test_header_is_riff_pcm16_mono_8khz() -> None:
    assert wav_header(400).hex(" ", 4) == (
        "52494646 44030000 57415645 666d7420 10000000 01000100 401f0000 803e0000 02001000"
        " 64617461 20030000"
    )
