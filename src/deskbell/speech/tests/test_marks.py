"""What marks do to the sound: measured in what the engines here speak."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from deskbell import speech
from deskbell.foundation.errors import InvalidInput

THANKS = "All of our lines are open now"
LONG = f"{THANKS}, and nobody among our callers need wait a moment longer for an answer"
RATE = 8000
VOICES = ("Man", "Woman")  # Piper and eSpeak NG


def spoken(inside: str, *, voice: str = "Man", language: str = "en-US") -> np.ndarray:
    """A Say's SSML as samples between -1 and 1."""
    pcm = speech.speak("unmarked", ssml=f"<speak>{inside}</speak>", voice=voice, language=language)
    return np.frombuffer(pcm, "<i2").astype(np.float64) / 32768


def loudness(samples: np.ndarray) -> float:
    return 20 * float(np.log10(np.sqrt(np.mean(samples**2)) + 1e-9))


def fundamental(samples: np.ndarray) -> float:
    """The median of the voiced frames' pitch in hertz, by autocorrelation."""
    width, shortest, longest = 512, RATE // 400, RATE // 50
    found = []
    for start in range(0, len(samples) - width, 160):
        frame = samples[start : start + width] - samples[start : start + width].mean()
        if np.sqrt(np.mean(frame**2)) < 0.03:
            continue
        likeness = np.correlate(frame, frame, "full")[width - 1 :]
        lag = shortest + int(likeness[shortest:longest].argmax())
        if likeness[lag] > likeness[0] / 2:
            found.append(RATE / lag)
    return float(np.median(found))


def longest_silence(samples: np.ndarray) -> float:
    """Seconds, in steps of 10 ms, in which nothing reaches 45 dB below the loudest."""
    frames = samples[: len(samples) // 80 * 80].reshape(-1, 80)
    levels = np.sqrt(np.mean(frames**2, axis=1))
    quiet = levels <= levels.max() * 10 ** (-45 / 20)
    return max(len(list(run)) for is_quiet, run in itertools.groupby(quiet) if is_quiet) / 100


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("seconds", [0.3, 1.5])
def test_a_break_lasts_as_long_as_it_says(voice: str, seconds: float) -> None:
    sound = spoken(f"Hello<break time='{seconds}s'/>goodbye", voice=voice)
    assert longest_silence(sound) == pytest.approx(seconds, abs=0.03)


def test_breaks_alone_and_at_the_edges_are_exact() -> None:
    assert len(spoken("<break time='1s'/>")) == RATE
    sound = spoken(f"<break time='2s'/>{THANKS}<break time='1s'/>")
    assert not sound[: int(1.9 * RATE)].any()
    assert not sound[-int(0.9 * RATE) :].any()
    assert sound[2 * RATE : -RATE].any()


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("percent", [60, 80, 160])
def test_rate_changes_the_length_as_it_says(voice: str, percent: int) -> None:
    usual = spoken(LONG, voice=voice)
    changed = spoken(f"<prosody rate='{percent}%'>{LONG}</prosody>", voice=voice)
    assert len(usual) / len(changed) == pytest.approx(percent / 100, rel=0.12)


@pytest.mark.parametrize("voice", VOICES)
def test_volume_changes_the_level_by_so_many_decibels(voice: str) -> None:
    soft, usual, loud = (
        spoken(f"<prosody volume='{volume}'>{THANKS}</prosody>", voice=voice)
        for volume in ("-10dB", "medium", "+6dB")
    )
    assert loudness(usual) - loudness(soft) == pytest.approx(10, abs=1.5)
    assert 3.5 < loudness(loud) - loudness(usual) < 7.5
    assert np.abs(loud).max() < 1.0
    assert not spoken(f"<prosody volume='silent'>{THANKS}</prosody>", voice=voice).any()


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("percent", [-20, 25])
def test_pitch_changes_the_fundamental_and_not_the_length(voice: str, percent: int) -> None:
    usual = spoken(LONG, voice=voice)
    changed = spoken(f"<prosody pitch='{percent:+d}%'>{LONG}</prosody>", voice=voice)
    ratio = fundamental(changed) / fundamental(usual)
    assert ratio == pytest.approx(1 + percent / 100, rel=0.06)
    assert len(changed) == pytest.approx(len(usual), rel=0.12)


def test_manners_stand_side_by_side() -> None:
    sound = spoken(f"{THANKS} <prosody volume='-20dB'>{THANKS}</prosody>", voice="Woman")
    half = len(sound) // 2
    assert loudness(sound[:half]) - loudness(sound[half:]) > 12


def test_marks_work_in_every_language() -> None:
    usual = len(spoken("Guten Tag zusammen", language="de-DE"))
    assert len(spoken("<prosody rate='50%'>Guten Tag zusammen</prosody>", language="de")) > usual


def test_a_date_is_heard_in_words() -> None:
    said = spoken("<say-as interpret-as='date'>3/4/2026</say-as>", voice="Woman")
    words = spoken("March fourth, twenty twenty-six", voice="Woman")
    assert np.array_equal(said, words)


@pytest.mark.parametrize("ssml", ["<speak>", "<speak>Hello & <b", "<!DOCTYPE speak>Hello"])
def test_bad_ssml_is_spoken_as_its_text_or_refused_as_empty(ssml: str) -> None:
    if "Hello" in ssml:
        assert len(speech.speak("Hello", ssml=ssml)) > 4000
    else:
        with pytest.raises(InvalidInput):
            speech.speak("Hello", ssml=ssml)


def test_marks_do_not_lift_the_bound_on_text() -> None:
    with pytest.raises(InvalidInput, match="5000 can be spoken"):
        speech.speak("x", ssml="<speak>" + "<s>hello there</s>" * 180 + "word " * 900 + "</speak>")
