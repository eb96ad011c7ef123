"""Loss and jitter as RFC 3550 counts them."""

from __future__ import annotations

import pytest

from deskbell.voice.media.reception import Reception


@pytest.mark.parametrize(
    ("sequences", "lost"),
    [
        ([1, 2, 3], 0),
        ([1, 4], 2),
        ([1, 3, 2], 0),
        ([65534, 65535, 0, 1], 0),
        ([65534, 1], 2),
        ([7], 0),
        ([], 0),
        ([5, 4, 6], 0),
        ([1, 2, 40000, 40001], 0),
    ],
)
def test_lost_packets(sequences: list[int], lost: int) -> None:
    reception = Reception()
    for sequence in sequences:
        reception.count(1, sequence)
    assert (reception.lost, reception.received) == (lost, len(sequences))


def test_a_new_stream_keeps_the_old_ones_loss() -> None:
    reception = Reception()
    for ssrc, sequence in [(1, 10), (1, 12), (2, 500), (2, 503)]:
        reception.count(ssrc, sequence)
    assert reception.lost == 3


def test_steady_arrival_has_no_jitter() -> None:
    reception = Reception()
    for number in range(50):
        reception.time(number * 160 & 0xFFFFFFFF, 1000 + number * 0.02)
    assert reception.jitter_ms == pytest.approx(0, abs=1e-6)


def test_jitter_nears_the_mean_unevenness() -> None:
    reception = Reception()
    for number in range(400):
        reception.time(number * 160, number * 0.02 + (number % 2) * 0.004)
    assert reception.jitter_ms == pytest.approx(4, rel=0.01)


def test_a_timestamp_that_jumps_is_no_jitter() -> None:
    reception = Reception()
    for number, timestamp in enumerate([0xFFFFFF60, 0, 160, 3_000_000_000, 3_000_000_160]):
        reception.time(timestamp, number * 0.02)
    assert reception.jitter_ms == pytest.approx(0, abs=1e-6)
