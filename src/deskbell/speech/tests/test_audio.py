from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskbell import speech
from deskbell.foundation.errors import InvalidInput
from deskbell.speech.audio import RATE, from_alaw, from_pcm, resample
from deskbell.speech.loudness import level, trim

ALL_PCM = struct.pack("<65536h", *range(-32768, 32768))


def pcm_values(pcm: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(pcm) // 2}h", pcm)


# Source: ITU-T G.711, tables 1 and 2 (on the scale of 16 bits).
def test_mulaw_means_what_the_standard_says() -> None:
    assert pcm_values(speech.from_mulaw(b"\x00\x80\xff\x7f\xfe\x7e\x8f")) == (
        -32124, 32124, 0, 0, 8, -8, 16764,
    )  # fmt: skip


def test_alaw_means_what_the_standard_says() -> None:
    codes = b"\xd5\x55\xd4\x2a\xaa\xa5"
    assert pcm_values(from_alaw(codes)) == (8, -8, 24, -32256, 32256, 16896)


def test_mulaw_there_and_back_is_off_by_half_a_step_at_most() -> None:
    back = pcm_values(speech.from_mulaw(speech.to_mulaw(ALL_PCM)))

    for given_value, heard in zip(range(-32768, 32768), back, strict=True):
        # Steps double each segment, from 8 to 1024; above the last code's value all is clipped.
        magnitude = min(abs(given_value), 32635)
        step = 1 << ((magnitude + 132).bit_length() - 5)
        assert abs(abs(heard) - magnitude) <= step // 2
        assert heard * given_value >= 0


def test_every_mulaw_byte_survives_but_the_second_zero() -> None:
    every = bytes(range(256))

    assert speech.to_mulaw(speech.from_mulaw(every)) == every.replace(b"\x7f", b"\xff")


def test_half_a_sample_is_refused() -> None:
    with pytest.raises(InvalidInput, match="3 bytes"):
        speech.to_mulaw(b"abc")


def test_nothing_stays_nothing() -> None:
    nothing = from_pcm(b"")

    assert speech.to_mulaw(b"") == speech.from_mulaw(b"") == b""
    assert trim(nothing).size == level(nothing).size == resample(nothing, 22050).size == 0


@settings(deadline=None)
@given(st.binary(max_size=4000))
def test_levelling_any_sound_keeps_it_within_bounds(content: bytes) -> None:
    samples = trim(from_pcm(content[: len(content) // 2 * 2]))

    assert abs(level(samples)).max(initial=0) <= 0.8


def test_silence_around_a_tone_is_trimmed_and_inside_is_kept() -> None:
    tone = struct.pack("<800h", *([9000, -9000] * 400))
    silence = bytes(2 * RATE)

    kept = trim(from_pcm(silence + tone + silence + tone + silence))

    assert 1.2 <= kept.size / RATE <= 1.3
