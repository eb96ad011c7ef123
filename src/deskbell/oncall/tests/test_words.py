"""What activities say."""

from __future__ import annotations

from deskbell.oncall import words


def test_ways_read_well_inside_a_sentence() -> None:
    ways = [words.way(label, "Bob") for label in ("Email", "SMS", "External API", "fax")]
    assert words.attempt(2, "Weekday", ways) == (
        "Attempt 2 on Weekday: email to Bob, SMS to Bob, external API to Bob, fax to Bob"
    )
