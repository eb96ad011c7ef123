"""WAV files that are mended and trimmed, with one channel and with two."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from deskbell.voice.media.g711 import to_linear
from deskbell.voice.tests.stage import noise
from deskbell.voice.trimming import mend_wav, trim_wav

VOICE = to_linear(noise("a voice", 1.0), "PCMU")


def written(path: Path, samples: bytes, channels: int) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(samples)
    return path


def frames(path: Path) -> int:
    with wave.open(str(path)) as file:
        count: int = file.getnframes()
        return count


@pytest.mark.parametrize("channels", [1, 2])
def test_silence_at_both_ends_is_cut_off(tmp_path: Path, channels: int) -> None:
    silence = bytes(2 * channels * 8000 * 2)
    path = written(tmp_path / "a.wav", silence + VOICE * channels + silence, channels)
    seconds = trim_wav(path)
    assert seconds == pytest.approx(1.4, abs=0.03)
    assert frames(path) == round(seconds * 8000)
    assert [each.name for each in tmp_path.iterdir()] == ["a.wav"]


def test_nothing_but_silence_stays_as_it_is(tmp_path: Path) -> None:
    path = written(tmp_path / "a.wav", bytes(32_000), 1)
    assert trim_wav(path) == 2.0
    assert frames(path) == 16_000


def test_an_empty_file_is_no_trouble(tmp_path: Path) -> None:
    assert trim_wav(written(tmp_path / "a.wav", b"", 1)) == 0.0


@pytest.mark.parametrize("channels", [1, 2])
def test_a_file_that_was_cut_short_is_whole_again(tmp_path: Path, channels: int) -> None:
    path = written(tmp_path / "a.wav", VOICE * channels, channels)
    with path.open("ab") as file:
        file.write(bytes(8000 * 2 * channels + 1))
    assert mend_wav(path) == 2.0
    assert frames(path) == 16_000
