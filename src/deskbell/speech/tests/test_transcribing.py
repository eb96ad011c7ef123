"""Where recordings are cut, so that no word is torn and nothing is lost."""

from __future__ import annotations

import numpy as np
import pytest

from deskbell import speech
from deskbell.speech.transcribing import LONGEST_SECONDS, RATE, SHORTEST_SECONDS


def noise(seconds: float) -> bytes:
    chance = np.random.default_rng(1)
    return chance.integers(-9000, 9000, int(seconds * RATE)).astype("<i2").tobytes()


@pytest.mark.parametrize("seconds", [0, 0.1, 1, LONGEST_SECONDS])
def test_what_is_short_is_one_piece(seconds: float) -> None:
    pcm = noise(seconds)
    assert speech.first_piece(pcm) == len(pcm)


def test_it_is_cut_in_a_pause() -> None:
    pcm = noise(33) + bytes(RATE) + noise(60)
    cut = speech.first_piece(pcm) / 2 / RATE
    assert 33 <= cut <= 33.5


def test_without_a_pause_it_is_cut_all_the_same() -> None:
    rest, cuts = noise(200), []
    while rest:
        cuts.append(speech.first_piece(rest))
        rest = rest[cuts[-1] :]
    assert sum(cuts) == 200 * 2 * RATE
    for each in cuts[:-1]:
        assert SHORTEST_SECONDS * 2 * RATE <= each <= LONGEST_SECONDS * 2 * RATE
