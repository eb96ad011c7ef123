"""Codes of RFC 6238, once each, clocks that are off, and how long guessing has to wait."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from deskbell.portal.mfa.rules import Seen, code_of, locked_until, look_at, step_at, words_of

# RFC 6238, appendix B; our codes are the last six of its eight digits.
SECRET = base64.b32encode(b"12345678901234567890").decode()
AT = datetime(2026, 3, 4, 15, 0, 15, tzinfo=UTC)
STEP = step_at(AT)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert code_of(SECRET, step_at(datetime.fromtimestamp(seconds, UTC))) == code


@pytest.mark.parametrize("off", [-1, 0, 1])
def test_a_code_counts_half_a_minute_early_and_late(off: int) -> None:
    assert look_at(code_of(SECRET, STEP + off), SECRET, AT).counts


@pytest.mark.parametrize("off", [-20, -3, -2, 2, 3, 20])
def test_a_clock_that_is_further_off_is_told(off: int) -> None:
    seen = look_at(code_of(SECRET, STEP + off), SECRET, AT)
    assert not seen.counts
    assert "The clock of your authenticator app" in words_of(seen)
    assert ("behind" if off < 0 else "ahead") in words_of(seen)


def test_a_clock_that_is_ninety_seconds_off_is_told_by_how_much() -> None:
    assert "about 90 seconds behind" in words_of(look_at(code_of(SECRET, STEP - 3), SECRET, AT))
    assert "about 90 seconds ahead" in words_of(look_at(code_of(SECRET, STEP + 3), SECRET, AT))
    assert "about 5 minutes" in words_of(look_at(code_of(SECRET, STEP + 10), SECRET, AT))


def test_a_code_of_eleven_minutes_ago_is_just_wrong() -> None:
    seen = look_at(code_of(SECRET, STEP - 22), SECRET, AT)
    assert seen == Seen()
    assert "clock" not in words_of(seen)


def test_nothing_counts_after_a_newer_code_did() -> None:
    for off in (-1, 0, 1):
        seen = look_at(code_of(SECRET, STEP + off), SECRET, AT, last=STEP + 1)
        assert not seen.counts
        assert "used already" in words_of(seen)


def test_a_code_that_was_told_too_early_never_counts() -> None:
    later = AT + timedelta(seconds=90)
    assert look_at(code_of(SECRET, STEP + 3), SECRET, later).counts
    assert not look_at(code_of(SECRET, STEP + 3), SECRET, later, burned=[STEP + 3]).counts


def test_ten_guesses_are_free_and_then_each_waits() -> None:
    assert locked_until(0, None) is None
    assert locked_until(9, AT) is None
    waits = [locked_until(wrong, AT) for wrong in (10, 11, 12, 500)]
    assert waits == [AT + timedelta(minutes=minutes) for minutes in (15, 30, 60, 60)]
