"""Five wrong passwords within five minutes lock for fifteen; nobody fills the memory with them."""

from __future__ import annotations

import logging

import pytest

from deskbell.voice.signalling import lockout
from deskbell.voice.signalling.lockout import Lockout


class Clock:
    """Seconds, moved by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_fifth_wrong_answer_locks_for_a_quarter_of_an_hour(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    clock = Clock()
    kept = Lockout(now=clock)
    for _ in range(4):
        kept.wrong("address", "192.0.2.1")
    assert not kept.is_locked("address", "192.0.2.1")
    kept.wrong("address", "192.0.2.1")
    assert kept.is_locked("address", "192.0.2.1")
    assert "192.0.2.1 is locked out for 15 minutes" in caplog.text
    assert not kept.is_locked("address", "192.0.2.2")
    assert not kept.is_locked("name", "192.0.2.1")
    clock.now += 899
    assert kept.is_locked("address", "192.0.2.1")
    clock.now += 1
    assert not kept.is_locked("address", "192.0.2.1")


def test_slow_mistakes_are_forgiven() -> None:
    clock = Clock()
    kept = Lockout(now=clock)
    for _ in range(50):
        kept.wrong("name", "alice")
        clock.now += 76
    assert not kept.is_locked("name", "alice")


def test_the_addresses_of_one_customer_count_as_one() -> None:
    kept = Lockout()
    for number in range(5):
        kept.wrong("address", f"2001:db8:1:2::{number}")
    assert kept.is_locked("address", "2001:db8:1:2:ffff::1")
    assert not kept.is_locked("address", "2001:db8:1:3::1")
    kept.wrong("address", "no:address")


def test_a_flood_of_names_and_addresses_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lockout, "MOST_KEPT", 100)
    kept = Lockout()
    for number in range(5000):
        kept.wrong("address", f"10.0.{number % 250}.{number // 250}")
        for _ in range(5):
            kept.wrong("name", f"name{number}")
    assert kept.size <= 200
    assert kept.locked <= 100
