from __future__ import annotations

import math
import struct
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskbell import speech
from deskbell.foundation.errors import InvalidInput
from deskbell.speech.wav import MAX_RATE, MIN_RATE

TONE_SECONDS = 0.5


def pcm_values(pcm: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(pcm) // 2}h", pcm)


def form(code: int = 1, channels: int = 1, rate: int = 8000, bits: int = 16) -> bytes:
    frame = channels * bits // 8
    return struct.pack("<HHIIHH", code, channels, rate, rate * frame, frame, bits)


def chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def wav(*chunks: bytes) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize(
    ("rate", "encoding", "channels"),
    [
        (8000, "signed-integer 16", 1),
        (8000, "signed-integer 16", 2),
        (11025, "unsigned-integer 8", 1),
        (16000, "signed-integer 24", 1),
        (44100, "signed-integer 24", 2),
        (48000, "signed-integer 32", 2),
        (96000, "floating-point 32", 2),
        (44100, "floating-point 64", 1),
        (8000, "mu-law 8", 1),
        (8000, "a-law 8", 1),
        (16000, "a-law 8", 6),
    ],
)
def test_what_people_upload_is_heard_the_same(
    rate: int, encoding: str, channels: int, tmp_path: Path
) -> None:
    kind, bits = encoding.split()
    path = tmp_path / "tone.wav"
    subprocess.run(
        ["sox", "-D", "-n", "-r", str(rate), "-c", str(channels), "-e", kind, "-b", bits, path,
         "synth", str(TONE_SECONDS), "sine", "440", "vol", "0.5"],
        check=True,
    )  # fmt: skip

    values = pcm_values(speech.read_wav(path.read_bytes()))

    assert abs(len(values) / 8000 - TONE_SECONDS) < 0.002
    middle = values[800:-800]
    loudness = math.sqrt(sum(v * v for v in middle) / len(middle))
    assert abs(loudness / (16384 / math.sqrt(2)) - 1) < 0.02
    rises = sum(1 for one, following in pairwise(middle) if one < 0 <= following)
    assert abs(rises / (len(middle) / 8000) - 440) < 5


def test_writing_and_reading_changes_nothing() -> None:
    pcm = struct.pack("<5h", 0, 1, -1, 32767, -32768)

    assert speech.read_wav(speech.write_wav(pcm)) == pcm


def test_channels_are_mixed_and_other_parts_ignored() -> None:
    stereo = struct.pack("<4h", 1000, 3000, -500, 500)
    file = wav(chunk(b"LIST", b"odd"), chunk(b"fmt ", form(channels=2)), chunk(b"data", stereo))

    assert pcm_values(speech.read_wav(file)) == (2000, 0)


def test_the_extensible_form_is_taken() -> None:
    tail = bytes.fromhex("0100000000001000800000aa00389b71")
    extensible = form(code=0xFFFE) + struct.pack("<HHI", 22, 16, 4) + tail
    file = wav(chunk(b"fmt ", extensible), chunk(b"data", b"\x01\x00"))

    assert pcm_values(speech.read_wav(file)) == (1,)


def test_a_long_file_has_no_seams() -> None:
    """More than is decoded at once: as one piece and in parts it is the same sound."""
    rate, seconds = 44_100, 15
    ramp = struct.pack(f"<{rate * seconds}h", *(n % 601 - 300 for n in range(rate * seconds)))
    file = wav(chunk(b"fmt ", form(rate=rate)), chunk(b"data", ramp))

    values = pcm_values(speech.read_wav(file))

    assert abs(len(values) - 8000 * seconds) <= 1
    period = 601 * 8000 / rate  # a saw-tooth has one jump each
    jumps = [n for n, (one, two) in enumerate(pairwise(values)) if two - one < -200]
    assert {round((two - one) / period) for one, two in pairwise(jumps) if two - one > 5} == {1}


GOOD = wav(chunk(b"fmt ", form()), chunk(b"data", bytes(320)))


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "not a WAV file"),
        (b"ID3\x04 an MP3 of somebody", "not a WAV file"),
        (b"RIFX" + GOOD[4:], "not a WAV file"),
        (GOOD[:-1], "cut short"),
        (GOOD[:30], "cut short"),
        (GOOD + bytes(100), "goes on after its end"),
        (GOOD[:40] + b"\xff\xff\xff\x7f" + GOOD[44:], "cut short"),
        (wav(chunk(b"data", bytes(320))), "no format"),
        (wav(chunk(b"fmt ", form()[:14]), chunk(b"data", bytes(2))), "14 bytes"),
        (wav(chunk(b"fmt ", form())), "no sound"),
        (wav(chunk(b"fmt ", form()), chunk(b"data", b"")), "no sound"),
        (wav(chunk(b"fmt ", form()), chunk(b"data", bytes(3))), "whole samples"),
        (wav(chunk(b"fmt ", form(code=0x55)), chunk(b"data", bytes(2))), "format 85"),
        (wav(chunk(b"fmt ", form(code=0xFFFE)), chunk(b"data", bytes(2))), "format 65534"),
        (wav(chunk(b"fmt ", form(bits=12)), chunk(b"data", bytes(2))), "12 bits"),
        (wav(chunk(b"fmt ", form(channels=0)), chunk(b"data", bytes(2))), "contradicts"),
        (wav(chunk(b"fmt ", form(rate=0)), chunk(b"data", bytes(2))), "0 samples a second"),
        (wav(chunk(b"fmt ", form(rate=MIN_RATE - 1)), chunk(b"data", bytes(2))), "3999"),
        (wav(chunk(b"fmt ", form(rate=MAX_RATE + 1)), chunk(b"data", bytes(2))), "384001"),
        (wav(chunk(b"fmt ", form()[:12] + b"\4\0\x10\0"), chunk(b"data", bytes(4))), "contradicts"),
        (
            wav(chunk(b"fmt ", form(code=3, bits=32)), chunk(b"data", struct.pack("<f", math.nan))),
            "no numbers",
        ),
    ],
)
def test_other_files_are_refused_in_words(file: bytes, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        speech.read_wav(file)


def read_or_refused(content: bytes) -> None:
    try:
        pcm = speech.read_wav(content)
    except InvalidInput:
        return
    assert pcm
    assert len(pcm) % 2 == 0


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    read_or_refused(content)


@settings(deadline=None)
@given(
    st.sampled_from([1, 3, 6, 7, 0xFFFE]),
    st.integers(0, 9),
    st.integers(0, 400_000),
    st.sampled_from([8, 16, 24, 32, 64, 12]),
    st.binary(max_size=600),
)
def test_any_sound_under_a_fair_header_is_read_or_refused(
    code: int, channels: int, rate: int, bits: int, data: bytes
) -> None:
    read_or_refused(wav(chunk(b"fmt ", form(code, channels, rate, bits)), chunk(b"data", data)))


@settings(deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=8))
def test_any_damage_is_read_or_refused(at: int, damage: bytes) -> None:
    read_or_refused(GOOD[:at] + damage + GOOD[at + len(damage) :])


@pytest.mark.parametrize(
    ("pcm", "silent"),
    [
        (b"", True),
        (bytes(16_000), True),
        (struct.pack("<8000h", *(n % 2 for n in range(8000))), True),
        (struct.pack("<h", 900) * 8000, True),
        (bytes(3_200_000) + struct.pack("<80h", *(300 * (n % 2) for n in range(80))), False),
        (struct.pack("<8000h", *(n % 200 for n in range(8000))), False),
    ],
    ids=["empty", "zeros", "dither", "offset", "a click at the end", "a hum"],
)
def test_silence_is_what_nobody_hears(pcm: bytes, silent: bool) -> None:
    assert speech.is_silent(pcm) is silent
