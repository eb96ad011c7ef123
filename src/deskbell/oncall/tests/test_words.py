"""What activities say."""

from __future__ import annotations

import pytest

from deskbell.oncall import words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (20, "20 s"),
        (60, "1 minute"),
        (90, "90 s"),
        (600, "10 minutes"),
        (3600, "1 hour"),
        (7200, "2 hours"),
        (5400, "90 minutes"),
    ],
)
def test_durations(seconds: int, said: str) -> None:
    assert words.duration(seconds) == said


def test_ways_read_well_inside_a_sentence() -> None:
    ways = [words.way(label, "Bob") for label in ("Email", "SMS", "External API", "fax")]
    assert words.attempt(2, "Weekday", ways) == (
        "Attempt 2 on Weekday: email to Bob, SMS to Bob, external API to Bob, fax to Bob"
    )
