"""The picture of a sound shows how loud it is, and nothing else."""

from __future__ import annotations

from deskbell import speech
from deskbell.speech.pictures import BARS, peaks_of


def test_a_waveform_is_of_its_sound_alone() -> None:
    loud = b"\xff\x7f" * 8000
    rising = b"".join(int(n * 4).to_bytes(2, "little") for n in range(8000))
    assert peaks_of(loud) == [1.0] * BARS
    assert peaks_of(rising) == sorted(peaks_of(rising))
    assert peaks_of(b"\x00\x80" * 200) == [1.0] * BARS
    assert len(peaks_of(b"\x00\x00")) == BARS
    assert peaks_of(b"") == [0.0] * BARS
    assert speech.waveform(rising) == speech.waveform(rising)
    assert "style" not in speech.waveform(loud)
