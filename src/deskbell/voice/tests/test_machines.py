"""Answering machines are told from people, and a message is left when the greeting is over."""

from __future__ import annotations

import functools
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskbell import speech
from deskbell.voice.machines import MachineEar, Verdict, tone_of

GREETING = (
    "Hi, you have reached the voice mail of the plumbers on Main Street. We are not here "
    "right now. Please leave a message after the tone, and we will call you back."
)


@functools.cache
def says(text: str, voice: str = "man") -> bytes:
    return speech.speak_mulaw(text, language="en-GB", voice=voice)


def silence(seconds: float) -> bytes:
    return b"\xff" * round(8000 * seconds)


def tone(hertz: float, seconds: float, *, noise: float = 0.0, volume: float = 0.3) -> bytes:
    at = np.arange(round(8000 * seconds)) / 8000
    samples = volume * np.sin(2 * np.pi * hertz * at)
    samples += noise * np.random.default_rng(3).standard_normal(len(at))
    return speech.to_mulaw((32767 * samples.clip(-1, 1)).astype("<i2").tobytes())


def noisy(audio: bytes, *, volume: float = 0.004) -> bytes:
    pcm = np.frombuffer(speech.from_mulaw(audio), dtype="<i2").astype(np.float64)
    pcm += 32767 * volume * np.random.default_rng(4).standard_normal(len(pcm))
    return speech.to_mulaw(pcm.clip(-32768, 32767).astype("<i2").tobytes())


def verdict_on(audio: bytes, **options: object) -> tuple[Verdict | None, float]:
    """The verdict, and after how many seconds of the audio it came."""
    verdicts: list[Verdict] = []
    ear = MachineEar(verdicts.append, **options)  # type: ignore[arg-type]  # a test's shorthand
    for begin in range(0, len(audio), 160):
        ear.hear(audio[begin : begin + 160])
        if verdicts:
            return verdicts[0], begin / 8000
    return None, len(audio) / 8000


@pytest.mark.parametrize("voice", ["man", "woman"])
@pytest.mark.parametrize("text", ["Hello?", "Good morning, Acme Plumbing.", "Yes, who is it?"])
@pytest.mark.parametrize("until_end", [False, True])
def test_a_person_says_a_word_or_two_and_waits(text: str, voice: str, until_end: bool) -> None:
    said = silence(0.6) + says(text, voice)
    verdict, at = verdict_on(noisy(said + silence(4)), until_end=until_end)
    assert verdict == "human"
    assert at < len(said) / 8000 + 1.4


@pytest.mark.parametrize("voice", ["man", "woman"])
def test_a_greeting_is_known_before_it_ends(voice: str) -> None:
    said = silence(0.8) + says(GREETING, voice)
    verdict, at = verdict_on(noisy(said + silence(3)))
    assert verdict == "machine_start"
    assert at < 4.5


@pytest.mark.parametrize("voice", ["man", "woman"])
@pytest.mark.parametrize(("hertz", "seconds"), [(425, 0.2), (1000, 0.4), (1400, 0.3), (2500, 0.5)])
def test_a_message_waits_for_the_end_of_the_beep(voice: str, hertz: float, seconds: float) -> None:
    said = silence(0.5) + says(GREETING, voice) + silence(0.7)
    beep = tone(hertz, seconds)
    verdict, at = verdict_on(noisy(said + beep + silence(3)), until_end=True)
    assert verdict == "machine_end_beep"
    assert (len(said) + len(beep)) / 8000 - 0.05 < at < (len(said) + len(beep)) / 8000 + 0.1


def test_a_machine_without_a_beep_is_over_when_it_is_silent() -> None:
    said = silence(0.5) + says(GREETING)
    verdict, at = verdict_on(noisy(said + silence(4)), until_end=True)
    assert verdict == "machine_end_silence"
    assert at < len(said) / 8000 + 2.6


def test_a_fax_answers_with_its_tone() -> None:
    verdict, at = verdict_on(silence(1) + tone(2100, 3))
    assert (verdict, at < 1.6) == ("fax", True)


def test_who_says_nothing_is_unknown_after_five_seconds() -> None:
    verdict, at = verdict_on(noisy(silence(20)))
    assert verdict == "unknown"
    assert at == pytest.approx(5, abs=0.05)


def test_a_greeting_that_never_ends_is_left_at_the_time_out() -> None:
    verdict, at = verdict_on(says(GREETING) * 4, until_end=True, timeout=12)
    assert verdict == "machine_end_other"
    assert at == pytest.approx(12, abs=0.05)


@pytest.mark.parametrize("hertz", [350, 440, 1000, 2100, 2600])
def test_a_tone_is_one_in_noise_too(hertz: float) -> None:
    assert tone_of(tone(hertz, 0.02, noise=0.01)) == pytest.approx(hertz, abs=25)


def test_speech_and_silence_are_no_beep() -> None:
    said = says(GREETING)
    tones = [tone_of(said[begin : begin + 160]) for begin in range(0, len(said) - 160, 160)]
    longest = run = 0
    for before, now in itertools.pairwise(tones):
        run = run + 1 if now and abs(now - before) < 30 else 0
        longest = max(longest, run)
    assert longest * 0.02 < 0.12
    assert tone_of(silence(0.02)) == 0


@given(st.binary(max_size=4000), st.lists(st.integers(1, 700), min_size=1, max_size=9))
@settings(max_examples=30)
def test_any_noise_in_any_pieces_gives_one_verdict_and_the_same(
    audio: bytes, cuts: list[int]
) -> None:
    audio *= 12
    whole: list[Verdict] = []
    MachineEar(whole.append, silence_timeout=1.0, timeout=2.0).hear(audio)
    pieces: list[Verdict] = []
    ear = MachineEar(pieces.append, silence_timeout=1.0, timeout=2.0)
    begin = turn = 0
    while begin < len(audio):
        size = cuts[turn % len(cuts)]
        ear.hear(audio[begin : begin + size])
        begin, turn = begin + size, turn + 1
    assert pieces == whole
    assert len(whole) <= 1
