"""Lengths of time as people read them."""

from __future__ import annotations

import pytest

from deskbell.foundation.durations import in_words, on_clock


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (20, "20 s"),
        (60, "1 minute"),
        (90, "90 s"),
        (120, "2 minutes"),
        (137.4, "2 minutes"),
        (900, "15 minutes"),
        (3600, "1 hour"),
        (5400, "90 minutes"),
        (7200, "2 hours"),
        (86400, "24 hours"),
    ],
)
def test_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


@pytest.mark.parametrize(("seconds", "shown"), [(0.2, "0:00"), (7.4, "0:07"), (750, "12:30")])
def test_on_clock(seconds: float, shown: str) -> None:
    assert on_clock(seconds) == shown
