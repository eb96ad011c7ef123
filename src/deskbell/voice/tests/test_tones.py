"""What waiting callers hear has to be what it is called, quiet, and without clicks."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from deskbell import speech
from deskbell.voice.tones import RATE, music, ringing, ringing_of


def samples(clip: bytes) -> NDArray[np.float64]:
    return np.frombuffer(speech.from_mulaw(clip), dtype="<i2").astype(float) / 32768


def loudest_hertz(sound: NDArray[np.float64], count: int) -> set[int]:
    spectrum = np.abs(np.fft.rfft(sound))
    hertz = np.fft.rfftfreq(sound.size, 1 / RATE)
    return {round(hertz[place]) for place in np.argsort(spectrum)[-count:]}


@pytest.mark.parametrize(
    ("country", "hertz", "seconds"),
    [
        ("us", {440, 480}, (2, 6)),
        ("de", {425}, (1, 5)),
        ("fr", {440}, (1.5, 5)),
        ("", {440, 480}, (2, 6)),
    ],
)
def test_ringing_is_that_of_the_country(
    country: str, hertz: set[int], seconds: tuple[float, float]
) -> None:
    sound = samples(ringing(country))
    on = round(seconds[0] * RATE)
    assert sound.size == seconds[1] * RATE
    assert loudest_hertz(sound[:on], len(hertz)) == hertz
    assert np.abs(sound[on:]).max() < 0.001


def test_it_rings_twice_in_britain_and_as_at_home_where_nobody_knows() -> None:
    assert ringing_of("UK ").cadence == (0.4, 0.2, 0.4, 2)
    assert ringing_of("us-old") == ringing_of("us") == ringing_of("??")


def test_music_is_quiet_and_its_loop_has_no_seam() -> None:
    sound = samples(music())
    assert sound.size == 12 * RATE
    assert music() is music()
    quiet = np.sqrt(np.mean(sound**2))
    assert 0.01 < quiet < 0.1
    assert np.abs(sound).max() < 0.5
    steps = np.abs(np.diff(sound))
    assert abs(sound[-1] - sound[0]) <= steps.max()
    fifths = sound.reshape(-1, RATE // 5)
    assert np.sqrt(np.mean(fifths**2, axis=1)).min() > 0.002, "no part of it is silent"
