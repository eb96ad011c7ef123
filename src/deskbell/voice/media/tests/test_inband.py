"""Keys as tones: clean ones, bad ones, and speech, which must never be taken for any."""

from __future__ import annotations

import shutil
import subprocess

import numpy as np
import pytest
from numpy.typing import NDArray

from deskbell.voice.media import Digit, Played
from deskbell.voice.media.g711 import ALAW_OF_MULAW, mulaw_of_linear
from deskbell.voice.media.inband import ToneReader
from deskbell.voice.media.keys import HIGH, LOW, PAD
from deskbell.voice.media.tests.conftest import Dial

KEYS = "0123456789*#ABCD1122"
WORDS = """Thank you for calling. For sales press one, for support press two, or say the name of the
person that you are calling. Six sick hicks nick six slick bricks with picks and sticks. Mmm. Oh.
Your account number is seven seven four one nine nine two zero. We will call you back at eight
fifteen on Wednesday. How much wood would a woodchuck chuck? La la la la, see you, who are you?"""


def keys_in(wave: NDArray[np.float64], *, law: str = "PCMU", packet: int = 160) -> str:
    audio = mulaw_of_linear(np.clip(wave, -32768, 32767).astype(np.int16))
    keys: list[str] = []
    reader = ToneReader(keys.append)
    for begin in range(0, len(audio), packet):
        piece = audio[begin : begin + packet]
        if law == "PCMA":
            reader.hear(piece.translate(ALAW_OF_MULAW), came_as="PCMA", timestamp=0, now=0)
        else:
            reader.hear(piece, came_as="PCMU", timestamp=0, now=0)
    return "".join(keys)


def pressed(
    keys: str = KEYS,
    *,
    ms: float = 60,
    gap: float = 60,
    size: float = 6000,
    twist: float = 0,
    off: float = 0,
    snr: float | None = None,
) -> NDArray[np.float64]:
    """Keys as tones; `twist` in dB that the high tone is louder, `off` in parts of a frequency."""
    chance = np.random.default_rng(7)
    pieces = [np.zeros(333)]
    for key in keys:
        row = next(number for number, line in enumerate(PAD) if key in line)
        at = np.arange(round(ms * 8)) * (2 * np.pi * (1 + off) / 8000)
        begin, other = chance.uniform(0, 2 * np.pi, 2)
        high = size * 10 ** (twist / 20) * np.sin(at * HIGH[PAD[row].index(key)] + other)
        pieces += [
            size * np.sin(at * LOW[row] + begin) + high,
            np.zeros(round(gap * 8) + int(chance.integers(0, 80))),
        ]
    wave = np.concatenate([*pieces, np.zeros(400)])
    if snr is not None:
        wave += chance.standard_normal(len(wave)) * size * 10 ** (-snr / 20)
    return wave


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"ms": 40, "gap": 40},
        {"ms": 500},
        {"size": 700},
        {"size": 16000},
        {"twist": 4},
        {"twist": -8},
        {"off": 0.015},
        {"off": -0.015},
        {"snr": 15},
        {"snr": 10},
    ],
)
def test_keys_that_the_standard_wants_heard(bad: dict[str, float]) -> None:
    assert keys_in(pressed(**bad)) == KEYS  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "bad", [{"ms": 20}, {"ms": 23}, {"size": 60}, {"twist": 14}, {"off": 0.04}, {"off": -0.04}]
)
def test_what_the_standard_wants_ignored(bad: dict[str, float]) -> None:
    assert keys_in(pressed(**bad)) == ""  # type: ignore[arg-type]


def test_a_break_of_10_ms_is_still_one_press() -> None:
    wave = pressed("5", ms=200)
    wave[333 + 800 : 333 + 880] = 0
    assert keys_in(wave) == "5"


def test_one_tone_alone_is_no_key() -> None:
    at = np.arange(8000) * (2 * np.pi / 8000)
    for frequency in (*LOW, *HIGH):
        assert keys_in(8000 * np.sin(at * frequency)) == ""


def test_noise_is_no_key() -> None:
    assert keys_in(np.random.default_rng(3).standard_normal(8000 * 30) * 4000) == ""


@pytest.mark.parametrize(("law", "packet"), [("PCMA", 160), ("PCMU", 80), ("PCMU", 240)])
def test_any_law_and_length_of_packets(law: str, packet: int) -> None:
    assert keys_in(pressed(), law=law, packet=packet) == KEYS


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="needs eSpeak NG (package espeak-ng)")
@pytest.mark.parametrize("voice", ["en", "en+f3", "en-us+m7", "de+f2"])
def test_speech_is_no_key(voice: str) -> None:
    """The talk-off test: about half a minute of speech at each loudness."""
    said = subprocess.run(
        ["espeak-ng", "-v", voice, "-s", "150", "--stdout", WORDS], capture_output=True, check=True
    ).stdout
    wave = np.frombuffer(said[44:], "<i2").astype(np.float64)
    slow = np.interp(np.arange(0, len(wave), 22050 / 8000), np.arange(len(wave)), wave)
    for size in (0.3, 1.0):
        assert keys_in(slow * size) == ""


def test_a_leg_without_events_hears_tones_and_a_leg_with_them_does_not(dial: Dial) -> None:
    wave = mulaw_of_linear(pressed("1").astype(np.int16))
    without, with_events = dial(digits=None), dial()
    for call in (with_events, without):
        call.peer.say(wave[: len(wave) // 160 * 160])
    assert without.next_event() == Digit(without.leg, "1")
    play_id = with_events.leg.play([b"\xff" * 1600])
    assert with_events.next_event() == Played(with_events.leg, play_id)


def test_who_is_muted_may_press_keys(dial: Dial) -> None:
    call = dial(digits=None)
    call.leg.mute(is_muted=True)
    wave = mulaw_of_linear(pressed("9").astype(np.int16))
    call.peer.say(wave[: len(wave) // 160 * 160])
    assert call.next_event() == Digit(call.leg, "9")
