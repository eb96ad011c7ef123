"""Speech is heard over noise; noise, hum and clicks are not speech."""

from __future__ import annotations

import math
import random

import pytest

from deskbell.voice.media.g711 import ALAW_OF_MULAW, Law, to_linear
from deskbell.voice.media.loudness import Ear, level

_CODE_OF = sorted(
    (int.from_bytes(to_linear(bytes([b]), "PCMU"), "little", signed=True), b) for b in range(256)
)


def coded(samples: list[float]) -> bytes:
    """µ-law, nearest code for each sample."""
    return bytes(min(_CODE_OF, key=lambda pair: abs(pair[0] - sample))[1] for sample in samples)


def noise(size: float, seed: int) -> bytes:
    chance = random.Random(seed)
    return coded([chance.gauss(0, size) for _ in range(160)])


def tone(size: float) -> bytes:
    return coded([size * math.sin(2 * math.pi * 440 * n / 8000) for n in range(160)])


def voiced(packets: list[bytes], codec: Law = "PCMU") -> int:
    ear = Ear()
    return sum(ear.hears_voice(packet, codec) for packet in packets)


HISS, HUM, SPEECH, SHOUT = noise(30, 1), noise(300, 2), tone(2500), tone(20000)


@pytest.mark.parametrize("codec", ["PCMU", "PCMA"])
def test_level_grows_with_loudness(codec: Law) -> None:
    sounds = [b"\xff" * 160, HISS, HUM, SPEECH, SHOUT]
    if codec == "PCMA":
        sounds = [sound.translate(ALAW_OF_MULAW) for sound in sounds]
    levels = [level(sound, codec) for sound in sounds]
    assert levels == sorted(levels)
    assert levels[0] < 2
    assert levels[-1] > 90
    assert level(b"", codec) == 0


def test_silence_and_comfort_noise_are_no_voice() -> None:
    assert voiced([b"\xff" * 160] * 100) == 0
    assert voiced([noise(30, seed) for seed in range(50)]) == 0


def test_speech_is_voice() -> None:
    assert voiced([b"\xff" * 160] * 10 + [SPEECH] * 50) == 49


def test_speech_over_a_humming_line_is_voice_and_the_hum_is_not() -> None:
    ear = Ear()
    hums = [noise(300, seed) for seed in range(7)]
    humming = [ear.hears_voice(hums[number % 7], "PCMU") for number in range(500)]
    assert not any(humming[-50:])
    assert sum(ear.hears_voice(SPEECH, "PCMU") for _ in range(20)) >= 19


def test_a_loud_tone_never_becomes_noise() -> None:
    assert voiced([SHOUT] * 2000) == 1999


def test_a_click_is_no_voice() -> None:
    assert voiced(([b"\xff" * 160] * 10 + [SHOUT]) * 10) == 0
